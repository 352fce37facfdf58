import { useState } from 'preact/hooks';
import { api, type Me } from '../../api/client';
import { known, LANGUAGES, type Language, language } from '../../i18n';
import { LANGUAGE_NAMES } from '../../ui/language-switch';
import { SelectField, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { know } from '../school/me';
import { Done, Part } from './part';
import { t } from './words';

export function Profile({ me }: { me: Me }) {
  const [name, setName] = useState(me.name);
  const [spoken, setSpoken] = useState<Language>(known(me.language ?? null) ?? language.value);
  const [saved, setSaved] = useState(false);
  const form = useForm(
    () => {
      setSaved(false);
      return api.patch('/api/me', { body: { name, language: spoken } });
    },
    ({ record }) => {
      know(record);
      setName(record.name);
      setSaved(true);
    },
  );
  return (
    <Part title={t('profile.title')}>
      <Form form={form}>
        <TextField
          form={form}
          name="name"
          label={t('profile.name')}
          hint={t('profile.nameHint')}
          autocomplete="name"
          value={name}
          onInput={setName}
        />
        <SelectField<Language>
          form={form}
          name="language"
          label={t('profile.language')}
          hint={t('profile.languageHint')}
          value={spoken}
          choices={LANGUAGES.map((value) => ({ value, word: LANGUAGE_NAMES[value] }))}
          onChange={setSpoken}
        />
        <dl class="fact-rows">
          <div>
            <dt>{t('profile.institution')}</dt>
            <dd dir="auto">{me.institution_name}</dd>
          </div>
          <div>
            <dt>{t('profile.timeZone')}</dt>
            <dd>
              <bdi dir="ltr">{me.time_zone}</bdi>
            </dd>
          </div>
        </dl>
        <div class="form-acts">
          <Submit form={form} word={t('profile.save')} />
          <Done text={saved ? t('account.saved') : null} />
        </div>
      </Form>
    </Part>
  );
}
