import { describe, expect, it } from 'vitest';
import { outlines } from './cells';
import { layout } from './layout';
import { above, pathOf, placeOf, within } from './places';

describe('the mosaic', () => {
  const country = [22, 34, 21, 26, 44, 40, 29, 18, 104, ...Array.from({ length: 49 }, () => 25)];

  it('takes the largest cells with which every lesson has room', () => {
    const few = layout([10, 12], { width: 900, height: 480, tileMin: 104 });
    const many = layout(country, { width: 920, height: 480, tileMin: 104 });
    expect(few.pitch).toBeGreaterThan(many.pitch);
    expect(many).toMatchObject({ columns: 8 });
    expect([...many.wide]).toEqual([8]);
  });

  it('scrolls where even the smallest cells have no room', () => {
    const crowded = layout(country, { width: 920, height: 40, tileMin: 104 });
    expect(crowded).toMatchObject({ columns: 8, pitch: 6 });
  });

  it('has a column at least, however narrow it is', () => {
    expect(layout([3], { width: 10, height: 10, tileMin: 104 })).toMatchObject({ columns: 1, perRow: [1, 1] });
    expect(layout([], { width: 0, height: 0, tileMin: 104 }).columns).toBe(1);
  });

  it('draws a cell for each lesson, in rows', () => {
    const drawn = outlines({ onAir: 5, late: 2, notStarted: 1 }, 4, 7);
    const cells = (path: string) => path.split('M').length - 1;
    expect([cells(drawn.onAir), cells(drawn.late), cells(drawn.notStarted), drawn.rows]).toEqual([5, 2, 1, 2]);
    expect(drawn.onAir.endsWith('M1 8h5v5h-5z')).toBe(true);
  });
});

describe('a place on the board', () => {
  const ministry = { level: 'ministry', region: undefined, institution: undefined, simulated: false } as const;
  const region = { ...ministry, level: 'region', region: 'r' } as const;
  const institution = { ...region, level: 'institution', institution: 'i' } as const;

  it('has an address of its own', () => {
    expect(pathOf({})).toBe('/board');
    expect(pathOf({ region: 'r', institution: 'i', lesson: 'l' })).toBe('/board/r/i/l');
    expect(pathOf(placeOf(['r', 'i']))).toBe('/board/r/i');
  });

  it('goes up to where the board begins, and no further', () => {
    expect(above({ region: 'r', institution: 'i' }, ministry)).toEqual({ region: 'r' });
    expect(above({ region: 'r' }, ministry)).toEqual({});
    expect(above({}, ministry)).toBeUndefined();
    expect(above({ region: 'r', institution: 'i' }, region)).toEqual({});
    expect(above({ region: 'r' }, region)).toBeUndefined();
    expect(above({ region: 'r', institution: 'i', lesson: 'l' }, institution)).toEqual({});
  });

  it('is filled in from where the board begins', () => {
    expect(within({}, institution)).toEqual({ region: 'r', institution: 'i' });
    expect(within({ region: 'other', institution: 'i' }, region)).toEqual({ region: 'r', institution: 'i' });
  });
});
