import type { BoardLesson } from '../../call/protocol.gen';
import { CLEAR_SPEECH, type Sums } from './model';

/** No lessons at all. */
export function nothing(): Sums {
  return {
    ...{ planned: 0, onAir: 0, late: 0, notStarted: 0, expected: 0, present: 0 },
    ...{ heard: 0, clear: 0, weak: 0, alarms: 0 },
  };
}

/** Counts a lesson in, or out again with `times` -1. One that is planned for later, or has ended, counts nowhere. */
export function count(sums: Sums, lesson: BoardLesson, times: 1 | -1): void {
  const { state, expected, present, weak, speech } = lesson;
  if (state === 'planned' || state === 'ended' || state === 'ended_early') return;
  sums.planned += times;
  if (state === 'late') sums.late += times;
  if (state === 'not_started') sums.notStarted += times;
  if (state !== 'live') return;
  sums.onAir += times;
  sums.expected += times * expected;
  sums.present += times * present;
  sums.weak += times * weak;
  if (speech === null) return;
  sums.heard += times * present;
  if (speech >= CLEAR_SPEECH) sums.clear += times * present;
}

/** How much a place needs a look: alarms before lessons that have not started, before late ones. */
export function weight({ alarms, notStarted, late }: Sums): number {
  return alarms * 10_000 + notStarted * 100 + late;
}
