import { useState } from 'preact/hooks';
import { api, type WebhookCard } from '../../api/client';
import { Dialog } from '../../ui/dialog';
import { CheckGroup } from '../../ui/parts/check-group';
import { Conflict, differences } from '../../ui/parts/conflict';
import { CheckField, TextField } from '../../ui/parts/field';
import { Form, type FormState, Submit, useForm } from '../../ui/parts/form';
import { BoneRows } from '../../ui/parts/list';
import { useLoaded } from '../../ui/parts/loaded';
import { ProblemNote } from '../../ui/parts/problem';
import { SecretDialog } from '../../ui/parts/secret-dialog';
import { EVENTS, type Event, eventWords, isEvent } from './events';
import { t } from './words';

const ONE = '/api/institutions/{institution}/webhooks/{webhook}';

interface NewProps {
  institution: string;
  onMade: () => void;
  onClose: () => void;
}

/** Makes a webhook, and shows its secret this once. */
export function NewWebhook({ institution, onMade, onClose }: NewProps) {
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<readonly Event[]>(EVENTS);
  const [secret, setSecret] = useState<string | null>(null);
  const form = useForm(
    (idempotencyKey) =>
      api.post('/api/institutions/{institution}/webhooks', {
        path: { institution },
        body: { url, events: [...events] },
        idempotencyKey,
      }),
    (made) => {
      setSecret(made.secret);
      onMade();
    },
  );
  if (secret) {
    return (
      <SecretDialog
        title={t('hooks.new')}
        label={t('hooks.secret')}
        secret={secret}
        note={t('hooks.once')}
        word={t('hooks.done')}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title={t('hooks.new')} onClose={onClose}>
      <Form form={form}>
        <Fields form={form} url={url} setUrl={setUrl} events={events} setEvents={setEvents} />
        <div class="dialog-acts">
          <Submit form={form} word={t('hooks.create')} />
        </div>
      </Form>
    </Dialog>
  );
}

interface EditProps {
  institution: string;
  of: WebhookCard;
  onDone: () => void;
  onClose: () => void;
}

/** Changes a webhook, or has it wait: read anew, for its version. */
export function EditWebhook({ institution, of, onDone, onClose }: EditProps) {
  const path = { institution, webhook: of.id };
  const loaded = useLoaded((signal) => api.read(ONE, { path, signal }), [of.id]);
  if (loaded.value) return <EditForm path={path} {...loaded.value} onDone={onDone} onClose={onClose} />;
  return (
    <Dialog title={t('hooks.edit')} onClose={onClose}>
      {loaded.state === 'failed' ? <ProblemNote problem={loaded.problem} retry={loaded.again} /> : <BoneRows />}
    </Dialog>
  );
}

interface FormProps {
  path: { institution: string; webhook: string };
  record: WebhookCard;
  version: string;
  onDone: () => void;
  onClose: () => void;
}

function EditForm({ path, record, version, onDone, onClose }: FormProps) {
  const [url, setUrl] = useState(record.url);
  const [events, setEvents] = useState<readonly Event[]>(record.events.filter(isEvent));
  const [isPaused, setPaused] = useState(!record.enabled);
  const [theirs, setTheirs] = useState<WebhookCard | null>(null);
  const body = { url, events: EVENTS.filter((event) => events.includes(event)), enabled: !isPaused };
  const form = useForm(
    async () => {
      // Over what somebody else saved, once it was seen.
      const now = theirs ? (await api.read(ONE, { path })).version : version;
      return api.patch(ONE, { path, version: now, body });
    },
    onDone,
    (problem) => {
      const isStale = problem.code === 'stale';
      setTheirs(isStale ? (problem.current as WebhookCard) : null);
      return isStale;
    },
  );
  if (theirs) {
    const words = { url: t('hooks.url'), events: t('hooks.events'), enabled: t('hooks.state') };
    return (
      <Conflict
        differences={differences(shown(theirs), shown(body), words)}
        takeTheirs={onDone}
        keepMine={() => form.submit(null)}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title={t('hooks.edit')} onClose={onClose}>
      <Form form={form}>
        <Fields form={form} url={url} setUrl={setUrl} events={events} setEvents={setEvents} />
        <CheckField name="enabled" label={t('hooks.pause')} checked={isPaused} onChange={setPaused} />
        <div class="dialog-acts">
          <Submit form={form} word={t('hooks.save')} />
        </div>
      </Form>
    </Dialog>
  );
}

/** A webhook in words, for two versions of it side by side. */
function shown({ url, events, enabled }: Pick<WebhookCard, 'url' | 'events' | 'enabled'>) {
  const known = EVENTS.filter((event) => events.includes(event));
  return { url, events: eventWords(known).join(' · '), enabled: enabled ? t('hooks.on') : t('hooks.off') };
}

interface FieldsProps {
  form: FormState;
  url: string;
  setUrl: (url: string) => void;
  events: readonly Event[];
  setEvents: (events: Event[]) => void;
}

function Fields({ form, url, setUrl, events, setEvents }: FieldsProps) {
  return (
    <>
      <TextField
        form={form}
        name="url"
        type="url"
        dir="ltr"
        label={t('hooks.url')}
        hint={t('hooks.urlHint')}
        autocomplete="off"
        value={url}
        onInput={setUrl}
        autofocus
      />
      <CheckGroup<Event>
        form={form}
        name="events"
        label={t('hooks.events')}
        choices={EVENTS.map((value) => ({ value, word: t(`event.${value}`) }))}
        value={events}
        onChange={setEvents}
      />
    </>
  );
}
