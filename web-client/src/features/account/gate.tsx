import './account.css';
import { useState } from 'preact/hooks';
import { api, type Me } from '../../api/client';
import { TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { PageHead } from '../../ui/parts/page-head';
import { SignOut } from '../school/frame';
import { loadMe } from '../school/me';
import { Enrolment } from './second-factor';
import { t } from './words';

/** What stands before everything else where a second factor is asked for: getting one, or giving its code. */
export function SecondFactorGate({ me }: { me: Me }) {
  const enrols = me.needs_second_factor === 'enrol';
  const go = () => void loadMe().catch(() => location.reload());
  return (
    <div class="narrow-page">
      <PageHead
        title={t(enrols ? 'gate.enrolTitle' : 'gate.codeTitle')}
        note={t(enrols ? 'gate.enrolNote' : 'gate.codeNote')}
      />
      <div class="panel account-part">{enrols ? <Enrolment done={go} /> : <GiveCode done={go} />}</div>
      <p>
        <SignOut />
      </p>
    </div>
  );
}

function GiveCode({ done }: { done: () => void }) {
  const [code, setCode] = useState('');
  const form = useForm(() => api.post('/api/me/second-factor/give', { body: { code: code.replace(/\s/g, '') } }), done);
  return (
    <Form form={form}>
      <TextField
        form={form}
        name="code"
        label={t('factor.code')}
        dir="ltr"
        autocomplete="one-time-code"
        value={code}
        onInput={setCode}
        autofocus
      />
      <Submit form={form} word={t('gate.continue')} kind="primary big wide" />
    </Form>
  );
}
