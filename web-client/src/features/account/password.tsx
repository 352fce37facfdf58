import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import { PasswordField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { Done, Part } from './part';
import { t } from './words';

export function Password() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [changed, setChanged] = useState(false);
  const form = useForm(
    () => {
      setChanged(false);
      return api.post('/api/me/password', { body: { current, new: next } });
    },
    () => {
      setCurrent('');
      setNext('');
      setChanged(true);
    },
  );
  return (
    <Part title={t('password.title')}>
      <Form form={form}>
        <PasswordField
          form={form}
          name="current"
          label={t('password.current')}
          autocomplete="current-password"
          value={current}
          onInput={setCurrent}
        />
        <PasswordField
          form={form}
          name="new"
          label={t('password.new')}
          hint={t('password.newHint')}
          autocomplete="new-password"
          value={next}
          onInput={setNext}
        />
        <div class="form-acts">
          <Submit form={form} word={t('password.change')} kind="plain" />
        </div>
        <Done text={changed ? t('password.changed') : null} />
      </Form>
    </Part>
  );
}
