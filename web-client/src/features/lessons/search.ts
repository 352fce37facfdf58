import type { TimetableItem } from '../../api/client';
import type { MarkKind } from '../../ui/mark';

/** After how long a lesson that nobody started deserves a look, in microseconds. */
const LATE_AFTER_US = 5 * 60 * 1_000_000;

/** Text as it is searched: without case, accents, vowel signs, and with the letters that Arabic writes in several ways as one. */
export function plainText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u0640\u064b-\u065f\u0670]/g, '')
    .replace(/[\u0622\u0623\u0625]/g, '\u0627')
    .replace(/\u0649/g, '\u064a')
    .replace(/\u0629/g, '\u0647')
    .toLowerCase();
}

/** Whether each word that is searched for stands in the lesson's course, title, group or trainer. */
export function fits({ course, title, group, trainer }: TimetableItem, search: string): boolean {
  const text = plainText([course.name, title, group.name, trainer.name].join(' '));
  return plainText(search)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** What a lesson is now: its mark and the word for it. */
export function stateOf(
  lesson: TimetableItem,
  now: number,
): [MarkKind, 'off' | 'live' | 'ended' | 'missed' | 'planned'] {
  if (lesson.cancelled_at) return ['ended', 'off'];
  if (lesson.phase === 'live') return ['live', 'live'];
  if (lesson.phase === 'ended') return ['ended', 'ended'];
  return lesson.starts_at + LATE_AFTER_US < now ? ['attention', 'missed'] : ['plan', 'planned'];
}
