import { describe, expect, it } from 'vitest';
import {
  date,
  day,
  dayInText,
  duration,
  hours,
  megabytes,
  number,
  percent,
  rate,
  sameDay,
  time,
  timeToSecond,
} from './format';

const at = (iso: string) => Date.parse(iso) * 1000;
const morning = at('2026-11-25T08:05:09Z');
const ZONE = 'Africa/Tunis'; // UTC+1 all year

describe('a day far from today', () => {
  it('has its year, and the month as the country calls it', () => {
    expect(date(morning, ZONE, 'fr')).toBe('25 novembre 2026');
    expect(date(morning, ZONE, 'en')).toBe('25 November 2026');
    expect(date(morning, ZONE, 'ar')).toBe('25 نوفمبر 2026');
    expect(date(morning, 'Africa/Casablanca', 'ar')).toBe('25 نونبر 2026');
  });
});

describe('figures', () => {
  it('have digits 0 to 9, a comma in Arabic and French, and thin spaces between thousands', () => {
    expect(number(1541.25, 1, 'fr')).toBe('1\u202f541,3');
    expect(number(1541.25, 1, 'ar')).toBe('1\u202f541,3');
    expect(number(1541.25, 1, 'en')).toBe('1\u202f541.3');
  });

  it('of data carry the language’s unit', () => {
    expect(megabytes(19_740_000, 'fr')).toEqual({ figure: '19,7', unit: 'Mo' });
    expect(megabytes(212_400_000, 'ar')).toEqual({ figure: '212', unit: 'ميغا' });
    expect(megabytes(1_500_000, 'en')).toEqual({ figure: '1.5', unit: 'MB' });
  });

  it('of rates keep their Latin form', () => {
    expect(rate(64_000, 'ar')).toBe('64 kbit/s');
    expect(rate(2_140_000, 'fr')).toBe('2,1 Mbit/s');
  });

  it('of shares have a space before the sign but in English', () => {
    expect(percent(7.43, 'fr')).toBe('7,4\u00a0%');
    expect(percent(84.2, 'en')).toBe('84%');
  });
});

describe('times', () => {
  it('are told as the language tells them, in the institution’s zone', () => {
    expect(time(morning, ZONE, 'fr')).toBe('9\u00a0h\u00a005');
    expect(time(morning, ZONE, 'ar')).toBe('09:05');
    expect(time(morning, ZONE, 'en')).toBe('09:05');
  });

  it('to the second are the same everywhere', () => {
    expect(timeToSecond(morning, ZONE)).toBe('09:05:09');
  });

  it('fall back on the device’s zone where the browser does not know the institution’s', () => {
    expect(timeToSecond(morning, 'Nowhere/Else')).toMatch(/^\d\d:\d\d:09$/);
  });

  it('start the day at midnight', () => {
    expect(time(at('2026-11-24T23:00:00Z'), ZONE, 'en')).toBe('00:00');
  });
});

describe('planned times', () => {
  it('are hours, and minutes where there are some', () => {
    expect([hours(360), hours(90), hours(65), hours(45)]).toEqual([
      '6\u00a0h',
      '1\u00a0h\u00a030',
      '1\u00a0h\u00a005',
      '45\u00a0min',
    ]);
  });
});

describe('days', () => {
  it('name Arabic months as the institution’s country does', () => {
    expect(day(morning, 'Africa/Casablanca', 'ar')).toContain('نونبر');
    expect(day(morning, 'Africa/Algiers', 'ar')).toContain('نوفمبر');
    expect(day(morning, ZONE, 'fr')).toBe('Mercredi 25 novembre');
    expect(day(morning, 'Africa/Casablanca', 'ar')).toBe('الأربعاء 25 نونبر');
  });

  it('begin small within a French sentence', () => {
    expect(dayInText(morning, ZONE, 'fr')).toBe('mercredi 25 novembre');
    expect(dayInText(morning, ZONE, 'en')).toBe('Wednesday 25 November');
  });

  it('change at the institution’s midnight', () => {
    expect(sameDay(at('2026-11-24T23:30:00Z'), morning, ZONE)).toBe(true);
    expect(sameDay(at('2026-11-24T22:30:00Z'), morning, ZONE)).toBe(false);
  });
});

describe('spans', () => {
  it('show hours only where there are any', () => {
    expect(duration(48_000)).toBe('0:48');
    expect(duration(2_931_000)).toBe('48:51');
    expect(duration(3_925_999)).toBe('1:05:25');
  });

  it('never run backwards', () => {
    expect(duration(-5000)).toBe('0:00');
  });
});
