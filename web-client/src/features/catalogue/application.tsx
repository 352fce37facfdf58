import './catalogue.css';
import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import { dayInText } from '../../i18n/format';
import { Figures } from '../../ui/num';
import { Confirm } from '../../ui/parts/confirm';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { BoneRows, EmptyPanel } from '../../ui/parts/list';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import { has, T, t } from './words';

/** How one's application stands. The secret is in the address' fragment, which no server is sent. */
export default function Application() {
  const [secret] = useState(() => location.hash.slice(1));
  const [withdraws, setWithdraws] = useState(false);
  const loaded = useLoaded((signal) => api.post('/api/applications/open', { body: { secret }, signal }), [secret]);
  const form = useForm(
    () => api.post('/api/applications/account', { body: { secret } }),
    ({ url }) => location.assign(url),
  );
  const application = loaded.value;
  const isBad = loaded.state === 'failed' && loaded.problem.code === 'not_found';
  const status = `application.${application?.status}`;
  const over = application?.status === 'refused' || application?.status === 'withdrawn';
  return (
    <div class="narrow-page">
      <PageHead title={t('application.title')} />
      {loaded.state === 'failed' && !isBad && <ProblemNote problem={loaded.problem} retry={loaded.again} />}
      {isBad && <EmptyPanel title={t('application.badTitle')} text={t('application.badText')} />}
      {!application && loaded.state === 'loading' && (
        <div class="panel" aria-hidden="true">
          <BoneRows />
        </div>
      )}
      {application && (
        <div class="panel form-panel form">
          <h2 dir="auto">{application.course_title}</h2>
          <p dir="auto">{application.institution_name}</p>
          <p role="status">
            <b>{has(status) ? t(status as 'application.new') : application.status}</b>
          </p>
          {application.reason && (
            <p class="offer-text" dir="auto">
              {application.reason}
            </p>
          )}
          <p class="ink-2">
            <T k="application.sent" v={{ day: <Figures text={dayInText(application.created_at)} /> }} />
          </p>
          {application.offers_account && (
            <Form form={form}>
              <p>{t('application.accountText')}</p>
              <Submit form={form} word={t('application.account')} kind="primary big wide" />
            </Form>
          )}
          {!over && (
            <button type="button" class="button" onClick={() => setWithdraws(true)}>
              {t('application.withdraw')}
            </button>
          )}
        </div>
      )}
      <p>
        <a class="button" href="/catalogue">
          {t('offer.back')}
        </a>
      </p>
      {withdraws && (
        <Confirm
          title={t('application.withdrawTitle')}
          text={t('application.withdrawText')}
          word={t('application.withdraw')}
          danger
          act={async () => {
            await api.post('/api/applications/withdraw', { body: { secret } });
          }}
          onDone={() => {
            setWithdraws(false);
            loaded.again();
          }}
          onClose={() => setWithdraws(false)}
        />
      )}
    </div>
  );
}
