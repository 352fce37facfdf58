import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import { Dialog } from '../../ui/dialog';
import { CheckGroup } from '../../ui/parts/check-group';
import { TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { SecretDialog } from '../../ui/parts/secret-dialog';
import { SCOPES, type Scope } from './scopes';
import { t } from './words';

interface Props {
  institution: string;
  onMade: () => void;
  onClose: () => void;
}

/** Makes a key, and shows its secret this once. */
export function NewKey({ institution, onMade, onClose }: Props) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>([]);
  const [until, setUntil] = useState('');
  const [secret, setSecret] = useState<string | null>(null);
  const form = useForm(
    (idempotencyKey) =>
      api.post('/api/institutions/{institution}/api-keys', {
        path: { institution },
        body: { name, scopes: [...scopes], expires_at: endOf(until) },
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
        title={t('keys.new')}
        label={t('keys.secret')}
        secret={secret}
        note={t('keys.once')}
        word={t('keys.done')}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title={t('keys.new')} onClose={onClose}>
      <Form form={form}>
        <TextField
          form={form}
          name="name"
          label={t('keys.name')}
          hint={t('keys.nameHint')}
          autocomplete="off"
          value={name}
          onInput={setName}
        />
        <CheckGroup<Scope>
          form={form}
          name="scopes"
          label={t('keys.scopes')}
          choices={SCOPES.map((value) => ({ value, word: t(`scope.${value}`) }))}
          value={scopes}
          onChange={setScopes}
        />
        <TextField
          form={form}
          name="expires_at"
          type="date"
          label={t('keys.until')}
          hint={t('keys.untilHint')}
          optional
          value={until}
          onInput={setUntil}
        />
        <div class="dialog-acts">
          <Submit form={form} word={t('keys.create')} />
        </div>
      </Form>
    </Dialog>
  );
}

/** The end of a day of this device's zone, in microseconds. */
function endOf(date: string): number | null {
  const end = new Date(`${date}T23:59:59`).getTime();
  return Number.isNaN(end) ? null : end * 1000;
}
