import { type Language, language } from '../../i18n';

/** A day as 2026-11-30. */
export type Day = string;

/** A wall time as 2026-11-30T08:30. */
export type Wall = string;

const DAY_MS = 86_400_000;

/** How a start is rounded when it is moved, in minutes. */
export const STEP = 15;

const utc = (day: Day) => Date.parse(`${day}T00:00Z`);
const dayOf = (ms: number): Day => new Date(ms).toISOString().slice(0, 10);

export function addDays(day: Day, days: number): Day {
  return dayOf(utc(day) + days * DAY_MS);
}

/** How many days lie between two days. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((utc(to) - utc(from)) / DAY_MS);
}

/** A wall time moved by minutes of the wall clock. */
export function addMinutes(wall: Wall, minutes: number): Wall {
  return new Date(Date.parse(`${wall}Z`) + minutes * 60_000).toISOString().slice(0, 16);
}

/** The day and the minute of the day that it is in a zone. */
export function civil(micros: number, zone: string): { day: Day; minute: number } {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(micros / 1000)
      .map(({ type, value }) => [type, value]),
  );
  return {
    day: `${parts.year}-${parts.month}-${parts.day}`,
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

/** Where the working week begins on Sunday and ends on Thursday. */
const SUNDAY_TO_THURSDAY = new Set(['Africa/Algiers']);

/** The first day of the week around a day, as the institution's country counts. */
export function weekStart(day: Day, zone: string): Day {
  const weekday = new Date(utc(day)).getUTCDay();
  return addDays(day, SUNDAY_TO_THURSDAY.has(zone) ? -weekday : -((weekday + 6) % 7));
}

/** The days of a week that are shown: working days, and others on which there is something. */
export function weekDays(start: Day, zone: string, busy: ReadonlySet<Day>): Day[] {
  const working = SUNDAY_TO_THURSDAY.has(zone) ? 5 : 6;
  return Array.from({ length: 7 }, (_, ordinal) => addDays(start, ordinal)).filter(
    (day, ordinal) => ordinal < working || busy.has(day),
  );
}

/** The first day of the next Ramadan after a day by the Umm al-Qura calendar, where the browser knows it. */
export function nextRamadan(after: Day): Day | null {
  const format = new Intl.DateTimeFormat('en-u-ca-islamic-umalqura', { timeZone: 'UTC', month: 'numeric' });
  if (format.resolvedOptions().calendar !== 'islamic-umalqura') return null;
  const isRamadan = (day: Day) => format.formatToParts(utc(day)).find(({ type }) => type === 'month')?.value === '9';
  for (let ahead = 1; ahead < 400; ahead += 1) {
    const day = addDays(after, ahead);
    if (isRamadan(day) && !isRamadan(addDays(day, -1))) return day;
  }
  return null;
}

/** The locale in which an institution's days are written: Arabic months differ by country. */
function localeOf(zone: string, of: Language): string {
  const arabic = zone === 'Africa/Casablanca' || zone === 'Africa/El_Aaiun' ? 'ar-MA' : 'ar-DZ';
  return { ar: `${arabic}-u-nu-latn`, fr: 'fr', en: 'en-GB' }[of];
}

/** The first and the last of some days in words, what they share with the last: `23` and `28 novembre 2026`. */
export function spanOf(from: Day, to: Day, zone: string, of: Language = language.value): { from: string; to: string } {
  const format = new Intl.DateTimeFormat(localeOf(zone, of), {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  const parts = format.formatRangeToParts(utc(from), utc(to));
  const between = parts.findIndex(({ source, value }) => source === 'shared' && value.includes('–'));
  const text = (some: typeof parts) => some.map(({ value }) => value).join('');
  return { from: text(parts.slice(0, between)), to: text(parts.slice(between + 1)) };
}

/** A weekday's name, its first letter a capital. */
export function weekdayText(day: Day, zone: string, of: Language = language.value): string {
  const text = new Intl.DateTimeFormat(localeOf(zone, of), { timeZone: 'UTC', weekday: 'long' }).format(utc(day));
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A day in words: `Jeudi 26 novembre`. */
export function dayText(day: Day, zone: string, of: Language = language.value): string {
  const text = dayWithin(day, zone, of);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A day in words, within a sentence: `jeudi 26 novembre`. */
export function dayWithin(day: Day, zone: string, of: Language = language.value): string {
  const format = new Intl.DateTimeFormat(localeOf(zone, of), {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  });
  return format.format(utc(day)).replace('،', '');
}

/** A minute of the day: `9 h 05` in French, `09:05` else. */
export function minuteText(minute: number, of: Language = language.value): string {
  const [hour, rest] = [Math.floor(minute / 60) % 24, String(minute % 60).padStart(2, '0')];
  return of === 'fr' ? `${hour}\u00a0h\u00a0${rest}` : `${String(hour).padStart(2, '0')}:${rest}`;
}

/** A day as short as it is understood: `3 nov.` */
export function shortDay(day: Day, zone: string, of: Language = language.value): string {
  const format = new Intl.DateTimeFormat(localeOf(zone, of), { timeZone: 'UTC', day: 'numeric', month: 'short' });
  return format.format(utc(day));
}

/** The month of a day, alone or with its year: `nov.`, `novembre 2026`. */
export function monthText(day: Day, zone: string, length: 'short' | 'long', of: Language = language.value): string {
  const year = length === 'long' ? { year: 'numeric' as const } : {};
  return new Intl.DateTimeFormat(localeOf(zone, of), { timeZone: 'UTC', month: length, ...year }).format(utc(day));
}

export interface Placed {
  from: number;
  to: number;
}

/** Beside what a lesson of a day stands, and among how many. */
export function lanes(items: readonly Placed[]): { lane: number; of: number }[] {
  const order = items.map((_, index) => index).sort((a, b) => at(items, a).from - at(items, b).from);
  const placed = items.map(() => ({ lane: 0, of: 1 }));
  let cluster: number[] = [];
  let ends: number[] = [];
  let clusterEnd = Number.NEGATIVE_INFINITY;
  const close = () => {
    for (const index of cluster) at(placed, index).of = ends.length;
    cluster = [];
    ends = [];
  };
  for (const index of order) {
    const { from, to } = at(items, index);
    if (from >= clusterEnd) close();
    const free = ends.findIndex((end) => end <= from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = to;
    at(placed, index).lane = lane;
    cluster.push(index);
    clusterEnd = Math.max(cluster.length === 1 ? to : clusterEnd, to);
  }
  close();
  return placed;
}

function at<T>(list: readonly T[], index: number): T {
  return list[index] as T;
}
