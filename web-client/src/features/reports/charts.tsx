import { number } from '../../i18n/format';
import { Figures as FiguresIn, Num } from '../../ui/num';
import { dayText, monthText, shortDay } from '../week/dates';
import { ticksOf } from './axis';
import { PERS, type Per, type Report, type Step } from './calls';
import { Chart, type Line, type StepWords } from './chart';
import { hoursOf, hoursText, rateOf, valueText, wholePercent } from './measures';
import { MEASURES, type Measure, type Query } from './query';
import { t } from './words';

/** A subject that is ticked, with what it comes to over time. */
export interface Ticked {
  id: string;
  name: string;
  report: Report;
}

interface Props {
  report: Report;
  ticked: readonly Ticked[];
  query: Query;
  zone: string;
  isBusy: boolean;
  onChange: (query: Query) => void;
}

/** What the figures were over time: two charts, or the same in a table. */
export function Charts({ report, ticked, query, zone, isBusy, onChange }: Props) {
  const { view, measure } = query;
  const per = PERS.find((each) => each === report.per) ?? 'day';
  const steps = report.series.map((step) => wordsOf(step, per, zone));
  return (
    <section class="panel report-charts" aria-busy={isBusy} aria-labelledby="over-time">
      <header class="panel-head">
        <h2 id="over-time">{t(`chart.per.${per}`)}</h2>
        <fieldset class="segments" aria-label={t('chart.measure')}>
          {MEASURES.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === measure}
              onClick={() => onChange({ ...query, measure: each })}
            >
              {t(`measure.${each}`)}
            </button>
          ))}
        </fieldset>
        <fieldset class="segments" aria-label={t('chart.view')}>
          {(['charts', 'table'] as const).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === view}
              onClick={() => onChange({ ...query, view: each })}
            >
              {t(`chart.${each}`)}
            </button>
          ))}
        </fieldset>
      </header>
      {view === 'table' ? (
        <Twin report={report} ticked={ticked} measure={measure} steps={steps} />
      ) : (
        <div class="report-chart-pair">
          <Rates report={report} ticked={ticked} measure={measure} steps={steps} />
          <Hours report={report} ticked={ticked} steps={steps} />
        </div>
      )}
    </section>
  );
}

interface DrawnProps {
  report: Report;
  ticked: readonly Ticked[];
  steps: readonly StepWords[];
}

const PERCENTS = [0, 25, 50, 75, 100];

/** Attendance, punctuality or voice: from 0 to 100, however close together they lie. */
function Rates({ report, ticked, measure, steps }: DrawnProps & { measure: Measure }) {
  const lines = linesOf(report, ticked, (step) => rateOf(measure, step.figures));
  return (
    <div>
      <h3>{t(`measure.${measure}`)}</h3>
      <Chart
        label={said(t(`measure.${measure}`), lines, steps, (value) => valueText(measure, value))}
        steps={steps}
        lines={lines}
        max={100}
        ticks={PERCENTS}
        tickText={measure === 'speech' ? (value) => number(value) : wholePercent}
        text={(value) => valueText(measure, value)}
      />
    </div>
  );
}

/** The hours that were given: before those that were planned, or of each that is ticked. */
function Hours({ report, ticked, steps }: DrawnProps) {
  const given = ({ figures }: Step) => (figures.planned_us > 0 ? hoursOf(figures.given_us) : null);
  const part: Line = { name: t('hours.given'), look: 0, values: report.series.map(given) };
  const whole: Line = {
    ...{ name: t('hours.planned'), look: 1 },
    values: report.series.map(({ figures }) => hoursOf(figures.planned_us)),
  };
  const bars = ticked.length === 0 ? { whole, part } : undefined;
  const drawn = bars ? [] : linesOf(report, ticked, given);
  const all = bars ? [part, whole] : drawn;
  const { max, ticks } = ticksOf(Math.max(0, ...all.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const text = (value: number) => hoursText(value * 3_600_000_000);
  return (
    <div>
      <h3>{t('hours.title')}</h3>
      <Chart
        label={said(t('hours.title'), all, steps, text)}
        steps={steps}
        lines={drawn}
        {...(bars && { bars })}
        max={max}
        ticks={ticks}
        tickText={text}
        text={text}
      />
    </div>
  );
}

/** One line for each that is ticked, a single one before all; else one for all, and one for the period before. */
function linesOf(
  { series, before_series, ...report }: Report,
  ticked: readonly Ticked[],
  value: (step: Step) => number | null,
) {
  if (ticked.length > 0) {
    const lines = ticked.map<Line>((each, look) => ({ name: each.name, look, values: each.report.series.map(value) }));
    if (lines.length === 1) lines.push({ name: t('chart.all'), look: 'before', values: series.map(value) });
    return lines;
  }
  const lines: Line[] = [{ name: t('chart.now'), look: 0, values: series.map(value) }];
  if (report.compare && before_series) {
    // What the period before has more of, as a month of 31 days, has no place under this one.
    const values = before_series.slice(0, series.length).map(value);
    if (values.some((each) => each)) lines.push({ name: t('chart.before'), look: 'before', values });
  }
  return lines;
}

/** What a drawing shows, in a sentence: each line's first and last value. */
function said(
  what: string,
  lines: readonly Line[],
  steps: readonly StepWords[],
  text: (value: number) => string,
): string {
  const parts = lines.map(({ name, values }) => {
    const known = values.flatMap((value, at) => (value === null ? [] : [{ value, at }]));
    const [first, last] = [known[0], known.at(-1)];
    if (!first || !last) return t('chart.saidNothing', { name });
    return t('chart.said', {
      ...{ name, first: text(first.value), last: text(last.value) },
      ...{ from: steps[first.at]?.whole ?? '', to: steps[last.at]?.whole ?? '' },
    });
  });
  return t('chart.saidAll', { what, lines: parts.join(' ; ') });
}

function wordsOf({ from, to }: Step, per: Per, zone: string): StepWords {
  if (per === 'month') return { short: monthText(from, zone, 'short'), whole: monthText(from, zone, 'long') };
  if (per === 'day' || from === to) return { short: shortDay(from, zone), whole: dayText(from, zone) };
  return {
    short: shortDay(from, zone),
    whole: t('chart.week', { from: shortDay(from, zone), to: shortDay(to, zone) }),
  };
}

/** The same figures as the charts have. */
function Twin({ report, ticked, measure, steps }: DrawnProps & { measure: Measure }) {
  const rates = linesOf(report, ticked, (step) => rateOf(measure, step.figures));
  const given = linesOf(report, ticked, ({ figures }) => figures.given_us);
  const planned = report.series.map(({ figures }) => figures.planned_us);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too
    <section class="table-frame" tabIndex={0} aria-label={t('chart.twin')}>
      <table class="table report-twin">
        <caption class="visually-hidden">{t('chart.twin')}</caption>
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              {t('chart.when')}
            </th>
            <th scope="colgroup" colSpan={rates.length}>
              {t(`measure.${measure}`)}
            </th>
            <th scope="colgroup" colSpan={given.length + (ticked.length === 0 ? 1 : 0)}>
              {t('hours.title')}
            </th>
          </tr>
          <tr>
            {rates.map(({ name }, place) => (
              <th key={place} scope="col" class="n">
                <bdi>{name}</bdi>
              </th>
            ))}
            {given.map(({ name }, place) => (
              <th key={place} scope="col" class="n">
                <bdi>{name}</bdi>
              </th>
            ))}
            {ticked.length === 0 && (
              <th scope="col" class="n">
                {t('hours.planned')}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {steps.map(({ whole }, at) => (
            <tr key={whole}>
              <th scope="row">
                <FiguresIn text={whole} />
              </th>
              {rates.map(({ values }, place) => (
                <td key={place} class="n">
                  <Value of={values[at]} text={(value) => valueText(measure, value)} />
                </td>
              ))}
              {given.map(({ values }, place) => (
                <td key={place} class="n">
                  <Value of={values[at]} text={hoursText} />
                </td>
              ))}
              {ticked.length === 0 && (
                <td class="n">
                  <Value of={planned[at]} text={hoursText} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Value({ of, text }: { of: number | null | undefined; text: (value: number) => string }) {
  return of === null || of === undefined ? <span class="ink-2">–</span> : <Num>{text(of)}</Num>;
}
