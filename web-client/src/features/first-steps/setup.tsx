import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api } from '../../api/client';
import { choose, LANGUAGES, type Language, language } from '../../i18n';
import { LANGUAGE_NAMES } from '../../ui/language-switch';
import { PasswordField, SelectField, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { FrameBones } from '../school/bones';
import { know } from '../school/me';
import { BadLinkPage, FailedPage } from './bad-link';
import { t } from './words';
import { ownZone, zones } from './zones';

/** `/setup#SECRET`: makes the first institution and its administrator. The secret stays in the fragment. */
export default function Setup() {
  const secret = globalThis.location.hash.slice(1);
  const state = useLoaded((signal) => api.get('/api/setup', { signal }), []);
  if (state.state === 'failed') return <FailedPage problem={state.problem} retry={state.again} />;
  if (!state.value) return <FrameBones />;
  if (!state.value.open) return <Done />;
  return secret === '' ? <BadLinkPage why="setup" /> : <SetupForm secret={secret} />;
}

function Done() {
  return (
    <div class="narrow-page">
      <PageHead title={t('setup.doneTitle')} note={t('setup.doneText')} />
      <p>
        <a class="button primary" href="/sign-in">
          {t('setup.toSignIn')}
        </a>
      </p>
    </div>
  );
}

const EMPTY = { name: '', sign_in: '', password: '', institution: '' };

function SetupForm({ secret }: { secret: string }) {
  const { route } = useLocation();
  const [bad, setBad] = useState(false);
  const [text, setText] = useState(EMPTY);
  const [zone, setZone] = useState(ownZone);
  const of = (name: keyof typeof EMPTY) => ({
    value: text[name],
    onInput: (value: string) => setText((before) => ({ ...before, [name]: value })),
  });
  const form = useForm(
    () => {
      const { name, sign_in, password } = text;
      const institution = { name: text.institution, language: language.value, time_zone: zone };
      return api.post('/api/setup', { body: { secret, name, sign_in, password, institution } });
    },
    (me) => {
      know(me);
      route('/', true);
    },
    ({ code }) => {
      setBad(code === 'invitation_invalid');
      return code === 'invitation_invalid';
    },
  );
  if (bad) return <BadLinkPage why="setup" />;
  return (
    <div class="narrow-page">
      <PageHead title={t('setup.title')} note={t('setup.note')} />
      <Form form={form} class="panel form-panel">
        <h2>{t('setup.you')}</h2>
        <TextField form={form} name="name" label={t('setup.name')} autocomplete="name" {...of('name')} />
        <TextField
          form={form}
          name="sign_in"
          label={t('setup.signIn')}
          hint={t('setup.signInHint')}
          dir="ltr"
          autocomplete="username"
          {...of('sign_in')}
        />
        <PasswordField
          form={form}
          name="password"
          label={t('setup.password')}
          hint={t('setup.passwordHint')}
          autocomplete="new-password"
          {...of('password')}
        />
        <h2>{t('setup.institution')}</h2>
        <TextField
          form={form}
          name="institution.name"
          label={t('setup.institutionName')}
          hint={t('setup.institutionHint')}
          autocomplete="organization"
          {...of('institution')}
        />
        <div class="form-pair">
          <SelectField<Language>
            form={form}
            name="institution.language"
            label={t('setup.language')}
            value={language.value}
            choices={LANGUAGES.map((value) => ({ value, word: LANGUAGE_NAMES[value] }))}
            onChange={(next) => void choose(next)}
          />
          <SelectField
            form={form}
            name="institution.time_zone"
            label={t('setup.timeZone')}
            value={zone}
            choices={zones().map((value) => ({ value, word: value }))}
            onChange={setZone}
          />
        </div>
        <Submit form={form} word={t('setup.act')} busyWord={t('setup.busy')} kind="primary big wide" />
      </Form>
    </div>
  );
}
