import { describe, expect, it } from 'vitest';
import { axisOf, came, plannedSoFar, rateOf, rateOfAll, sorted, ticksOf } from './presence';
import type { Report, ReportPerson, Spell } from './report';

const MINUTE = 60_000_000;
const START = 1_000_000 * MINUTE;

function person(
  number: number,
  spells: [Spell['kind'], number, number][],
  more: Partial<ReportPerson> = {},
): ReportPerson {
  const sum = (kind: string) =>
    spells.filter(([each]) => each === kind).reduce((us, [, from, to]) => us + (to - from) * MINUTE, 0);
  return {
    person: `p${number}`,
    name: `Trainee ${number}`,
    number,
    role: 'trainee',
    expected: true,
    devices: spells.length > 0 ? 1 : 0,
    spells: spells.map(([kind, from, to]) => ({ kind, from: START + from * MINUTE, to: START + to * MINUTE })),
    present_us: sum('present'),
    away_us: sum('away'),
    dropped_us: sum('dropped'),
    planned_present_us: sum('present'),
    drops: 0,
    first_at: null,
    last_at: null,
    counted_us: sum('present') + sum('away'),
    corrected: null,
    ...more,
  };
}

function report(people: ReportPerson[], more: Partial<Report['lesson']> = {}, awayCounts = true): Report {
  return {
    lesson: {
      ...{ id: 'l', title: '', course: { id: 'c', title: '' }, group: { id: 'g', name: '' }, trainer: {} },
      ...{ institution: { id: 'i', name: '' }, region: null, time_zone: 'UTC', improvised: false, cancelled_at: null },
      ...{ starts_at: START, ends_at: START + 90 * MINUTE, phase: 'ended', started_at: START, ended_at: null },
      ...more,
    },
    ...{ away_counts: awayCounts, given_us: 0, late_us: 0, named: true, seal: null },
    expected: people.filter(({ expected }) => expected).length,
    people,
  };
}

describe('a rate', () => {
  const now = START + 200 * MINUTE;

  it('is the part of the planned time that counts', () => {
    const there = person(1, [['present', 0, 45]]);
    const of = report([there]);
    expect(rateOf(there, of, plannedSoFar(of, now))).toBe(0.5);
  });

  it('takes nothing from before or after the planned time', () => {
    const there = person(1, [
      ['present', -10, 45],
      ['present', 90, 135],
    ]);
    const of = report([there]);
    expect(rateOf(there, of, plannedSoFar(of, now))).toBe(0.5);
  });

  it('counts a hidden page where the institution does, and lost connections nowhere', () => {
    const there = person(1, [
      ['present', 0, 30],
      ['away', 30, 45],
      ['dropped', 45, 90],
    ]);
    const counted = report([there]);
    const apart = report([there], {}, false);
    expect(rateOf(there, counted, plannedSoFar(counted, now))).toBe(0.5);
    expect(rateOf(there, apart, plannedSoFar(apart, now))).toBeCloseTo(1 / 3);
  });

  it('is what a correction says', () => {
    const there = person(1, [], { corrected: { present_us: 90 * MINUTE, at: 0 } });
    const of = report([there]);
    expect(rateOf(there, of, plannedSoFar(of, now))).toBe(1);
    expect(came(there)).toBe(true);
  });

  it('is of what is over so far while the lesson is on air', () => {
    const there = person(1, [['present', 0, 15]]);
    const of = report([there], { phase: 'live' });
    expect(rateOf(there, of, plannedSoFar(of, START + 30 * MINUTE))).toBe(0.5);
    expect(rateOf(there, of, plannedSoFar(of, START - MINUTE))).toBeNull();
  });

  it('of all together leaves out who was not of the group, unless it was for none', () => {
    const absent = person(1, []);
    const there = person(2, [['present', 0, 90]]);
    const guest = person(3, [['present', 0, 90]], { expected: false });
    const of = report([absent, there, guest]);
    expect(rateOfAll(of, plannedSoFar(of, now))).toBe(0.5);
    const open = report([guest]);
    expect(rateOfAll(open, plannedSoFar(open, now))).toBe(1);
    expect(rateOfAll(report([]), plannedSoFar(open, now))).toBeNull();
  });
});

describe('the lines', () => {
  it('are drawn over the planned time, and over what was given before and after it', () => {
    const of = report([], { started_at: START - 2 * MINUTE, ended_at: START + 95 * MINUTE });
    expect(axisOf(of, 0)).toEqual({ from: START - 2 * MINUTE, to: START + 95 * MINUTE });
  });

  it('have times above them in even steps from the planned start', () => {
    const minutes = (ticks: number[]) => ticks.map((tick) => (tick - START) / MINUTE);
    expect(minutes(ticksOf({ from: START, to: START + 90 * MINUTE }, START))).toEqual([0, 30, 60, 90]);
    expect(minutes(ticksOf({ from: START, to: START + 240 * MINUTE }, START))).toEqual([0, 60, 120, 180, 240]);
  });

  it('stand in the order of presence or of names, and without names in that of numbers', () => {
    const [a, b, c] = [person(1, [['present', 0, 9]]), person(2, []), person(10, [])];
    const numbers = (people: ReportPerson[]) => people.map(({ number }) => number);
    expect(numbers(sorted([a, c, b], 'presence', 'fr'))).toEqual([2, 10, 1]);
    expect(numbers(sorted([c, a, b], 'name', 'ar'))).toEqual([1, 2, 10]);
    const hidden = [c, a, b].map((each) => ({ ...each, name: null }));
    expect(numbers(sorted(hidden, 'name', 'fr'))).toEqual([1, 2, 10]);
  });
});
