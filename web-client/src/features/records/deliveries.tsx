import { useState } from 'preact/hooks';
import { type ApiProblem, api, type DeliveryCard, type Me, problemOf } from '../../api/client';
import { dayInText, sameDay, time } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { Figures, Num } from '../../ui/num';
import { DataList } from '../../ui/parts/list';
import { useLoaded, usePages } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import { eventWords } from './events';
import { T, t } from './words';

/** What a webhook was told, what came of it, and the way to tell it again. */
export function Deliveries({ me, webhook }: { me: Me; webhook: string }) {
  const { institution, time_zone } = me;
  const path = { institution, webhook };
  const told = useLoaded(
    (signal) => api.get('/api/institutions/{institution}/webhooks/{webhook}', { path, signal }),
    [webhook],
  ).value;
  const pages = usePages('/api/institutions/{institution}/webhooks/{webhook}/deliveries', { path });
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [asked, setAsked] = useState(false);
  async function again(delivery: string) {
    setProblem(null);
    setAsked(false);
    try {
      await api.post('/api/institutions/{institution}/webhooks/{webhook}/deliveries/{delivery}/again', {
        path: { ...path, delivery },
      });
      // Changed where it stands: the focus stays on its button, and the list as long as it was opened.
      const due = { attempts: 0, delivered_at: null, failed_at: null, due_at: Date.now() * 1000 };
      pages.edit((items) => items.map((item) => (item.id === delivery ? { ...item, ...due } : item)));
      setAsked(true);
    } catch (error) {
      setProblem(problemOf(error));
    }
  }
  return (
    <div class="page">
      <PageHead
        title={t('sent.title')}
        note={
          told && (
            <bdi class="record-address" dir="ltr">
              {told.url}
            </bdi>
          )
        }
      >
        <a class="button" href="/admin/webhooks">
          {t('sent.back')}
        </a>
      </PageHead>
      {problem && <ProblemNote problem={problem} />}
      {told?.enabled === false && <p>{t('sent.paused')}</p>}
      <p role="status">{asked && told?.enabled !== false && t('sent.asked')}</p>
      <DataList
        label={t('sent.list')}
        pages={pages}
        keyOf={(delivery) => delivery.id}
        row={(delivery) => (
          <Row
            of={delivery}
            zone={time_zone}
            isPaused={told?.enabled === false}
            again={() => void again(delivery.id)}
          />
        )}
        empty={{ title: t('sent.empty'), text: t('sent.emptyText') }}
      />
    </div>
  );
}

interface RowProps {
  of: DeliveryCard;
  zone: string;
  /** Whether the webhook is told nothing for now. */
  isPaused: boolean;
  again: () => void;
}

function Row({ of: delivery, zone, isPaused, again }: RowProps) {
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
        {attempts > 0 && last_error && (
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
      <State of={delivery} zone={zone} isPaused={isPaused} />
      <button type="button" class="button small" onClick={again}>
        {t('sent.again')}
      </button>
    </div>
  );
}

function State({ of: { delivered_at, failed_at, due_at }, zone, isPaused }: Omit<RowProps, 'again'>) {
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
      {isPaused || due_at == null ? t('sent.waits') : <Due at={due_at} zone={zone} />}
    </span>
  );
}

/** Attempts are made over more than a day: one of another day says which. */
function Due({ at, zone }: { at: number; zone: string }) {
  const when = <Num>{time(at, zone)}</Num>;
  if (sameDay(at, Date.now() * 1000, zone)) return <T k="sent.waiting" v={{ when }} />;
  return <T k="sent.waitingOn" v={{ day: <Figures text={dayInText(at, zone)} />, when }} />;
}
