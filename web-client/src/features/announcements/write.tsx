import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { all, api, type Me } from '../../api/client';
import { CheckField, SelectField, TextArea, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { t } from './words';

type AudienceWord = 'institution' | 'region' | 'ministry' | 'course' | 'group';

/** Whom somebody may speak to. */
function audiencesOf(me: Me): AudienceWord[] {
  if (!me.roles.administrator) return ['course', 'group'];
  const reach: AudienceWord[] = { region: ['region'], ministry: ['region', 'ministry'] }[me.reach] as AudienceWord[];
  return ['institution', ...(reach ?? []), 'course', 'group'];
}

/** An announcement that is to be published. */
export function WriteAnnouncement({ me }: { me: Me }) {
  const { route } = useLocation();
  const audiences = audiencesOf(me);
  const [audience, setAudience] = useState<AudienceWord>(audiences[0] ?? 'course');
  const [target, setTarget] = useState('');
  const [fields, setFields] = useState({ title: '', body: '', day: '', by_mail: false });
  const targets = useLoaded((signal) => targetsOf(me, audience, signal), [audience]);
  const needsTarget = audience === 'course' || audience === 'group';
  const form = useForm(
    (idempotencyKey) => {
      const { title, body, day, by_mail } = fields;
      const about = day === '' ? {} : { day };
      const of = needsTarget ? { audience_id: target } : {};
      return api.post('/api/institutions/{institution}/announcements', {
        path: { institution: me.institution },
        body: { audience, title, body, by_mail, ...about, ...of },
        idempotencyKey,
      });
    },
    () => route('/announcements'),
  );
  return (
    <div class="page">
      <PageHead title={t('announcements.new')} />
      <div class="panel form-panel">
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
                label={t(`audience.${audience}`)}
                value={target}
                choices={[{ value: '', word: t('write.choose') }, ...(targets.value ?? [])]}
                onChange={setTarget}
              />
            )}
          </div>
          <TextField
            form={form}
            name="title"
            label={t('write.title')}
            value={fields.title}
            onInput={(title) => setFields({ ...fields, title })}
          />
          <TextArea
            form={form}
            name="body"
            rows={8}
            label={t('write.body')}
            value={fields.body}
            onInput={(body) => setFields({ ...fields, body })}
          />
          <TextField
            form={form}
            name="day"
            type="date"
            optional
            label={t('write.day')}
            hint={t('write.dayHint')}
            value={fields.day}
            onInput={(day) => setFields({ ...fields, day })}
          />
          <CheckField
            name="by_mail"
            label={t('write.byMail')}
            hint={t('write.byMailHint')}
            checked={fields.by_mail}
            onChange={(by_mail) => setFields({ ...fields, by_mail })}
          />
          <div class="form-acts">
            <Submit form={form} word={t('write.publish')} />
          </div>
        </Form>
      </div>
    </div>
  );
}

/** The courses or groups that somebody may speak to. */
async function targetsOf(me: Me, audience: AudienceWord, signal: AbortSignal) {
  const courses = async () => {
    if (!me.roles.administrator) return all('/api/me/courses', { signal });
    return all('/api/institutions/{institution}/courses', { path: { institution: me.institution }, signal });
  };
  if (audience === 'course') return (await courses()).map(({ id, title }) => ({ value: id, word: title }));
  if (audience !== 'group') return [];
  const own = new Set((await courses()).map(({ id }) => id));
  const groups = await all('/api/institutions/{institution}/groups', { path: { institution: me.institution }, signal });
  const mine = groups.filter(({ course }) => own.has(course));
  return mine.map(({ id, name, course_title }) => ({ value: id, word: `${name} · ${course_title}` }));
}
