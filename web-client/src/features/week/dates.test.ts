import { expect, test } from 'vitest';
import { addMinutes, civil, daysBetween, lanes, minuteText, nextRamadan, weekDays, weekStart } from './dates';

test('a week begins as its country counts', () => {
  expect(weekStart('2026-11-25', 'Africa/Casablanca')).toBe('2026-11-23');
  expect(weekStart('2026-11-22', 'Africa/Casablanca')).toBe('2026-11-16');
  expect(weekStart('2026-11-25', 'Africa/Algiers')).toBe('2026-11-22');
  expect(weekDays('2026-11-23', 'Africa/Casablanca', new Set())).toHaveLength(6);
  expect(weekDays('2026-11-23', 'Africa/Casablanca', new Set(['2026-11-29']))).toHaveLength(7);
  expect(weekDays('2026-11-22', 'Africa/Algiers', new Set())).toHaveLength(5);
});

test('a wall time moves by the wall clock, whatever the zone does', () => {
  expect(addMinutes('2027-03-27T23:30', 60)).toBe('2027-03-28T00:30');
  expect(daysBetween('2027-03-01', '2027-04-01')).toBe(31);
  expect(civil(Date.UTC(2026, 10, 30, 7, 30) * 1000, 'Europe/Paris')).toEqual({ day: '2026-11-30', minute: 510 });
});

test('lessons at one time stand beside each other', () => {
  const spans = [
    { from: 600, to: 700 },
    { from: 660, to: 720 },
    { from: 700, to: 760 },
    { from: 800, to: 860 },
  ];
  expect(lanes(spans)).toEqual([
    { lane: 0, of: 2 },
    { lane: 1, of: 2 },
    { lane: 0, of: 2 },
    { lane: 0, of: 1 },
  ]);
});

test('times are written as the language does', () => {
  expect(minuteText(545, 'fr')).toBe('9\u00a0h\u00a005');
  expect(minuteText(545, 'ar')).toBe('09:05');
});

test('Ramadan is found by its calendar', () => {
  const found = nextRamadan('2026-11-25');
  // Umm al-Qura: 1 Ramadan 1448.
  expect(found).toBe('2027-02-08');
});
