import type { Report, ReportPerson } from './report';

/** A time from when until when, in microseconds. */
export interface Stretch {
  from: number;
  to: number;
}

/** How long somebody may be missing at the start, at the end or by lost connections before it deserves a look. */
export const WORTH_A_LOOK_US = 5 * 60 * 1_000_000;

/** What of the planned time is over: all of it once the lesson is. */
export function plannedSoFar({ lesson }: Report, now: number): Stretch {
  const { starts_at: from, ends_at, phase } = lesson;
  return { from, to: phase === 'ended' ? ends_at : Math.max(from, Math.min(ends_at, now)) };
}

/** How long somebody counted before any correction, in microseconds, by the institution's rule. */
export function workedOutUs({ present_us, away_us }: ReportPerson, awayCounts: boolean): number {
  return present_us + (awayCounts ? away_us : 0);
}

/** Which part of the planned time somebody counts as present, from 0 to 1; nothing where none of it is over. */
export function rateOf(person: ReportPerson, report: Report, planned: Stretch): number | null {
  const length = planned.to - planned.from;
  if (length <= 0) return null;
  const counts = (kind: string) => kind === 'present' || (kind === 'away' && report.away_counts);
  const within = person.spells
    .filter(({ kind }) => counts(kind))
    .reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, planned.to) - Math.max(from, planned.from)), 0);
  return Math.min(1, (person.corrected?.present_us ?? within) / length);
}

/** The trainees of a lesson: those it was for, and others who came as such. */
export function traineesOf({ people }: Report): ReportPerson[] {
  return people.filter(({ role }) => role === 'trainee');
}

/** Those it was for; of a lesson that was for no group, all who came. */
export function expectedOf(report: Report): ReportPerson[] {
  const trainees = traineesOf(report);
  return report.expected > 0 ? trainees.filter(({ expected }) => expected) : trainees;
}

/** The rate of those it was for together; nothing where there are none, or nothing of the lesson is over. */
export function rateOfAll(report: Report, planned: Stretch): number | null {
  const rates = expectedOf(report).map((person) => rateOf(person, report, planned));
  const known = rates.filter((rate) => rate !== null);
  return known.length === 0 ? null : known.reduce((sum, rate) => sum + rate, 0) / known.length;
}

/** Whether somebody was there, or counts as if they had been. */
export function came(person: ReportPerson): boolean {
  return person.spells.length > 0 || (person.corrected?.present_us ?? 0) > 0;
}

/** What the line of presence is drawn over: the planned time, and what of the lesson lay before and after it. */
export function axisOf({ lesson }: Report, now: number): Stretch {
  const ended = lesson.ended_at ?? (lesson.phase === 'live' ? Math.min(now, lesson.ends_at) : lesson.ends_at);
  return {
    from: Math.min(lesson.starts_at, lesson.started_at ?? lesson.starts_at),
    to: Math.max(lesson.ends_at, ended),
  };
}

const MINUTE_US = 60 * 1_000_000;

/** Which steps the axis may have, in minutes, and how many of them at most. */
const STEPS = [5, 10, 15, 30, 60, 120, 240] as const;
const STEPS_MAX = 4;

/** The times that are written over the lines: the planned start, and on from it in even steps. */
export function ticksOf(axis: Stretch, start: number): number[] {
  const length = axis.to - axis.from;
  const step = (STEPS.find((minutes) => length / (minutes * MINUTE_US) <= STEPS_MAX) ?? 480) * MINUTE_US;
  const ticks: number[] = [];
  for (let at = start; at <= axis.to; at += step) ticks.push(at);
  return ticks;
}

export const ORDERS = ['presence', 'name'] as const;
export type Order = (typeof ORDERS)[number];

/** People in an order; those who were there least first, so that who deserves a look is seen. */
export function sorted(people: readonly ReportPerson[], order: Order, of: string): ReportPerson[] {
  const names = new Intl.Collator(of, { numeric: true });
  const byName = (a: ReportPerson, b: ReportPerson) =>
    a.name != null && b.name != null ? names.compare(a.name, b.name) : a.number - b.number;
  const byPresence = (a: ReportPerson, b: ReportPerson) => a.counted_us - b.counted_us;
  return [...people].sort(order === 'name' ? byName : (a, b) => byPresence(a, b) || byName(a, b));
}
