import { describe, expect, it } from 'vitest';
import type { Figures } from './calls';
import { bytesParts, bytesPerHour, hoursText, lookAt, signed, sortedBy, valueText } from './measures';

const HOUR_US = 3_600_000_000;
const figures = (more: Partial<Figures>) => ({ bytes: 0, present_us: 0, ...more }) as Figures;

describe('a figure', () => {
  it('is rounded down: all of them is said only of all of them', () => {
    expect(valueText('attendance', 99.97, 'fr')).toBe('99,9\u00a0%');
    expect(valueText('attendance', 100, 'fr')).toBe('100,0\u00a0%');
    expect(valueText('punctual', 84.2, 'en')).toBe('84.2%');
    expect(valueText('speech', 92.8, 'ar')).toBe('92,8');
  });

  it('has a unit that leaves few digits', () => {
    expect(hoursText(HOUR_US * 1.5, 'fr')).toBe('1,5\u00a0h');
    expect(hoursText(HOUR_US * 1234.5, 'fr')).toBe('1\u202f235\u00a0h');
    expect(bytesParts(2_400_000_000, 'fr')).toEqual({ figure: '2,4', unit: 'Go' });
    expect(bytesParts(9e15, 'en')).toEqual({ figure: '9\u202f000', unit: 'TB' });
  });

  it('says its change with a sign, and nothing where it stayed', () => {
    expect(signed(2.44, 1, 'fr')).toBe('+2,4');
    expect(signed(-1.26, 1, 'en')).toBe('\u22121.3');
    expect(signed(-0.04, 1, 'fr')).toBeNull();
    expect(signed(12_345, 0, 'fr')).toBe('+12\u202f345');
  });

  it('has data for each hour that somebody was there', () => {
    expect(bytesPerHour(figures({ bytes: 600, present_us: 3 * HOUR_US }))).toBe(200);
    expect(bytesPerHour(figures({ bytes: 600 }))).toBeNull();
  });
});

describe('what deserves a look', () => {
  const at = (attendance_percent: number | null, given_percent = 100) => figures({ attendance_percent, given_percent });

  it('is a low attendance, one that fell, or hours that were not given', () => {
    expect(lookAt(at(80), at(84.9))).toBeNull();
    expect(lookAt(at(59.9), null)).toEqual({ low: true, fell: null, given: null });
    expect(lookAt(at(80), at(85))).toEqual({ low: false, fell: 5, given: null });
    expect(lookAt(at(80, 89), at(70))).toEqual({ low: false, fell: null, given: 89 });
    expect(lookAt(at(null), at(90))).toBeNull();
  });
});

describe('the order of a table', () => {
  const rows = [
    { name: 'Zagora', figures: figures({ attendance_percent: 50 }) },
    { name: 'Agadir', figures: figures({ attendance_percent: 90 }) },
    { name: 'Fès', figures: figures({ attendance_percent: null }) },
  ];
  const names = (sort: string) => sortedBy(rows, sort, 'fr').map(({ name }) => name);

  it('is by name, or by a figure either way, with what has none at the end', () => {
    expect(names('name')).toEqual(['Agadir', 'Fès', 'Zagora']);
    expect(names('-name')).toEqual(['Zagora', 'Fès', 'Agadir']);
    expect(names('attendance')).toEqual(['Zagora', 'Agadir', 'Fès']);
    expect(names('-attendance')).toEqual(['Agadir', 'Zagora', 'Fès']);
    expect(names('nothing')).toEqual(names('name'));
  });
});
