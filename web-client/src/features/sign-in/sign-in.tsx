import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { type ApiProblem, api } from '../../api/client';
import { chosen, known, show } from '../../i18n';
import { Mark } from '../../ui/mark';
import { PasswordField, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote, problemNamed } from '../../ui/parts/problem';
import { know } from '../school/me';
import { nextOf } from './next';
import { Providers } from './providers';
import { T, t } from './words';

type Refused = 'failed' | 'code' | { waitMinutes: number };

/** Sign-in name and password, then the second factor where the account has one; then where one was going. */
export default function SignIn() {
  const { query, route } = useLocation();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const form = useForm(
    () => {
      setRefused(null);
      const body = { sign_in: name.trim(), password };
      const asked = code === null ? body : { ...body, code: code.replace(/\s/g, '') };
      return api.post('/api/sign-in', { body: asked });
    },
    (me) => {
      know(me);
      const theirs = known(me.language ?? null);
      if (theirs && !chosen()) void show(theirs);
      route(nextOf(query.next), true);
    },
    (problem) => {
      if (problem.code === 'second_factor_needed') {
        setCode('');
        return true;
      }
      const why = refusalOf(problem, code !== null);
      setRefused(why);
      return why !== null;
    },
  );
  // What a provider's way back could not do.
  const atProvider = query.problem ? problemNamed(query.problem) : null;
  const restart = () => {
    setCode(null);
    setPassword('');
    setRefused(null);
    form.clear();
  };
  return (
    <div class="narrow-page">
      <PageHead title={code === null ? t('signIn.title') : t('signIn.codeTitle')} />
      <div class="panel form-panel">
        <Form form={form}>
          {refused && <RefusedNote refused={refused} />}
          {atProvider && !refused && !form.problem && <ProblemNote problem={atProvider} />}
          {code === null ? (
            <>
              <TextField
                form={form}
                name="sign_in"
                label={t('signIn.name')}
                hint={t('signIn.nameHint')}
                dir="ltr"
                autocomplete="username"
                value={name}
                onInput={setName}
                autofocus
              />
              <PasswordField
                form={form}
                name="password"
                label={t('signIn.password')}
                autocomplete="current-password"
                value={password}
                onInput={setPassword}
              />
              <Submit form={form} word={t('signIn.act')} busyWord={t('signIn.busy')} kind="primary big wide" />
            </>
          ) : (
            <>
              <TextField
                key="code"
                form={form}
                name="code"
                label={t('signIn.code')}
                hint={t('signIn.codeHint')}
                dir="ltr"
                autocomplete="one-time-code"
                value={code}
                onInput={setCode}
                autofocus
              />
              <Submit form={form} word={t('signIn.codeAct')} busyWord={t('signIn.busy')} kind="primary big wide" />
              <button type="button" class="button quiet" onClick={restart}>
                {t('signIn.back')}
              </button>
            </>
          )}
        </Form>
        {code === null && <Providers next={nextOf(query.next)} />}
      </div>
      <p class="t-s ink-2">{t('signIn.link')}</p>
    </div>
  );
}

function RefusedNote({ refused }: { refused: Refused }) {
  const waits = typeof refused === 'object';
  return (
    <div class="banner is-alarm" role="alert">
      <Mark kind="alarm" />
      <p class="banner-text">
        <b>{waits ? t('signIn.waitTitle') : t(refused === 'code' ? 'signIn.codeFailedTitle' : 'signIn.failedTitle')}</b>
        <span>
          {waits ? (
            <T k="signIn.waitText" v={{ count: refused.waitMinutes }} />
          ) : (
            t(refused === 'code' ? 'signIn.codeFailedText' : 'signIn.failedText')
          )}
        </span>
      </p>
    </div>
  );
}

function refusalOf({ code, retryAfter }: ApiProblem, withCode: boolean): Refused | null {
  if (code === 'sign_in_failed') return withCode ? 'code' : 'failed';
  if (code === 'rate_limited') return { waitMinutes: Math.max(1, Math.ceil((retryAfter ?? 0) / 60)) };
  return null;
}
