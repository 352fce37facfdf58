import { type Language, language } from '../../i18n';
import { number } from '../../i18n/format';
import type { Figures } from './calls';
import { COLUMNS, type Measure } from './query';

const US_PER_HOUR = 3_600_000_000;
const NO_BREAK = '\u00a0';

/** From how many points on a change for the worse deserves a look. */
export const NOTABLE_POINTS = 5;

/** Below this an attendance deserves a look, and below that a share of the planned hours, in percent. */
export const LOW_PERCENT = 60;
export const GIVEN_PERCENT = 90;

/** What a measure is of lessons; nothing where there is nothing to measure. */
export function rateOf(measure: Measure | 'given', figures: Figures): number | null {
  switch (measure) {
    case 'attendance':
      return figures.attendance_percent ?? null;
    case 'punctual':
      return figures.punctual_percent ?? null;
    case 'speech':
      return figures.speech ?? null;
    case 'given':
      return figures.given_percent ?? null;
  }
}

/** `84,2 %` or, of speech, `92,8`: rounded down, as all of them is said only of all of them; always with its decimal. */
export function valueText(measure: Measure | 'given', value: number, of: Language = language.value): string {
  const text = shown(value).toFixed(1);
  const figure = of === 'en' ? text : text.replace('.', ',');
  return measure === 'speech' ? figure : ofHundred(figure, of);
}

/** A whole number of hundredths: `75 %`. */
export function wholePercent(value: number, of: Language = language.value): string {
  return ofHundred(number(value, 0, of), of);
}

function ofHundred(figure: string, of: Language): string {
  return of === 'en' ? `${figure}%` : `${figure}${NO_BREAK}%`;
}

/** A rate as it is shown: changes are told between what is read. */
export function shown(value: number): number {
  return floor(value, 1);
}

function floor(value: number, decimals: number): number {
  // What is whole but for the computer's own fractions is whole.
  const scale = 10 ** decimals;
  return Math.floor(value * scale + 1e-6) / scale;
}

/** Hours of microseconds: `1 234 h`; with a decimal where they are few. */
export function hoursText(us: number, of: Language = language.value): string {
  const hours = us / US_PER_HOUR;
  return `${number(hours, hours < 100 ? 1 : 0, of)}${NO_BREAK}h`;
}

export const hoursOf = (us: number): number => us / US_PER_HOUR;

const UNITS: Record<Language, readonly [string, string, string]> = {
  ar: ['ميغا', 'جيغا', 'تيرا'],
  fr: ['Mo', 'Go', 'To'],
  en: ['MB', 'GB', 'TB'],
};

/** Bytes in the unit that leaves few digits: `2,4 Go`. */
export function bytesParts(bytes: number, of: Language = language.value): { figure: string; unit: string } {
  let value = Math.abs(bytes) / 1e6;
  let at = 0;
  while (value >= 1000 && at < 2) {
    value /= 1000;
    at += 1;
  }
  return { figure: number(value, value < 100 ? 1 : 0, of), unit: UNITS[of][at] as string };
}

export interface Look {
  low: boolean;
  /** By how many points attendance fell. */
  fell: number | null;
  /** The share of the planned hours that was given. */
  given: number | null;
}

/** Why one of many deserves a look; nothing where it does not. */
export function lookAt(figures: Figures, before: Figures | null | undefined): Look | null {
  const [now, was] = [rateOf('attendance', figures), before ? rateOf('attendance', before) : null];
  const given = rateOf('given', figures);
  const fell = now === null || was === null ? 0 : shown(was) - shown(now);
  const look = {
    low: now !== null && now < LOW_PERCENT,
    fell: fell >= NOTABLE_POINTS ? fell : null,
    given: given !== null && given < GIVEN_PERCENT ? given : null,
  };
  return look.low || look.fell !== null || look.given !== null ? look : null;
}

/** How much a figure went up or down: `+2,4`; nothing where it stayed. */
export function signed(difference: number, decimals: number, of: Language = language.value): string | null {
  const text = number(Math.abs(difference), decimals, of);
  if (Number(text.replace(',', '.').replace(/\s/g, '')) === 0) return null;
  return `${difference < 0 ? '\u2212' : '+'}${text}`;
}

/** The mean data of an hour that somebody was there. */
export function bytesPerHour({ bytes, present_us }: Figures): number | null {
  return present_us > 0 ? bytes / (present_us / US_PER_HOUR) : null;
}

/** What a table is ordered by. */
export function sortedBy<R extends { name: string; figures: Figures }>(
  rows: readonly R[],
  sort: string,
  of: string,
): R[] {
  const descending = sort.startsWith('-');
  const column = COLUMNS.find((each) => each === sort.replace(/^-/, '')) ?? 'name';
  const names = new Intl.Collator(of);
  const value = ({ figures }: R): number | null => {
    if (column === 'data') return figures.bytes;
    return column === 'name' ? null : rateOf(column, figures);
  };
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (column === 'name') return names.compare(a.name, b.name) * (descending ? -1 : 1);
    // What has nothing to measure stands at the end, whichever way.
    if (x === null || y === null) return Number(x === null) - Number(y === null) || names.compare(a.name, b.name);
    return (descending ? y - x : x - y) || names.compare(a.name, b.name);
  });
}
