import { expect, test } from 'vitest';
import { ruleOf } from './repeat';

test('what the form says is a rule that ends', () => {
  expect(ruleOf('none', { kind: 'count', count: 3 })).toBeNull();
  expect(ruleOf('weekly', { kind: 'count', count: 12 })).toBe('FREQ=WEEKLY;COUNT=12');
  expect(ruleOf('fortnightly', { kind: 'before', day: '2027-02-08' })).toBe('FREQ=WEEKLY;INTERVAL=2;UNTIL=20270207');
  expect(ruleOf('daily', { kind: 'date', day: '2026-12-04' })).toBe('FREQ=DAILY;UNTIL=20261204');
});
