import { describe, expect, it } from 'vitest';
import { comparedWith, isSpan, spanOf } from './period';

const TODAY = '2026-11-26';

describe('a period', () => {
  it.each([
    ['week', 'Africa/Casablanca', '2026-11-23', TODAY],
    ['week', 'Africa/Algiers', '2026-11-22', TODAY],
    ['last-week', 'Africa/Casablanca', '2026-11-16', '2026-11-22'],
    ['month', 'Africa/Casablanca', '2026-11-01', TODAY],
    ['last-month', 'Africa/Casablanca', '2026-10-01', '2026-10-31'],
    ['year', 'Africa/Casablanca', '2026-01-01', TODAY],
  ] as const)('%s in %s', (period, zone, from, to) => {
    expect(spanOf(period, TODAY, zone)).toEqual({ from, to });
  });

  it.each([
    ['before', 'week', '2026-11-23', TODAY, '2026-11-16', '2026-11-19'],
    ['before', 'month', '2026-11-01', TODAY, '2026-10-01', '2026-10-26'],
    ['before', 'month', '2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28'],
    ['before', 'last-month', '2026-10-01', '2026-10-31', '2026-09-01', '2026-09-30'],
    ['before', 'dates', '2026-11-10', '2026-11-12', '2026-11-07', '2026-11-09'],
    ['before', 'year', '2026-01-01', TODAY, '2025-01-01', '2025-11-26'],
    ['year', 'month', '2028-02-01', '2028-02-29', '2027-02-01', '2027-02-28'],
  ] as const)('held against %s, %s from %s', (compare, period, from, to, beforeFrom, beforeTo) => {
    expect(comparedWith(compare, period, { from, to })).toEqual({ from: beforeFrom, to: beforeTo });
  });

  it('stands alone where nothing is to be compared', () => {
    expect(comparedWith('none', 'month', { from: '2026-11-01', to: TODAY })).toBeNull();
  });

  it('has days that exist, in order, and no more than 400', () => {
    expect(isSpan('2026-01-01', '2026-01-01')).toBe(true);
    expect(isSpan('2026-01-02', '2026-01-01')).toBe(false);
    expect(isSpan('2026-02-30', '2026-03-01')).toBe(false);
    expect(isSpan('2025-01-01', '2026-02-04')).toBe(true);
    expect(isSpan('2025-01-01', '2026-02-05')).toBe(false);
    expect(isSpan('', '2026-02-05')).toBe(false);
  });
});
