import { describe, expect, it } from 'vitest';
import type { TimetableItem } from '../../api/client';
import { fits, stateOf } from './search';

const lesson = {
  course: { id: 'c', name: 'Électricité automobile' },
  title: 'دَارَة الشحن',
  group: { id: 'g', name: 'EA-204' },
  trainer: { id: 't', name: 'أحمد الإدريسي' },
  phase: 'planned',
  starts_at: 1_000_000_000,
} as TimetableItem;

describe('a search among lessons', () => {
  it('finds every word in course, title, group and trainer, however it is written', () => {
    for (const words of ['', 'electricite', 'ÉLECTRICITÉ 204', 'احمد', 'دارة', 'الادريسي ea-204']) {
      expect([words, fits(lesson, words)]).toEqual([words, true]);
    }
  });

  it('wants all of the words', () => {
    expect(fits(lesson, 'electricite 205')).toBe(false);
  });
});

describe('a lesson that was to begin', () => {
  it('deserves a look after five minutes', () => {
    expect(stateOf(lesson, 1_000_000_000)).toEqual(['plan', 'planned']);
    expect(stateOf(lesson, 1_000_000_000 + 301_000_000)).toEqual(['attention', 'missed']);
    expect(stateOf({ ...lesson, cancelled_at: 1 }, 1_000_000_000 + 301_000_000)).toEqual(['ended', 'off']);
  });
});
