import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Alarm, waitBeforeNext } from './backoff';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('waits double from a quarter of a second, and stay short in the first minute', () => {
  const waits = [1, 2, 3, 4, 5, 50].map((attempt) => waitBeforeNext(attempt, 0, 0.5));
  expect(waits).toEqual([250, 500, 1_000, 1_500, 1_500, 1_500]);
});

test('a long outage is asked after less often', () => {
  expect(waitBeforeNext(50, 61_000, 0.5)).toBe(5_000);
});

test('chance spreads a class that comes back by a quarter either way', () => {
  expect(waitBeforeNext(3, 0, 0)).toBe(750);
  expect(waitBeforeNext(3, 0, 1)).toBe(1_250);
});

test('a wait ends early when the network is back', async () => {
  const alarm = new Alarm();
  let over = false;
  const waiting = alarm.wait(5_000).then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(100);
  expect(over).toBe(false);
  alarm.wake();
  await waiting;
  expect(over).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('a wait ends with what it waits for, failed or not', async () => {
  const alarm = new Alarm();
  await alarm.wait(5_000, Promise.resolve());
  await alarm.wait(5_000, Promise.reject(new Error('no network')));
  expect(vi.getTimerCount()).toBe(0);
});
