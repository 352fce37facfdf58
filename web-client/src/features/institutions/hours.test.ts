import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../api/problem';
import { hoursOf, openingHours, weekdays } from './hours';

describe('opening hours', () => {
  it('are shown and sent as the same minutes, midnight as the end of a day too', () => {
    const opening_hours = [{ first: 510, last: 1110 }, null, { first: 0, last: 1440 }];
    const days = hoursOf({ opening_hours });
    expect(days).toEqual([{ first: '08:30', last: '18:30' }, null, { first: '00:00', last: '00:00' }]);
    expect(openingHours(days)).toEqual(opening_hours);
  });

  it('that nobody gave are none', () => {
    expect(hoursOf({ opening_hours: null })).toBeNull();
    expect(openingHours(null)).toEqual([]);
  });

  it('that end before they begin, or lack an end, are not sent', () => {
    const faults = (first: string, last: string) => {
      try {
        openingHours([null, { first, last }]);
      } catch (error) {
        return error instanceof ApiProblem && error.fields.map(({ field, code }) => [field, code]);
      }
    };
    expect(faults('18:00', '08:00')).toEqual([['opening_hours.1', 'end_before_start']]);
    expect(faults('', '08:00')).toEqual([['opening_hours.1', 'missing']]);
  });

  it('begin on Monday', () => {
    expect(weekdays('fr')[0]).toBe('Lundi');
    expect(weekdays('ar')[6]).toBe('الأحد');
  });
});
