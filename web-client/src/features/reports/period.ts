import { addDays, type Day, daysBetween, weekStart } from '../week/dates';

/** The periods that are called by a name, and `dates`: from one day to another. */
export const PERIODS = ['week', 'last-week', 'month', 'last-month', 'year', 'dates'] as const;
export type Period = (typeof PERIODS)[number];

/** What a period is held against: the one before it, the same a year ago, or nothing. */
export const COMPARES = ['before', 'year', 'none'] as const;
export type Compare = (typeof COMPARES)[number];

/** The longest time that one report covers, in days. */
export const DAYS_MAX = 400;

/** Days, both counted in. */
export interface Span {
  from: Day;
  to: Day;
}

/** The days of a period that has a name, as far as they have come. */
export function spanOf(period: Exclude<Period, 'dates'>, today: Day, zone: string): Span {
  const week = weekStart(today, zone);
  const month = `${today.slice(0, 7)}-01`;
  switch (period) {
    case 'week':
      return { from: week, to: today };
    case 'last-week':
      return { from: addDays(week, -7), to: addDays(week, -1) };
    case 'month':
      return { from: month, to: today };
    case 'last-month':
      return { from: addMonths(month, -1), to: addDays(month, -1) };
    case 'year':
      return { from: `${today.slice(0, 4)}-01-01`, to: today };
  }
}

/** What a period is held against; a month that is not over, against as many days of the one before it. */
export function comparedWith(compare: Compare, period: Period, { from, to }: Span): Span | null {
  if (compare === 'none') return null;
  if (compare === 'year' || period === 'year') return { from: addMonths(from, -12), to: addMonths(to, -12) };
  if (period === 'month') return { from: addMonths(from, -1), to: addMonths(to, -1) };
  if (period === 'last-month') return { from: addMonths(from, -1), to: addDays(from, -1) };
  // A week that is not over stands against the same days of the one before it.
  const back = period === 'week' ? -7 : -(daysBetween(from, to) + 1);
  return { from: addDays(from, back), to: addDays(to, back) };
}

/** Whether these are days, in order, and no more than a report takes. */
export function isSpan(from: string, to: string): boolean {
  return isDay(from) && isDay(to) && from <= to && daysBetween(from, to) < DAYS_MAX;
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00Z`)) && addDays(text, 0) === text;
}

/** The same day of another month, or the last one where that month is shorter. */
function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return addDays(first.toISOString().slice(0, 10), Math.min(date, length) - 1);
}
