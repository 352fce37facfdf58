import { addDays, type Day } from './dates';

/** How often, in the words of the form. */
export type Often = 'none' | 'weekly' | 'fortnightly' | 'daily';

/** Where it ends. */
export type End = { kind: 'date'; day: Day } | { kind: 'count'; count: number } | { kind: 'before'; day: Day };

/** The rule (RFC 5545) that a form's choices say; none where it is once. */
export function ruleOf(often: Often, end: End): string | null {
  if (often === 'none') return null;
  const every = { weekly: 'FREQ=WEEKLY', fortnightly: 'FREQ=WEEKLY;INTERVAL=2', daily: 'FREQ=DAILY' }[often];
  if (end.kind === 'count') return `${every};COUNT=${end.count}`;
  const last = end.kind === 'before' ? addDays(end.day, -1) : end.day;
  return `${every};UNTIL=${last.replaceAll('-', '')}`;
}
