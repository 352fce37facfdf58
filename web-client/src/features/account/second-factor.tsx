import { useState } from 'preact/hooks';
import { api, type EnrolmentCard, type Me, problemOf } from '../../api/client';
import { Dialog } from '../../ui/dialog';
import { CopyText } from '../../ui/parts/copy';
import { PasswordField, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { ProblemNote } from '../../ui/parts/problem';
import { QrCode } from '../../ui/parts/qr';
import { know, loadMe } from '../school/me';
import { Part } from './part';
import { t } from './words';

/** The code that is asked for beside the password: set up, in force, or turned off. */
export function SecondFactor({ me }: { me: Me }) {
  const [removes, setRemoves] = useState(false);
  return (
    <Part title={t('factor.title')}>
      {me.has_second_factor ? (
        <>
          <p>{t('factor.on')}</p>
          <div class="form-acts">
            <button type="button" class="button danger" onClick={() => setRemoves(true)}>
              {t('factor.remove')}
            </button>
          </div>
        </>
      ) : (
        <>
          <p class="ink-2">{t('factor.off')}</p>
          <Enrolment done={() => know({ ...me, has_second_factor: true })} />
        </>
      )}
      {removes && (
        <Remove
          done={() => {
            setRemoves(false);
            // Where the institution asks for one, it comes first again.
            void loadMe().catch(() => know({ ...me, has_second_factor: false }));
          }}
          close={() => setRemoves(false)}
        />
      )}
    </Part>
  );
}

/** From nothing to a second factor in force, with its recovery codes noted. */
export function Enrolment({ done }: { done: () => void }) {
  const [card, setCard] = useState<EnrolmentCard | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [failed, setFailed] = useState<ReturnType<typeof problemOf> | null>(null);
  const begin = async () => {
    setFailed(null);
    try {
      setCard(await api.post('/api/me/second-factor'));
    } catch (error) {
      setFailed(problemOf(error));
    }
  };
  if (codes) {
    return (
      <>
        <p>{t('factor.codesHint')}</p>
        <CopyText label={t('factor.codes')} text={codes.join('\n')} lines={codes.length} />
        <div class="form-acts">
          <button type="button" class="button primary" onClick={done}>
            {t('factor.codesKept')}
          </button>
        </div>
      </>
    );
  }
  if (card) return <FirstCode card={card} done={setCodes} />;
  return (
    <>
      {failed && <ProblemNote problem={failed} />}
      <div class="form-acts">
        <button type="button" class="button" onClick={() => void begin()}>
          {t('factor.begin')}
        </button>
      </div>
    </>
  );
}

function FirstCode({ card, done }: { card: EnrolmentCard; done: (codes: string[]) => void }) {
  const [code, setCode] = useState('');
  const form = useForm(
    () => api.post('/api/me/second-factor/confirm', { body: { code: code.replace(/\s/g, '') } }),
    ({ codes }) => done(codes),
  );
  return (
    <>
      <p>{t('factor.scan')}</p>
      {card.qr.length > 0 && <QrCode rows={card.qr} label={t('factor.qr')} />}
      <CopyText label={t('factor.secret')} text={card.secret} />
      <Form form={form}>
        <TextField
          form={form}
          name="code"
          label={t('factor.code')}
          dir="ltr"
          inputMode="numeric"
          autocomplete="one-time-code"
          value={code}
          onInput={setCode}
        />
        <div class="form-acts">
          <Submit form={form} word={t('factor.confirm')} />
        </div>
      </Form>
    </>
  );
}

function Remove({ done, close }: { done: () => void; close: () => void }) {
  const [password, setPassword] = useState('');
  const form = useForm(() => api.post('/api/me/second-factor/remove', { body: { password } }), done);
  return (
    <Dialog title={t('factor.removeTitle')} onClose={close}>
      <Form form={form}>
        <p>{t('factor.removeText')}</p>
        <PasswordField
          form={form}
          name="password"
          label={t('factor.password')}
          autocomplete="current-password"
          value={password}
          onInput={setPassword}
        />
        <div class="dialog-acts">
          <Submit form={form} word={t('factor.remove')} kind="danger" />
        </div>
      </Form>
    </Dialog>
  );
}
