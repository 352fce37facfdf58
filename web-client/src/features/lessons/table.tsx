import { useState } from 'preact/hooks';
import { language } from '../../i18n';
import { time } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { exactly, percentOf } from './figures';
import { Hatching, LineKey, PresenceLine, place } from './line';
import { axisOf, type Order, plannedSoFar, rateOf, type Stretch, sorted, ticksOf, traineesOf } from './presence';
import { type Quality, VoiceRow } from './quality';
import { remarksOf } from './remarks';
import type { Report, ReportPerson } from './report';
import { T, t } from './words';

/** How many trainees are shown until more are asked for. */
const SHOWN = 12;

/** Behind this a time would stand out of its column, in hundredths of the line. */
const NEAR_END = 95;

interface Props {
  of: Report;
  now: number;
  quality: Quality | null;
  onOpen: (person: ReportPerson) => void;
}

/** Who was there and when: a line for each person, and the exact values beside it. */
export function PresenceTable({ of: report, now, quality, onOpen }: Props) {
  const [order, setOrder] = useState<Order>('presence');
  const [isWhole, setWhole] = useState(false);
  const axis = axisOf(report, now);
  const trainees = sorted(traineesOf(report), order, language.value);
  const others = report.people.filter(({ role }) => role !== 'trainee');
  const more = trainees.length - SHOWN;
  const rows = { report, axis, planned: plannedSoFar(report, now), onOpen };
  return (
    <section class="panel lesson-record">
      <Hatching />
      <div class="panel-head">
        <h2>{t('record.presence')}</h2>
        <LineKey words={{ present: t('spell.present'), away: t('spell.away'), dropped: t('spell.dropped') }} />
      </div>
      <table class="table presence-table">
        <caption class="visually-hidden">{t('record.presence')}</caption>
        <thead>
          <tr>
            <Sorting word={t('record.person')} by="name" order={order} onSort={setOrder} />
            <th scope="col" class="presence-cell">
              <Axis report={report} axis={axis} />
            </th>
            <Sorting word={t('record.time')} by="presence" order={order} onSort={setOrder} figures />
            <th scope="col" class="n">
              {t('record.rate')}
            </th>
            <th scope="col">{t('record.remark')}</th>
          </tr>
        </thead>
        <tbody>
          {quality && <VoiceRow of={quality} axis={axis} />}
          {others.map((person) => (
            <Row key={person.number} of={person} {...rows} />
          ))}
          <tr class="group-row">
            <td colSpan={5}>
              <T k={`record.sorted.${order}`} v={{ count: trainees.length }} />
            </td>
          </tr>
          {trainees.map((person, at) => (
            <Row key={person.number} of={person} {...rows} isFolded={!isWhole && at >= SHOWN} />
          ))}
        </tbody>
      </table>
      {trainees.length === 0 && <p class="empty">{t('record.nobody')}</p>}
      <p class="record-rule t-xs ink-2">{report.away_counts ? t('record.ruleAway') : t('record.rule')}</p>
      {more > 0 && !isWhole && (
        <div class="record-more">
          <button type="button" class="button quiet small" onClick={() => setWhole(true)}>
            <span>
              <T k="record.more" v={{ count: more }} />
            </span>
          </button>
        </div>
      )}
    </section>
  );
}

interface SortingProps {
  word: string;
  by: Order;
  order: Order;
  onSort: (order: Order) => void;
  figures?: boolean;
}

function Sorting({ word, by, order, onSort, figures }: SortingProps) {
  return (
    <th scope="col" class={figures ? 'n' : undefined} aria-sort={by === order ? 'ascending' : undefined}>
      <button type="button" class="sorting" onClick={() => onSort(by)}>
        {word}
        {by === order && <span aria-hidden="true"> ▾</span>}
      </button>
    </th>
  );
}

/** The times over the lines, for the eye: each row says its own. */
function Axis({ report: { lesson }, axis }: { report: Report; axis: Stretch }) {
  return (
    <>
      <span class="visually-hidden">{t('record.when')}</span>
      <span class="presence-axis" aria-hidden="true">
        {ticksOf(axis, lesson.starts_at).map((tick) => (
          <span
            key={tick}
            class={place(tick, axis) > NEAR_END ? 'tick is-last' : 'tick'}
            style={{ insetInlineStart: `${place(tick, axis)}%` }}
          >
            <Num>{time(tick, lesson.time_zone)}</Num>
          </span>
        ))}
      </span>
    </>
  );
}

interface RowProps {
  of: ReportPerson;
  report: Report;
  axis: Stretch;
  planned: Stretch;
  onOpen: (person: ReportPerson) => void;
  isFolded?: boolean;
}

function Row({ of: person, report, axis, planned, onOpen, isFolded }: RowProps) {
  const rate = rateOf(person, report, planned);
  const [mark, remarks] = remarksOf(person, report);
  return (
    <tr class={isFolded ? 'is-folded' : undefined}>
      <th scope="row" class="name">
        <button type="button" class="name-button" onClick={() => onOpen(person)}>
          <PersonName of={person} />
        </button>
      </th>
      <td class="presence-cell">
        <PresenceLine spells={person.spells} axis={axis} />
      </td>
      <td class="n strong">
        <Num>{exactly(person.counted_us)}</Num>
        {person.corrected && <span class="corrected-mark">{t('record.corrected')}</span>}
      </td>
      <td class="n">{rate !== null && <Num>{percentOf(rate, 0)}</Num>}</td>
      <td class="remark">
        <span class="with-mark">
          {mark && <Mark kind={mark} />}
          <span>{remarks}</span>
        </span>
      </td>
    </tr>
  );
}

/** Somebody's name, or their number where the reader is shown no names. */
export function PersonName({ of: { name, number, role } }: { of: ReportPerson }) {
  if (name != null) return <bdi>{name}</bdi>;
  const key = role === 'trainer' || role === 'committee' ? (`nameless.${role}` as const) : 'nameless.trainee';
  return <T k={key} v={{ number: <Num>{number}</Num> }} />;
}
