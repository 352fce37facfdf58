import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import type { ApplicationCard, DecidedApplication } from '../../api/schema.gen';
import { dayInText } from '../../i18n/format';
import { Dialog } from '../../ui/dialog';
import { Figures } from '../../ui/num';
import { CopyText } from '../../ui/parts/copy';
import { SelectField, TextArea } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { Joined } from '../../ui/parts/joined';
import { DataList } from '../../ui/parts/list';
import { useLoaded, usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import type { AreaProps } from '../school/areas';
import { T, t } from './words';

type Who = Pick<AreaProps, 'me'>;

const STATES = ['new', 'waiting', 'accepted', 'refused', 'withdrawn'] as const;
type State = (typeof STATES)[number];

const LIST = '/api/institutions/{institution}/applications';

interface Open {
  application: ApplicationCard;
  decision: 'accept' | 'wait' | 'refuse';
}

/** Who wants to follow a course, and what is decided. */
export function Applications({ me }: Who) {
  const [status, setStatus] = useState<State>('new');
  const [open, setOpen] = useState<Open | null>(null);
  const [decided, setDecided] = useState<DecidedApplication | null>(null);
  const pages = usePages(LIST, { path: { institution: me.institution }, query: { status } });
  return (
    <div class="page">
      <PageHead title={t('applications.title')}>
        <a class="button" href="/courses">
          {t('courses.title')}
        </a>
      </PageHead>
      <fieldset class="toolbar choice-row">
        <legend class="visually-hidden">{t('applications.status')}</legend>
        {STATES.map((each) => (
          <button
            key={each}
            type="button"
            class="button small"
            aria-pressed={status === each}
            onClick={() => setStatus(each)}
          >
            {t(`applications.${each}`)}
          </button>
        ))}
      </fieldset>
      <DataList
        pages={pages}
        label={t('applications.title')}
        keyOf={(application) => application.id}
        empty={{ title: t('applications.none'), text: t('applications.noneText') }}
        row={(application) => <Row application={application} zone={me.time_zone} onDecide={setOpen} />}
      />
      {open && (
        <DecisionDialog
          {...open}
          me={me}
          onDone={(answer) => {
            setOpen(null);
            setDecided(answer);
            pages.again();
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {decided?.account_link && <LinkDialog decided={decided} onClose={() => setDecided(null)} />}
    </div>
  );
}

interface RowProps {
  application: ApplicationCard;
  zone: string;
  onDecide: (open: Open) => void;
}

function Row({ application, zone, onDecide }: RowProps) {
  const { name, mail, phone, message, course_title, reason, created_at } = application;
  const undecided = application.status === 'new' || application.status === 'waiting';
  const button = (decision: Open['decision']) => (
    <button
      type="button"
      class="button small"
      aria-label={t(`decision.${decision}Named`, { name })}
      onClick={() => onDecide({ application, decision })}
    >
      {t(`decision.${decision}`)}
    </button>
  );
  return (
    <div class="row">
      <div class="row-words">
        <b dir="auto">{name}</b>
        <span dir="auto">{course_title}</span>
        <span class="ink-2">
          <Joined
            of={[
              mail && <bdi dir="ltr">{mail}</bdi>,
              phone && <bdi dir="ltr">{phone}</bdi>,
              <Figures text={dayInText(created_at, zone)} />,
            ]}
          />
        </span>
        {message && (
          <span class="course-text" dir="auto">
            {message}
          </span>
        )}
        {reason && (
          <span class="ink-2" dir="auto">
            {reason}
          </span>
        )}
      </div>
      {undecided && (
        <span class="row-acts">
          {button('accept')}
          {application.status === 'new' && button('wait')}
          {button('refuse')}
        </span>
      )}
    </div>
  );
}

interface DecisionProps extends Open, Who {
  onDone: (answer: DecidedApplication) => void;
  onClose: () => void;
}

function DecisionDialog({ me, application, decision, onDone, onClose }: DecisionProps) {
  const [group, setGroup] = useState('');
  const [reason, setReason] = useState('');
  const where = { institution: me.institution };
  const course = useLoaded(
    (signal) =>
      api.get('/api/institutions/{institution}/courses/{course}', {
        path: { ...where, course: application.course },
        signal,
      }),
    [application.course],
  );
  const path = { ...where, application: application.id };
  const form = useForm(async (idempotencyKey) => {
    const now = await api.read(`${LIST}/{application}`, { path });
    const body = { decision, ...(group && { group }), ...(decision === 'refuse' && { reason }) };
    return api.post(`${LIST}/{application}/decision`, { path, version: now.version, body, idempotencyKey });
  }, onDone);
  const groups = course.value?.groups ?? [];
  const none = decision === 'wait' ? t('decision.anyGroup') : t('decision.chooseGroup');
  return (
    <Dialog title={t(`decision.${decision}Named`, { name: application.name })} onClose={onClose}>
      <Form form={form}>
        <p dir="auto">{application.course_title}</p>
        {decision === 'refuse' ? (
          <TextArea form={form} name="reason" label={t('decision.reason')} value={reason} onInput={setReason} />
        ) : (
          <SelectField
            form={form}
            name="group"
            label={t('decision.group')}
            value={group}
            choices={[{ value: '', word: none }, ...groups.map(({ id, name }) => ({ value: id, word: name }))]}
            onChange={setGroup}
          />
        )}
        <div class="dialog-acts">
          <Submit form={form} word={t(`decision.${decision}`)} kind={decision === 'refuse' ? 'danger' : 'primary'} />
        </div>
      </Form>
    </Dialog>
  );
}

function LinkDialog({ decided, onClose }: { decided: DecidedApplication; onClose: () => void }) {
  const link = decided.account_link ?? '';
  return (
    <Dialog title={t('decision.linkTitle')} onClose={onClose}>
      <div class="form">
        <p>
          <T k="decision.linkText" v={{ name: <bdi>{decided.application.name}</bdi> }} />
        </p>
        {decided.mailed && <p class="ink-2">{t('decision.mailed')}</p>}
        <CopyText label={t('decision.linkTitle')} text={link} />
      </div>
    </Dialog>
  );
}
