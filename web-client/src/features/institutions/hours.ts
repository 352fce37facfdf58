import type { InstitutionCard } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { type Language, language } from '../../i18n';

/** A day's hours as fields of time have them: `08:30`; null where it is closed. */
export type DayHours = { first: string; last: string } | null;

const DAY_MINUTES = 24 * 60;
const WEEKDAYS = 7;

/** What a day begins with that is opened. */
export const FIRST_HOURS: DayHours = { first: '08:30', last: '18:30' };

/** Monday of some week, in UTC. */
const MONDAY_MS = Date.UTC(2024, 0, 1);

/** The weekdays' names from Monday, as the server counts them. */
export function weekdays(of: Language = language.value): string[] {
  const format = new Intl.DateTimeFormat(of, { timeZone: 'UTC', weekday: 'long' });
  const names = Array.from({ length: WEEKDAYS }, (_, ordinal) => format.format(MONDAY_MS + ordinal * 86_400_000));
  return names.map((name) => name.charAt(0).toUpperCase() + name.slice(1));
}

/** Seven days, or null where nothing is said of them. */
export function hoursOf({ opening_hours }: Pick<InstitutionCard, 'opening_hours'>): DayHours[] | null {
  return opening_hours?.map((day) => day && { first: text(day.first), last: text(day.last) }) ?? null;
}

/** As the server takes them. Throws `ApiProblem` where a day can't be. */
export function openingHours(days: readonly DayHours[] | null) {
  const faults: { field: string; code: string; detail: string }[] = [];
  const said = (days ?? []).map((day, index) => {
    if (!day) return null;
    const [first, last] = [minutes(day.first), minutes(day.last) || DAY_MINUTES];
    const field = `opening_hours.${index}`;
    if (day.first === '' || day.last === '') faults.push({ field, code: 'missing', detail: '' });
    else if (first >= last) faults.push({ field, code: 'end_before_start', detail: '' });
    return { first, last };
  });
  if (faults.length > 0) throw new ApiProblem('fields_invalid', 0, '', faults);
  return said;
}

function minutes(time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}

function text(minutes: number): string {
  const pad = (part: number) => String(part).padStart(2, '0');
  return `${pad(Math.floor(minutes / 60) % 24)}:${pad(minutes % 60)}`;
}
