import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import type { ReportRow } from './calls';
import {
  GIVEN_PERCENT,
  LOW_PERCENT,
  type Look,
  lookAt,
  NOTABLE_POINTS,
  rateOf,
  signed,
  valueText,
  wholePercent,
} from './measures';
import { addressOf, type By, into, type Query } from './query';
import { T, t } from './words';

/** How many are named. */
const NAMED_MAX = 6;

/** Of many regions or institutions those that deserve a look, the lowest attendance first, and why. */
export function Watch({ rows, by, query }: { rows: readonly ReportRow[]; by: By; query: Query }) {
  const looks = rows
    .flatMap(({ id, name, figures, before }) => {
      const look = lookAt(figures, before);
      return look && id ? [{ id, name, look, attendance: rateOf('attendance', figures) }] : [];
    })
    .sort((a, b) => (a.attendance ?? 0) - (b.attendance ?? 0));
  const more = looks.length - NAMED_MAX;
  return (
    <section class="panel report-watch" aria-labelledby="watch">
      <h2 id="watch">{t('watch.title')}</h2>
      <p class="t-s ink-2">
        <T
          k="watch.rule"
          v={{
            below: <Num>{wholePercent(LOW_PERCENT)}</Num>,
            points: <Num>{NOTABLE_POINTS}</Num>,
            given: <Num>{wholePercent(GIVEN_PERCENT)}</Num>,
          }}
        />
      </p>
      {looks.length === 0 && <p>{t('watch.nothing')}</p>}
      {looks.length > 0 && (
        <ul class="rows">
          {looks.slice(0, NAMED_MAX).map(({ id, name, look, attendance }) => (
            <li key={id}>
              <a class="row" href={addressOf(into(query, by, id))}>
                <span class="row-words">
                  <b>
                    <bdi>{name}</bdi>
                  </b>
                  <Reasons of={look} attendance={attendance} />
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
      {more > 0 && (
        <p class="t-s ink-2">
          <T k="watch.more" v={{ count: more }} />
        </p>
      )}
    </section>
  );
}

function Reasons({ of: look, attendance }: { of: Look; attendance: number | null }) {
  const reasons = [
    look.low && attendance !== null && (
      <T k="watch.low" v={{ rate: <Num>{valueText('attendance', attendance)}</Num> }} />
    ),
    look.fell !== null && <T k="watch.falling" v={{ by: <Num>{signed(look.fell, 1)?.slice(1)}</Num> }} />,
    look.given !== null && <T k="watch.given" v={{ rate: <Num>{valueText('given', look.given)}</Num> }} />,
  ].filter(Boolean);
  return (
    <>
      {reasons.map((reason, at) => (
        <span key={at} class="state is-attention t-s">
          <Mark kind="attention" />
          <span>{reason}</span>
        </span>
      ))}
    </>
  );
}
