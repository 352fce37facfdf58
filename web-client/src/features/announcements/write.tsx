import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { all, api, type Me } from '../../api/client';
import type { AnnouncementCard } from '../../api/schema.gen';
import { Conflict, differences } from '../../ui/parts/conflict';
import { dateOf, endOf } from '../../ui/parts/days';
import { CheckField, SelectField, TextArea, TextField } from '../../ui/parts/field';
import { Form, type FormState, Submit, useForm } from '../../ui/parts/form';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import { t } from './words';

type AudienceWord = 'institution' | 'region' | 'ministry' | 'course' | 'group';

/** Whom somebody may speak to. */
function audiencesOf(me: Me): AudienceWord[] {
  if (!me.roles.administrator) return ['course', 'group'];
  const reach: AudienceWord[] = { region: ['region'], ministry: ['region', 'ministry'] }[me.reach] as AudienceWord[];
  return ['institution', ...(reach ?? []), 'course', 'group'];
}

/** What an announcement says, as the form has it. */
interface Said {
  title: string;
  body: string;
  /** As 2026-11-30, or empty. */
  day: string;
  expires_at: number | null;
}

const ONE = '/api/institutions/{institution}/announcements/{announcement}';

/** An announcement that is to be published. */
export function WriteAnnouncement({ me }: { me: Me }) {
  const { route } = useLocation();
  const audiences = audiencesOf(me);
  const [audience, setAudience] = useState<AudienceWord>(audiences[0] ?? 'course');
  const [target, setTarget] = useState('');
  const [said, setSaid] = useState<Said>({ title: '', body: '', day: '', expires_at: null });
  const [byMail, setByMail] = useState(false);
  const targets = useLoaded((signal) => targetsOf(me, audience, signal), [audience]);
  // A region's own administrators speak to their region.
  const needsTarget =
    audience === 'course' || audience === 'group' || (audience === 'region' && me.reach === 'ministry');
  const form = useForm(
    (idempotencyKey) => {
      const of = needsTarget ? { audience_id: target } : {};
      return api.post('/api/institutions/{institution}/announcements', {
        path: { institution: me.institution },
        body: { audience, ...said, day: said.day || null, by_mail: byMail, ...of },
        idempotencyKey,
      });
    },
    () => route('/announcements'),
  );
  return (
    <AnnouncementPage title={t('announcements.new')}>
      <Form form={form}>
        <div class="form-pair">
          <SelectField
            form={form}
            name="audience"
            label={t('write.audience')}
            value={audience}
            choices={audiences.map((value) => ({ value, word: t(`audience.${value}`) }))}
            onChange={(next) => {
              setAudience(next);
              setTarget('');
            }}
          />
          {needsTarget && (
            <SelectField
              form={form}
              name="audience_id"
              label={t(`target.${audience as 'course'}`)}
              value={target}
              choices={[{ value: '', word: t('write.choose') }, ...(targets.value ?? [])]}
              onChange={setTarget}
            />
          )}
        </div>
        <SaidFields form={form} said={said} onChange={setSaid} />
        <CheckField
          name="by_mail"
          label={t('write.byMail')}
          hint={t('write.byMailHint')}
          checked={byMail}
          onChange={setByMail}
        />
        <div class="form-acts">
          <Submit form={form} word={t('write.publish')} />
        </div>
      </Form>
    </AnnouncementPage>
  );
}

/** An announcement that was published and is to be corrected. */
export function EditAnnouncement({ me, announcement }: { me: Me; announcement: string }) {
  const path = { institution: me.institution, announcement };
  const loaded = useLoaded((signal) => api.read(ONE, { path, signal }), [announcement]);
  const page = loaded.value;
  return (
    <AnnouncementPage title={t('announcements.edit')}>
      {loaded.state === 'failed' && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {page && <Correction key={page.version} path={path} page={page} again={loaded.again} />}
    </AnnouncementPage>
  );
}

interface CorrectionProps {
  path: { institution: string; announcement: string };
  page: { record: AnnouncementCard; version: string };
  again: () => void;
}

function Correction({ path, page, again }: CorrectionProps) {
  const { route } = useLocation();
  const { record, version } = page;
  const [said, setSaid] = useState<Said>({
    title: record.title,
    body: record.body,
    day: record.day ?? '',
    expires_at: record.expires_at ?? null,
  });
  const [theirs, setTheirs] = useState<AnnouncementCard | null>(null);
  const save = (over: string) => api.patch(ONE, { path, version: over, body: { ...said, day: said.day || null } });
  const leave = () => route('/announcements');
  const form = useForm(
    () => save(version),
    leave,
    (problem) => {
      if (problem.code !== 'stale') return false;
      setTheirs(problem.current as AnnouncementCard);
      return true;
    },
  );
  const names = { title: t('write.title'), body: t('write.body'), day: t('write.day') };
  return (
    <Form form={form}>
      {record.by_mail && <p class="ink-2">{t('write.mailed')}</p>}
      <SaidFields form={form} said={said} onChange={setSaid} />
      <div class="form-acts">
        <Submit form={form} word={t('write.save')} />
      </div>
      {theirs && (
        <Conflict
          differences={differences<Partial<AnnouncementCard>>(theirs, said, names)}
          takeTheirs={again}
          keepMine={async () => {
            await save((await api.read(ONE, { path })).version);
            leave();
          }}
          onClose={() => setTheirs(null)}
        />
      )}
    </Form>
  );
}

function AnnouncementPage({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="page">
      <PageHead title={title}>
        <a class="button" href="/announcements">
          {t('announcements.title')}
        </a>
      </PageHead>
      <div class="panel form-panel">{children}</div>
    </div>
  );
}

interface SaidProps {
  form: FormState;
  said: Said;
  onChange: (said: Said) => void;
}

function SaidFields({ form, said, onChange }: SaidProps) {
  return (
    <>
      <TextField
        form={form}
        name="title"
        label={t('write.title')}
        value={said.title}
        onInput={(title) => onChange({ ...said, title })}
      />
      <TextArea
        form={form}
        name="body"
        rows={8}
        label={t('write.body')}
        value={said.body}
        onInput={(body) => onChange({ ...said, body })}
      />
      <div class="form-pair">
        <TextField
          form={form}
          name="day"
          type="date"
          optional
          label={t('write.day')}
          hint={t('write.dayHint')}
          value={said.day}
          onInput={(day) => onChange({ ...said, day })}
        />
        <TextField
          form={form}
          name="expires_at"
          type="date"
          optional
          label={t('write.expires')}
          hint={t('write.expiresHint')}
          value={dateOf(said.expires_at)}
          onInput={(date) => onChange({ ...said, expires_at: endOf(date) })}
        />
      </div>
    </>
  );
}

/** The courses or groups that somebody may speak to. */
async function targetsOf(me: Me, audience: AudienceWord, signal: AbortSignal) {
  const courses = async () => {
    if (!me.roles.administrator) return all('/api/me/courses', { signal });
    return all('/api/institutions/{institution}/courses', { path: { institution: me.institution }, signal });
  };
  if (audience === 'region' && me.reach === 'ministry') {
    return (await all('/api/regions', { signal })).map(({ id, name }) => ({ value: id, word: name }));
  }
  if (audience === 'course') return (await courses()).map(({ id, title }) => ({ value: id, word: title }));
  if (audience !== 'group') return [];
  const own = new Set((await courses()).map(({ id }) => id));
  const groups = await all('/api/institutions/{institution}/groups', { path: { institution: me.institution }, signal });
  const mine = groups.filter(({ course }) => own.has(course));
  return mine.map(({ id, name, course_title }) => ({ value: id, word: `${name} · ${course_title}` }));
}
