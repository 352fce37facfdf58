import { Download, RefreshCw, ShieldCheck } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { type ApiProblem, address, api, problemOf } from '../../api/client';
import { language } from '../../i18n';
import { timeToSecond } from '../../i18n/format';
import { Icon } from '../../ui/icon';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { problemText } from '../../ui/parts/problem';
import { QrCode } from '../../ui/parts/qr';
import { grouped, Instant } from './instant';
import { qrRows } from './qr';
import type { Report } from './report';
import { T, t } from './words';

/** How a record's seal stands, as far as it was looked at. */
export type SealState =
  | { kind: 'none' }
  | { kind: 'checking' }
  | { kind: 'intact'; at: number }
  | { kind: 'broken'; detail: string }
  | { kind: 'unknown'; problem: ApiProblem };

/** Has the server check a lesson's seal: once when the page opens, and again when asked. */
export function useSeal({ lesson, seal }: Report): [SealState, () => void] {
  const [state, setState] = useState<SealState>(seal ? { kind: 'checking' } : { kind: 'none' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!seal) return setState({ kind: 'none' });
    const abort = new AbortController();
    setState({ kind: 'checking' });
    checked(lesson.institution.id, lesson.id, abort.signal).then((next) => abort.signal.aborted || setState(next));
    return () => abort.abort();
  }, [lesson.id, seal?.hash, turn]);
  return [state, () => setTurn((before) => before + 1)];
}

async function checked(institution: string, lesson: string, signal: AbortSignal): Promise<SealState> {
  try {
    const check = await api.get('/api/institutions/{institution}/lessons/{lesson}/ledger/check', {
      path: { institution, lesson },
      signal,
    });
    return check.intact ? { kind: 'intact', at: check.checked_at } : { kind: 'broken', detail: check.fault ?? '' };
  } catch (error) {
    return { kind: 'unknown', problem: problemOf(error) };
  }
}

interface Props {
  of: Report;
  state: SealState;
  again: () => void;
  /** Reads the record anew. */
  refresh: () => void;
}

/** What holds the record together, and how to check it. */
export function SealPanel({ of: report, state, again, refresh }: Props) {
  const { seal, lesson } = report;
  return (
    <section class={`panel seal-panel is-${state.kind}`} aria-busy={state.kind === 'checking'}>
      <SealWords state={state} report={report} />
      {seal && (
        <>
          <div class="seal-qr">
            <QrCode rows={qrRows(`${location.origin}/verify#${seal.hash}`)} label={t('seal.qrLabel')} />
            <p class="t-xs ink-2">
              <a href={`/verify#${seal.hash}`}>{t('seal.qr')}</a>
            </p>
          </div>
          <dl class="seal-facts">
            <div>
              <dt>{t('seal.hash')}</dt>
              <dd class="mono">{grouped(seal.hash)}</dd>
            </div>
            <div>
              <dt>{t('seal.key')}</dt>
              <dd class="mono">{grouped(seal.key)}</dd>
            </div>
            <div>
              <dt>{t('seal.at')}</dt>
              <dd>
                <Instant at={seal.at} zone={lesson.time_zone} />
              </dd>
            </div>
            <div>
              <dt>{t('seal.events')}</dt>
              <dd>
                <T
                  k="seal.eventsAnd"
                  v={{ events: <Num>{seal.events}</Num>, corrections: <Num>{seal.corrections}</Num> }}
                />
              </dd>
            </div>
          </dl>
          <button
            type="button"
            class="button"
            aria-disabled={state.kind === 'checking'}
            onClick={() => state.kind !== 'checking' && again()}
          >
            <Icon of={ShieldCheck} />
            {state.kind === 'checking' ? t('seal.checking') : t('seal.again')}
          </button>
        </>
      )}
      {!seal && lesson.phase !== 'planned' && (
        <button type="button" class="button" onClick={refresh}>
          <Icon of={RefreshCw} />
          {t('seal.refresh')}
        </button>
      )}
    </section>
  );
}

/** The state in words, said when it changes. */
function SealWords({ state, report: { lesson } }: { state: SealState; report: Report }) {
  const [mark, title, text] = wordsOf(state, lesson);
  return (
    <div role="status">
      <h2>
        <Mark kind={mark} />
        <span>{title}</span>
      </h2>
      <p class="t-s">{text}</p>
    </div>
  );
}

function wordsOf(
  state: SealState,
  lesson: Report['lesson'],
): ['live' | 'wait' | 'alarm' | 'attention', string, preact.ComponentChildren] {
  switch (state.kind) {
    case 'checking':
      return ['wait', t('seal.checkingTitle'), t('seal.checkingText')];
    case 'intact':
      return [
        'live',
        t('seal.intactTitle'),
        <T key="intact" k="seal.intactText" v={{ at: <Num>{timeToSecond(state.at, lesson.time_zone)}</Num> }} />,
      ];
    case 'broken':
      return [
        'alarm',
        t('seal.brokenTitle'),
        <>
          {t('seal.brokenText')}{' '}
          {state.detail && (
            <bdi class="seal-fault" lang="en">
              {state.detail}
            </bdi>
          )}
        </>,
      ];
    case 'unknown':
      return ['attention', t('seal.unknownTitle'), problemText(state.problem)];
    case 'none':
      if (lesson.phase === 'live') return ['wait', t('seal.liveTitle'), t('seal.liveText')];
      if (lesson.phase === 'planned') return ['wait', t('seal.plannedTitle'), t('seal.plannedText')];
      return ['wait', t('seal.soonTitle'), t('seal.soonText')];
  }
}

const EXPORTS = ['pdf', 'xlsx', 'csv'] as const;

/** The record as files; none where it was altered after it was sealed. */
export function Exports({ of: { lesson, seal }, state }: { of: Report; state: SealState }) {
  const path = { institution: lesson.institution.id, lesson: lesson.id };
  const of = '/api/institutions/{institution}/lessons/{lesson}';
  if (state.kind === 'broken') {
    return (
      <p class="exports-closed">
        <Mark kind="alarm" />
        {t('export.closed')}
      </p>
    );
  }
  if (lesson.phase !== 'ended') return null;
  return (
    <>
      {EXPORTS.map((kind) => (
        <a
          key={kind}
          class="button"
          download
          href={address(`${of}/attendance.${kind}`, path, { language: language.value })}
          aria-label={t('export.as', { kind: kind.toUpperCase() })}
        >
          <Icon of={Download} />
          {kind.toUpperCase()}
        </a>
      ))}
      {seal && (
        <a class="button" download href={address(`${of}/ledger`, path)}>
          <Icon of={Download} />
          {t('export.ledger')}
        </a>
      )}
    </>
  );
}
