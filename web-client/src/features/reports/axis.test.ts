import { describe, expect, it } from 'vitest';
import { dotsOf, labelled, lineOf, ticksOf } from './axis';

describe('an axis', () => {
  it.each([
    [0, [0, 0.25]],
    [1, [0, 0.25, 0.5, 0.75, 1]],
    [100, [0, 25, 50, 75, 100]],
    [130, [0, 50, 100, 150]],
    [4000, [0, 1000, 2000, 3000, 4000]],
  ])('for values up to %i begins at nothing and ends at a round number', (greatest, ticks) => {
    expect(ticksOf(greatest)).toEqual({ max: ticks.at(-1), ticks });
  });

  it('has no more labels than can be read', () => {
    expect(labelled(4)).toEqual([0, 1, 2, 3]);
    expect(labelled(31)).toEqual([0, 6, 12, 18, 24, 30]);
    expect(labelled(0)).toEqual([]);
  });
});

describe('a line', () => {
  it('goes from what is known to what is known', () => {
    expect(lineOf([0, 50, null, 100], 100)).toBe('M12.5 100L37.5 50L87.5 0');
    expect(lineOf([null, null], 100)).toBe('');
  });

  it('has dots where there are few steps, else one', () => {
    expect(dotsOf([50, null], 100)).toBe('M25 50h0');
    const many = Array.from({ length: 40 }, (_, at) => (at === 0 ? null : 50));
    expect(dotsOf(many, 100)).toBe('M3.75 50h0');
    expect(dotsOf([null, null], 100)).toBe('');
  });
});
