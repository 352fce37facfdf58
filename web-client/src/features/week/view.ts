import type { TimetableItem } from '../../api/client';
import type { MarkKind } from '../../ui/mark';
import { lessonName } from '../../ui/parts/lesson-name';
import { civil, type Day } from './dates';
import { t } from './words';

/** After how long a lesson that nobody started deserves a look, in microseconds. */
const LATE_AFTER_US = 5 * 60 * 1_000_000;

/** A lesson with its place in the week, by the institution's clocks. */
export interface Shown {
  lesson: TimetableItem;
  day: Day;
  from: number;
  /** After midnight this is more than a day's minutes. */
  to: number;
}

/** What is in the way of a change, as the server says it. */
export interface Clashes {
  conflicts: {
    lesson: string;
    title: string;
    starts_at: number;
    ends_at: number;
    who: string[];
    trainer?: { name: string } | null;
    group?: { name: string } | null;
    venue?: { name: string } | null;
  }[];
  too_small?: { venue: string; capacity: number; size: number } | null;
  free: { starts_at: number; ends_at: number }[];
}

export function shown(lesson: TimetableItem, zone: string): Shown {
  const { day, minute } = civil(lesson.starts_at, zone);
  return { lesson, day, from: minute, to: minute + lesson.minutes };
}

/** A lesson's course and title. */
export function nameOf({ course, title }: TimetableItem): string {
  return lessonName(course.name, title);
}

/** Whether an administrator may still change it. */
export function isOpen(lesson: TimetableItem): boolean {
  return lesson.phase === 'planned';
}

/** What a lesson is now: its mark, its word, and how its block looks. */
export function stateOf(lesson: TimetableItem, now: number, clashing: boolean): [MarkKind, string, string] {
  if (lesson.cancelled_at) return ['ended', t('state.off'), 'is-off'];
  if (clashing) return ['alarm', t('state.clash'), 'is-clash'];
  if (lesson.phase === 'live') return ['live', t('state.live'), 'is-live'];
  if (lesson.phase === 'ended') return ['ended', t('state.ended'), 'is-past'];
  if (lesson.ends_at < now) return ['attention', t('state.missed'), 'is-past'];
  if (lesson.starts_at + LATE_AFTER_US < now) return ['attention', t('state.missed'), ''];
  if (lesson.planned_trainer) return ['attention', t('state.replaced', { name: lesson.trainer.name }), ''];
  return ['plan', t('state.plan'), ''];
}
