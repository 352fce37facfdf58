import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { type AccountLinkCard, type ApiProblem, api } from '../../api/client';
import { day, time } from '../../i18n/format';
import { Num } from '../../ui/num';
import { PasswordField, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { FrameBones } from '../school/bones';
import { know } from '../school/me';
import { type BadLink, BadLinkPage, badLinkOf, FailedPage } from './bad-link';
import { T, t } from './words';

/** `/account-link#SECRET`: somebody sets their password, at an invitation or after they lost it. */
export default function AccountLink() {
  const secret = globalThis.location.hash.slice(1);
  const link = useLoaded(
    async (signal) => (secret === '' ? null : api.post('/api/account-links/open', { body: { secret }, signal })),
    [secret],
  );
  if (secret === '') return <BadLinkPage why="noSecret" />;
  if (link.state === 'failed') {
    const why = badLinkOf(link.problem);
    return why ? <BadLinkPage why={why} /> : <FailedPage problem={link.problem} retry={link.again} />;
  }
  return link.value ? <PasswordForm secret={secret} link={link.value} /> : <FrameBones />;
}

function PasswordForm({ secret, link }: { secret: string; link: AccountLinkCard }) {
  const { route } = useLocation();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string | null>(null);
  const [bad, setBad] = useState<BadLink | null>(null);
  const form = useForm(
    () => {
      const body = { secret, password };
      return api.post('/api/account-links/accept', { body: code === null ? body : { ...body, code } });
    },
    (me) => {
      know(me);
      route('/', true);
    },
    (problem: ApiProblem) => {
      const why = badLinkOf(problem);
      setBad(why);
      if (problem.code === 'second_factor_needed') setCode('');
      if (problem.code === 'sign_in_failed') form.refuse([{ field: 'code', code: 'wrong', detail: problem.detail }]);
      return why !== null || problem.code === 'second_factor_needed' || problem.code === 'sign_in_failed';
    },
  );
  if (bad) return <BadLinkPage why={bad} />;
  return (
    <div class="narrow-page">
      <PageHead
        title={t('link.title')}
        note={<T k="link.for" v={{ name: <bdi>{link.name}</bdi>, institution: <bdi>{link.institution}</bdi> }} />}
      />
      <Form form={form} class="panel form-panel">
        {link.sign_in && (
          <div class="field">
            <label for="sign-in-name">{t('link.signIn')}</label>
            <input id="sign-in-name" class="input" dir="ltr" readOnly autocomplete="username" value={link.sign_in} />
          </div>
        )}
        <PasswordField
          form={form}
          name="password"
          label={t('link.password')}
          hint={t('setup.passwordHint')}
          autocomplete="new-password"
          value={password}
          onInput={setPassword}
        />
        {code !== null && (
          <TextField
            form={form}
            name="code"
            label={t('link.code')}
            hint={t('link.codeHint')}
            dir="ltr"
            autocomplete="one-time-code"
            value={code}
            onInput={setCode}
            autofocus
          />
        )}
        <Submit form={form} word={t('link.act')} busyWord={t('link.busy')} kind="primary big wide" />
      </Form>
      <p class="t-s ink-2">
        <T k="link.until" v={{ day: day(link.expires_at), time: <Num>{time(link.expires_at)}</Num> }} />
      </p>
    </div>
  );
}
