/** How many steps of time have a label under a chart. */
const LABELS_MAX = 6;

/** Up to how many steps of time each has a dot: beyond, the line says it all. */
const DOTS_MAX = 31;

/** Where the middle of a step stands on a chart, in hundredths of its width. */
export function middle(at: number, of: number): number {
  return ((at + 0.5) / of) * 100;
}

/** Where a value stands, in hundredths of the height from the top. */
export function height(value: number, max: number): number {
  return 100 - (Math.min(Math.max(value, 0), max) / max) * 100;
}

/** Where an axis ends, and what is said on it: from nothing up, in round numbers. */
export function ticksOf(greatest: number): { max: number; ticks: readonly number[] } {
  const rough = Math.max(greatest, 1) / 4;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * ten).find((each) => each >= rough - 1e-9) ?? rough;
  const count = Math.max(1, Math.ceil(greatest / step - 1e-9));
  return { max: step * count, ticks: Array.from({ length: count + 1 }, (_, at) => at * step) };
}

/** Which steps have a label; every other one of them is left out where the screen is narrow. */
export function labelled(count: number): readonly number[] {
  const every = Math.max(1, Math.ceil(count / LABELS_MAX));
  return Array.from({ length: count }, (_, at) => at).filter((at) => at % every === 0);
}

/** A line through what is known: on a day without lessons there is nothing that it could have missed. */
export function lineOf(values: readonly (number | null)[], max: number): string {
  const points = values.flatMap((value, at) =>
    value === null ? [] : [`${short(middle(at, values.length))} ${short(height(value, max))}`],
  );
  return points.length === 0 ? '' : `M${points.join('L')}`;
}

/** Dots of no length, which their stroke's round or square ends make visible; where there are many, of the first alone. */
export function dotsOf(values: readonly (number | null)[], max: number): string {
  const first = values.findIndex((value) => value !== null);
  return values
    .map((value, at) => {
      if (value === null || (values.length > DOTS_MAX && at !== first)) return '';
      return `M${short(middle(at, values.length))} ${short(height(value, max))}h0`;
    })
    .join('');
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
