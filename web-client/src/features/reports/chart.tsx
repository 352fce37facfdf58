import { useState } from 'preact/hooks';
import { Num } from '../../ui/num';
import { dotsOf, height, labelled, lineOf, middle } from './axis';

/** What is drawn for one subject or one period: its look tells it apart without colour. */
export interface Line {
  name: string;
  look: number | 'before';
  values: readonly (number | null)[];
}

/** A step of time, as it stands under the chart and as it is read. */
export interface StepWords {
  short: string;
  whole: string;
}

interface Props {
  /** All that the drawing says, for who does not see it; every figure stands in the table beside it. */
  label: string;
  steps: readonly StepWords[];
  lines: readonly Line[];
  /** What was to be, behind what was: two bars for each step. */
  bars?: { whole: Line; part: Line };
  max: number;
  ticks: readonly number[];
  tickText: (value: number) => string;
  text: (value: number) => string;
}

/** Values over time. Drawn from left to right and turned around where the writing runs the other way. */
export function Chart({ label, steps, lines, bars, max, ticks, tickText, text }: Props) {
  const [at, setAt] = useState<number | null>(null);
  const count = steps.length;
  const all = bars ? [bars.part, bars.whole, ...lines] : lines;
  const pointed = at === null ? undefined : steps[at];
  return (
    <figure class="chart">
      <ul class="chart-keys" aria-hidden="true">
        {all.map((line, place) => (
          <li key={place}>
            <Key look={line.look} bar={line === bars?.part ? 'part' : line === bars?.whole ? 'whole' : undefined} />
            <bdi>{line.name}</bdi>
          </li>
        ))}
      </ul>
      <div class="chart-frame">
        <div class="chart-ticks" aria-hidden="true">
          {ticks.map((tick) => (
            <span key={tick} style={{ insetBlockStart: `${height(tick, max)}%` }}>
              <Num>{tickText(tick)}</Num>
            </span>
          ))}
        </div>
        <div
          class="chart-plot"
          onPointerMove={(event) => setAt(stepUnder(event, count))}
          onPointerLeave={() => setAt(null)}
        >
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={label}>
            {ticks.map((tick) => (
              <path key={tick} class={tick === 0 ? 'chart-base' : 'chart-grid'} d={`M0 ${height(tick, max)}h100`} />
            ))}
            {at !== null && <path class="chart-pointed" d={`M${middle(at, count)} 0v100`} />}
            {bars && <Bars {...bars} max={max} />}
            {lines.map(({ look, values }, place) => (
              <g key={place} class={`chart-line is-${look}`}>
                <path d={lineOf(values, max)} />
                <path class="chart-dots" d={dotsOf(values, max)} />
              </g>
            ))}
          </svg>
        </div>
        <div class="chart-steps" aria-hidden="true">
          {labelled(count).map((step, place) => (
            <span
              key={step}
              class={place % 2 === 1 ? 'wide-only' : undefined}
              style={{ insetInlineStart: `${middle(step, count)}%` }}
            >
              <bdi>{steps[step]?.short}</bdi>
            </span>
          ))}
        </div>
      </div>
      <figcaption class="chart-read t-s" aria-hidden="true">
        {pointed && at !== null && (
          <>
            <b>{pointed.whole}</b>
            {all.map(({ name, values }, place) => (
              <span key={place}>
                <bdi>{name}</bdi> <Num>{readable(values[at], text)}</Num>
              </span>
            ))}
          </>
        )}
      </figcaption>
    </figure>
  );
}

const readable = (value: number | null | undefined, text: (value: number) => string) =>
  value === null || value === undefined ? '–' : text(value);

/** The step that a pointer is over, the way the writing runs. */
function stepUnder(event: PointerEvent, count: number): number | null {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  if (box.width === 0 || count === 0) return null;
  const share = (event.clientX - box.x) / box.width;
  const along = document.documentElement.dir === 'rtl' ? 1 - share : share;
  return Math.min(count - 1, Math.max(0, Math.floor(along * count)));
}

function Bars({ whole, part, max }: { whole: Line; part: Line; max: number }) {
  const count = whole.values.length;
  const wide = 70 / count;
  const bar = (values: Line['values'], width: number) =>
    values
      .map((value, at) => {
        if (!value) return '';
        const top = height(value, max);
        return `M${middle(at, count) - width / 2} 100V${top}h${width}V100Z`;
      })
      .join('');
  return (
    <>
      <path class="chart-whole" d={bar(whole.values, wide)} />
      <path class="chart-part" d={bar(part.values, wide * 0.64)} />
    </>
  );
}

/** What a line or a bar looks like, beside its name. */
export function Key({ look, bar }: { look: Line['look']; bar?: 'part' | 'whole' | undefined }) {
  return (
    <svg class="chart-key" viewBox="0 0 32 12" aria-hidden="true">
      {bar ? (
        <path class={`chart-${bar}`} d="M10 1h12v10H10z" />
      ) : (
        <g class={`chart-line is-${look}`}>
          <path d="M1 6h30" />
          <path class="chart-dots" d="M16 6h0" />
        </g>
      )}
    </svg>
  );
}
