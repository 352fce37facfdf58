import { useState } from 'preact/hooks';
import { api, type WebhookCard } from '../../api/client';
import { Dialog } from '../../ui/dialog';
import { CheckGroup } from '../../ui/parts/check-group';
import { CheckField, TextField } from '../../ui/parts/field';
import { Form, type FormState, Submit, useForm } from '../../ui/parts/form';
import { SecretDialog } from '../../ui/parts/secret-dialog';
import { EVENTS, type Event, isEvent } from './events';
import { t } from './words';

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

/** Changes a webhook, or has it wait. */
export function EditWebhook({ institution, of, onDone, onClose }: EditProps) {
  const [url, setUrl] = useState(of.url);
  const [events, setEvents] = useState<readonly Event[]>(of.events.filter(isEvent));
  const [isPaused, setPaused] = useState(!of.enabled);
  const form = useForm(async () => {
    const path = { institution, webhook: of.id };
    const { version } = await api.read('/api/institutions/{institution}/webhooks/{webhook}', { path });
    const body = { url, events: [...events], enabled: !isPaused };
    return api.patch('/api/institutions/{institution}/webhooks/{webhook}', { path, version, body });
  }, onDone);
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
