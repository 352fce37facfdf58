import { expect, it } from 'vitest';
import { nextOf } from './next';

it.each([
  ['/week?day=2026-11-25', '/week?day=2026-11-25'],
  ['//elsewhere.example/week', '/'],
  ['/\\elsewhere.example', '/'],
  ['https://elsewhere.example', '/'],
  ['/sign-in?next=/sign-in', '/'],
  [undefined, '/'],
])('%s leads to %s', (next, to) => {
  expect(nextOf(next)).toBe(to);
});
