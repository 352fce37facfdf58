import './lessons.css';
import { useEffect, useState } from 'preact/hooks';
import { api } from '../../api/client';
import type { KnownSeal } from '../../api/schema.gen';
import { Num } from '../../ui/num';
import { TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import { Answer } from './answer';
import { grouped, Instant } from './instant';
import { VerifyFile } from './verify-file';
import { T, t } from './words';

const HASH = /^[0-9a-f]{64}$/;

/** For whoever holds a record: whether this server has one with that seal (`/verify#HASH`), and whether a file is intact. */
export default function Verify() {
  const [hash, setHash] = useState(named);
  useEffect(() => {
    const changed = () => setHash(named());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return (
    <div class="narrow-page verify-page">
      <PageHead title={t('verify.title')} note={t('verify.note')} />
      {hash !== '' && (HASH.test(hash) ? <Found key={hash} hash={hash} /> : <NotAHash />)}
      <AskForm hash={hash} />
      <VerifyFile />
    </div>
  );
}

/** The hash that the address names: as people copy it, with spaces or capitals. */
function named(): string {
  return plain(location.hash.slice(1).replace(/%20/g, ''));
}

function plain(text: string): string {
  return text.replace(/[\s:]/g, '').toLowerCase();
}

function Found({ hash }: { hash: string }) {
  const loaded = useLoaded((signal) => api.get('/api/ledgers/{hash}', { path: { hash }, signal }), [hash]);
  if (loaded.state === 'failed' && loaded.problem.code !== 'not_found')
    return <ProblemNote problem={loaded.problem} retry={loaded.again} />;
  return (
    <section class="panel form-panel verify-answer" aria-busy={loaded.state === 'loading'}>
      <div role="status">
        {loaded.state === 'loading' && <Answer kind="wait" title={t('verify.asking')} />}
        {loaded.state === 'failed' && <Answer kind="alarm" title={t('verify.noneTitle')} text={t('verify.noneText')} />}
        {loaded.state === 'here' && <Answer kind="live" title={t('verify.hereTitle')} text={t(found(loaded.value))} />}
      </div>
      {loaded.value && (
        <dl class="seal-facts">
          <div>
            <dt>{t('verify.institution')}</dt>
            <dd dir="auto">{loaded.value.institution.name}</dd>
          </div>
          <div>
            <dt>{t('seal.at')}</dt>
            <dd>
              <Instant at={loaded.value.sealed_at} />
            </dd>
          </div>
        </dl>
      )}
      <dl class="seal-facts">
        {loaded.value && (
          <div>
            <dt>{t('seal.key')}</dt>
            <dd class="mono">{grouped(loaded.value.key)}</dd>
          </div>
        )}
        <div>
          <dt>{t('seal.hash')}</dt>
          <dd class="mono">{grouped(hash)}</dd>
        </div>
      </dl>
    </section>
  );
}

/** What is to be said of a seal that the server knows. */
function found({ newest, deleted_at }: KnownSeal) {
  if (deleted_at != null) return 'verify.hereDeleted';
  return newest ? 'verify.hereText' : 'verify.hereOlder';
}

function NotAHash() {
  return (
    <section class="panel form-panel verify-answer" role="status">
      <Answer kind="attention" title={t('verify.oddTitle')} text={t('verify.oddText')} />
    </section>
  );
}

function AskForm({ hash }: { hash: string }) {
  const [text, setText] = useState(hash);
  useEffect(() => setText(hash), [hash]);
  const form = useForm(
    async () => plain(text),
    (found) => {
      location.hash = found;
    },
  );
  const checked = {
    ...form,
    submit: (element: HTMLFormElement | null) => {
      if (HASH.test(plain(text))) form.submit(element);
      else form.refuse([{ field: 'hash', code: 'not_a_hash', detail: t('verify.notAHash') }]);
    },
  };
  return (
    <section class="panel form-panel">
      <h2>{t('verify.askTitle')}</h2>
      <Form form={checked}>
        <TextField
          form={form}
          name="hash"
          label={t('seal.hash')}
          hint={<T k="verify.hashHint" v={{ digits: <Num>64</Num> }} />}
          dir="ltr"
          autocomplete="off"
          value={text}
          onInput={setText}
        />
        <div class="form-acts">
          <Submit form={form} word={t('verify.ask')} kind="plain" />
        </div>
      </Form>
    </section>
  );
}
