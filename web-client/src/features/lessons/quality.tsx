import { type Answer, api } from '../../api/client';
import { duration, milliseconds, number, percent } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { useLoaded } from '../../ui/parts/loaded';
import { place } from './line';
import type { Stretch } from './presence';
import type { Report } from './report';
import { T, t } from './words';

export type Quality = Answer<'GET', '/api/institutions/{institution}/lessons/{lesson}/quality'>;
type Cause = Quality['causes'][number];

/** A score below this deserves a look (docs/QUALITY-SCORE.md). */
const LOW = 80;

const MINUTE_US = 60 * 1_000_000;

/** How a lesson was received, once that is known; nothing where nothing was measured, or it is not for the reader. */
export function useQuality({ lesson }: Report, at: number): Quality | null {
  const path = { institution: lesson.institution.id, lesson: lesson.id };
  const loaded = useLoaded(
    (signal) => api.get('/api/institutions/{institution}/lessons/{lesson}/quality', { path, signal }),
    [lesson.id, at],
  );
  return loaded.value?.speech ? loaded.value : null;
}

/** What a speech score is made of: it is never shown without. */
export function SpeechParts({ of }: { of: Quality }) {
  if (!of.speech) return null;
  const values = {
    missing: <Num>{percent(of.speech.missing_percent)}</Num>,
    delay: <Num>{milliseconds(Math.round(of.speech.delay_ms))}</Num>,
  };
  return <T k="voice.parts" v={values} />;
}

/** The speech of each minute over the lesson, as a row of the table of presence. */
export function VoiceRow({ of, axis }: { of: Quality; axis: Stretch }) {
  const minutes = of.minutes.filter(({ speech }) => speech != null);
  const low = minutes.filter(({ speech }) => (speech?.score ?? LOW) < LOW).length;
  return (
    <tr class="voice-row">
      <th scope="row" class="name">
        {t('voice.title')}
      </th>
      <td class="presence-cell">
        <svg class="presence voice-bars" aria-hidden="true">
          <line class="is-limit" x1="0" x2="100%" y1={`${100 - LOW}%`} y2={`${100 - LOW}%`} />
          {minutes.map(({ minute, speech }) => {
            const [from, to] = [place(minute, axis), place(minute + MINUTE_US, axis)];
            const score = speech?.score ?? 0;
            const sizes = { x: `${from}%`, width: `${Math.max(0, (to - from) * 0.8)}%` };
            const name = score < LOW ? 'is-low' : 'is-good';
            return <rect key={minute} class={name} {...sizes} y={`${100 - score}%`} height={`${score}%`} />;
          })}
        </svg>
      </td>
      <td class="n strong">
        <Num>{number(of.speech?.score ?? 0, 1)}</Num>
      </td>
      <td class="n" />
      <td class="remark">
        {low > 0 && (
          <span class="with-mark">
            <Mark kind="attention" />
            <span>
              <T k="voice.low" v={{ count: low, limit: <Num>{LOW}</Num> }} />
            </span>
          </span>
        )}
      </td>
    </tr>
  );
}

/** Why not everything arrived: how much of the trainees' time each cause took. */
export function Causes({ of }: { of: Quality }) {
  const causes = of.causes.filter(({ trainees_us }) => trainees_us > 0);
  const all = causes.reduce((sum, { trainees_us }) => sum + trainees_us, 0);
  if (causes.length === 0) return null;
  return (
    <section class="panel causes">
      <h2>{t('causes.title')}</h2>
      <ul>
        {causes.map((cause) => (
          <li key={`${cause.code} ${cause.connection}`}>
            <span>
              <CauseWords of={cause} />
            </span>
            <b>
              <Num>{duration(cause.trainees_us / 1000)}</Num>
            </b>
            <span class="bar">
              <i style={{ inlineSize: `${(100 * cause.trainees_us) / all}%` }} />
            </span>
          </li>
        ))}
      </ul>
      <p class="t-xs ink-2">{t('causes.note')}</p>
    </section>
  );
}

function CauseWords({ of: { code, connection, lost_percent, kbps, delay_ms, receivers, of } }: { of: Cause }) {
  const lost = { percent: <Num>{percent(lost_percent ?? 0)}</Num> };
  switch (code) {
    case 'trainer_uplink_loses':
      return <T k="causes.uplink" v={lost} />;
    case 'downlink_loses':
      if (connection === 'cellular') return <T k="causes.cellular" v={lost} />;
      if (connection === 'wifi') return <T k="causes.wifi" v={lost} />;
      return <T k="causes.downlink" v={lost} />;
    case 'downlink_slow':
      if (kbps == null) return <>{t('causes.slow')}</>;
      return <T k="causes.slowRate" v={{ rate: <Num>{`${number(Math.round(kbps))} kbit/s`}</Num> }} />;
    case 'high_delay':
      return <T k="causes.delay" v={{ delay: <Num>{milliseconds(Math.round(delay_ms ?? 0))}</Num> }} />;
    case 'device_slow':
      return <>{t('causes.device')}</>;
    case 'lowest_layer':
      return <T k="causes.lowest" v={{ count: receivers ?? 0, of: <Num>{of ?? 0}</Num> }} />;
    default:
      return <bdi class="mono">{code}</bdi>;
  }
}
