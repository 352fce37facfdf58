import { t } from './words';

/** What a webhook can be told of. */
export const EVENTS = ['lesson.started', 'lesson.ended', 'attendance.ready', 'alarm.raised'] as const;
export type Event = (typeof EVENTS)[number];

export function isEvent(text: string): text is Event {
  return EVENTS.some((event) => event === text);
}

/** Events in words; one that this client does not know by its code. */
export function eventWords(events: readonly string[]): string[] {
  return events.map((event) => (isEvent(event) ? t(`event.${event}`) : event));
}
