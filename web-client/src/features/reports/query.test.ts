import { describe, expect, it } from 'vitest';
import type { Me } from '../../api/client';
import { addressOf, choicesOf, daysOf, into, placeOf, read, START, upTo, write } from './query';

const roles = { administrator: false, committee: true, trainer: false, trainee: false };
const me = (reach: string, more: Partial<typeof roles> = {}) =>
  ({ reach, institution: 'home', region: 'r1', roles: { ...roles, ...more } }) as Me;
const id = (letter: string) => `01a21762-e271-7722-8c17-0000000000${letter}0`;
/** An address as it is written here: with letters for ids. */
const long = (text: string) => text.replace(/(?<==|,|%2C)([a-e])(?=&|,|%2C|$)/g, (letter) => id(letter));
const said = (text: string) => read(Object.fromEntries(new URLSearchParams(long(text))));

describe('the address of a report', () => {
  it('says nothing where all is as at first', () => {
    expect(addressOf(START)).toBe('/reports');
    expect(said('')).toEqual(START);
  });

  it.each([
    'period=year&compare=none&region=a&by=institution&sort=-attendance&view=table&with=a%2Cb',
    'from=2026-01-01&to=2026-02-28&compare=year&institution=b&course=c&measure=speech',
  ])('comes back as it was: %s', (text) => expect(write(said(text))).toBe(long(text)));

  it.each([
    'period=century',
    'from=2026-02-30&to=2026-03-01',
    'from=2026-01-01',
    'period=dates',
    'by=day&compare=x',
    'region=1&with=x,y&sort=-colour',
  ])('that nobody wrote is the first page: %s', (text) => expect(said(text)).toEqual(START));

  it('ticks no more than stand side by side', () => {
    expect(said('with=a,b,c,d,e').with).toEqual(['a', 'b', 'c', 'd'].map(id));
  });
});

describe('where a report stands', () => {
  it('begins with what somebody oversees', () => {
    expect(placeOf(me('ministry'), START)).toEqual({ level: 'country' });
    expect(placeOf(me('region'), START)).toEqual({ level: 'region' });
    expect(placeOf(me('institution'), START)).toEqual({ level: 'institution', institution: 'home', only: {} });
  });

  it('goes down, and never above what they oversee', () => {
    const query = said('region=b&institution=c&group=d');
    const there = { level: 'institution', institution: id('c'), region: id('b'), only: { group: id('d') } };
    expect(placeOf(me('ministry'), query)).toEqual(there);
    expect(placeOf(me('institution'), query)).toMatchObject({ institution: 'home' });
    // Who gives lessons in the ministry's own rooms oversees nothing.
    expect(placeOf(me('ministry', { committee: false, trainer: true }), query)).toMatchObject({ institution: 'home' });
    expect(placeOf(me('ministry'), said('region=b'))).toEqual({ level: 'region', region: id('b') });
  });

  it('tells apart by what is not settled yet', () => {
    const at = (text: string, who = me('ministry')) => choicesOf(placeOf(who, said(text)), who);
    expect(at('')).toEqual(['region', 'institution']);
    expect(at('region=a')).toEqual(['institution']);
    expect(at('institution=a')).toEqual(['course', 'group', 'trainer']);
    expect(at('institution=a&group=b')).toEqual(['course', 'trainer']);
    const trainer = me('institution', { committee: false, trainer: true });
    expect(at('', trainer)).toEqual(['course', 'group']);
  });

  it('goes down by a row and up again, and leaves behind what was ticked', () => {
    const query = said('period=year&by=institution&with=a,b&sort=name&measure=speech');
    expect(write(into(query, 'institution', id('c')))).toBe(long('period=year&institution=c&measure=speech'));
    const deep = said('period=year&region=a&institution=b&course=c&group=d');
    expect(write(upTo(deep, ['region', 'institution', 'course']))).toBe(
      long('period=year&region=a&institution=b&course=c'),
    );
    expect(write(upTo(deep, []))).toBe('period=year');
  });

  it('has the days of its period, and those before it', () => {
    expect(daysOf(START, '2026-11-26', 'Africa/Casablanca')).toEqual({
      ...{ from: '2026-11-01', to: '2026-11-26', before: { from: '2026-10-01', to: '2026-10-26' } },
    });
    expect(daysOf(said('from=2026-01-01&to=2026-01-02&compare=none'), '2026-11-26', 'UTC')).toEqual({
      ...{ from: '2026-01-01', to: '2026-01-02', before: null },
    });
  });
});
