import { useState } from 'preact/hooks';
import { type ApiProblem, api, type DeliveryCard, type Me, problemOf } from '../../api/client';
import { dayInText, time } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { DataList } from '../../ui/parts/list';
import { usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import { eventWords } from './events';
import { T, t } from './words';

/** What a webhook was told, what came of it, and the way to tell it again. */
export function Deliveries({ me, webhook }: { me: Me; webhook: string }) {
  const { institution, time_zone } = me;
  const path = { institution, webhook };
  const pages = usePages('/api/institutions/{institution}/webhooks/{webhook}/deliveries', { path });
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  async function again(delivery: string) {
    setProblem(null);
    try {
      await api.post('/api/institutions/{institution}/webhooks/{webhook}/deliveries/{delivery}/again', {
        path: { ...path, delivery },
      });
      pages.again();
    } catch (error) {
      setProblem(problemOf(error));
    }
  }
  return (
    <div class="page">
      <PageHead title={t('sent.title')}>
        <a class="button" href="/admin/webhooks">
          {t('sent.back')}
        </a>
      </PageHead>
      {problem && <ProblemNote problem={problem} />}
      <DataList
        label={t('sent.list')}
        pages={pages}
        keyOf={(delivery) => delivery.id}
        row={(delivery) => <Row of={delivery} zone={time_zone} again={() => void again(delivery.id)} />}
        empty={{ title: t('sent.empty'), text: t('sent.emptyText') }}
      />
    </div>
  );
}

function Row({ of: delivery, zone, again }: { of: DeliveryCard; zone: string; again: () => void }) {
  const { created_at, attempts, last_status, last_error } = delivery;
  return (
    <div class="row record">
      <span class="record-when t-s">
        <span>{dayInText(created_at, zone)}</span>
        <Num>{time(created_at, zone)}</Num>
      </span>
      <span class="row-words">
        <b>{eventWords([delivery.event]).join()}</b>
        <span class="t-s ink-2">
          <T k="sent.attempts" v={{ count: attempts }} />
          {attempts > 0 && (
            <>
              {' · '}
              {last_status == null ? (
                t('sent.noAnswer')
              ) : (
                <T k="sent.answer" v={{ status: <Num>{last_status}</Num> }} />
              )}
            </>
          )}
        </span>
        {last_error && (
          <span class="t-s" dir="auto">
            {last_error}
          </span>
        )}
        <details class="t-s">
          <summary>{t('sent.body')}</summary>
          <pre class="record-body" dir="ltr">
            {JSON.stringify(delivery.payload, null, 2)}
          </pre>
        </details>
      </span>
      <State of={delivery} zone={zone} />
      <button type="button" class="button small" onClick={again}>
        {t('sent.again')}
      </button>
    </div>
  );
}

function State({ of: { delivered_at, failed_at, due_at }, zone }: { of: DeliveryCard; zone: string }) {
  if (delivered_at != null)
    return (
      <span class="state">
        <Mark kind="ended" />
        {t('sent.delivered')}
      </span>
    );
  if (failed_at != null)
    return (
      <span class="state is-alarm">
        <Mark kind="alarm" />
        {t('sent.failed')}
      </span>
    );
  return (
    <span class="state">
      <Mark kind="wait" />
      {due_at != null && <T k="sent.waiting" v={{ when: <Num>{time(due_at, zone)}</Num> }} />}
    </span>
  );
}
