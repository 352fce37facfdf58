import { effect } from '@preact/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BoardAlarm, BoardLesson, BoardMessage, BoardRequest } from '../../call/protocol.gen';
import { Store } from './store';

const REGIONS = [
  { id: 'r0', name: 'Sétif' },
  { id: 'r1', name: 'Oran' },
];
const INSTITUTIONS = [
  { id: 'i0', name: 'CFPA Aïn Azel', region: 0 },
  { id: 'i1', name: 'INSFP El Eulma', region: 0 },
  { id: 'i2', name: 'INSFP Oran', region: 1 },
];

function lesson(number: number, institution: number, more: Partial<BoardLesson> = {}): BoardLesson {
  return {
    ...{ number, institution, state: 'live', starts_at: 0, ends_at: 1, expected: 25, present: 20, away: 1, weak: 3 },
    speech: 90,
    ...more,
  };
}

function alarm(id: string, institution: number, more: Partial<BoardAlarm> = {}): BoardAlarm {
  return {
    ...{ id, institution, rule: 'no_trainer', number: 1, lesson: 'l1', lesson_title: 'Soudage', raised_at: 5 },
    ...{ ended_at: null, taken_by: null, taken_at: null, comments: 0 },
    ...more,
  };
}

type Board = Extract<BoardMessage, { type: 'board' }>;
type Changes = Extract<BoardMessage, { type: 'changes' }>;

const board = (more: Partial<Board> = {}): BoardMessage => ({
  ...{ type: 'board', at: 1, simulated: false, regions: REGIONS, institutions: INSTITUTIONS, alarms: [] },
  lessons: [lesson(0, 0), lesson(1, 1, { state: 'late', present: 0, speech: null }), lesson(2, 2, { speech: 40 })],
  ...more,
});
const changes = (more: Partial<Changes>): BoardMessage => ({
  ...{ type: 'changes', at: 2, lessons: [], gone: [], alarms: [], ...more },
});
const cards = (institution: string, numbers: number[]): BoardMessage => ({
  type: 'institution',
  institution,
  lessons: numbers.map((number) => ({
    ...{ number, lesson: `l${number}`, title: 'Cordon à plat', course: 'Soudage', group: 'SD-12', trainer: null },
  })),
});

describe('the board', () => {
  let store: Store;
  let sent: BoardRequest[];
  beforeEach(() => {
    store = new Store('ministry', (_, work) => work());
    sent = [];
    store.connected((request) => sent.push(request));
  });
  const sums = (at: number) => store.parts.list.value[at]?.value.sums;
  const titles = () => store.lines.list.value.map((line) => line.value.id);

  it('counts the lessons of a snapshot together, by region and as a whole', () => {
    store.take(board());
    expect(store.sums.value).toEqual({
      ...{ planned: 3, onAir: 2, late: 1, notStarted: 0, expected: 50, present: 40 },
      ...{ heard: 40, clear: 20, weak: 6, alarms: 0 },
    });
    expect(sums(0)).toMatchObject({ planned: 2, onAir: 1, late: 1, present: 20 });
    expect(sums(1)).toMatchObject({ planned: 1, onAir: 1, heard: 20, clear: 0 });
  });

  it('leaves out what is planned for later and what has ended', () => {
    store.take(board({ lessons: [lesson(0, 0, { state: 'planned' }), lesson(1, 0, { state: 'ended_early' })] }));
    expect(store.sums.value).toMatchObject({ planned: 0, onAir: 0, expected: 0, present: 0 });
  });

  it('comes by changes to the same figures as by a snapshot', () => {
    const end = [lesson(0, 0, { present: 3, speech: null }), lesson(1, 1, { state: 'not_started' }), lesson(7, 2)];
    store.take(board());
    store.take(changes({ lessons: [lesson(0, 0, { present: 9 }), lesson(7, 2, { state: 'late' })] }));
    store.take(changes({ lessons: end, gone: [2] }));
    const other = new Store('ministry', (_, work) => work());
    other.take(board({ lessons: end }));
    expect(store.sums.value).toEqual(other.sums.value);
    expect(store.parts.list.value.map(({ value }) => value)).toEqual(other.parts.list.value.map(({ value }) => value));
  });

  it('takes a lesson that is gone out once, and one that it does not know not at all', () => {
    store.take(board());
    store.take(changes({ gone: [0, 0, 99] }));
    expect(store.sums.value).toMatchObject({ planned: 2, onAir: 1, present: 20 });
    expect(sums(0)).toMatchObject({ planned: 1, onAir: 0 });
  });

  it('draws only the regions that changed', () => {
    store.take(board());
    const drawn = [0, 0];
    store.parts.list.value.forEach((part, at) => {
      effect(() => {
        drawn[at] = (drawn[at] ?? 0) + (part.value ? 1 : 0);
      });
    });
    store.take(changes({ lessons: [lesson(2, 2, { present: 21 })] }));
    expect(drawn).toEqual([1, 2]);
  });

  it('forgets what was said before a new snapshot', () => {
    store.take(board());
    store.take(board({ lessons: [lesson(0, 2)], institutions: INSTITUTIONS }));
    expect(store.sums.value).toMatchObject({ planned: 1, onAir: 1 });
    expect(sums(0)).toMatchObject({ planned: 0 });
  });

  it('lists a region’s institutions, what needs a look first; one that changes stays in its place', () => {
    store.take(board());
    store.open({ region: 'r0' });
    const ids = () => store.institutions.list.value.map((each) => each.value.id);
    expect(ids()).toEqual(['i1', 'i0']);
    store.take(changes({ lessons: [lesson(1, 1), lesson(0, 0, { state: 'not_started' })] }));
    expect(ids()).toEqual(['i1', 'i0']);
    expect(store.institutions.list.value[1]?.value.sums.notStarted).toBe(1);
    store.open({ region: 'r1' });
    expect(ids()).toEqual(['i2']);
  });

  it('asks for what is open, now and again after a new snapshot', () => {
    store.take(board());
    sent.length = 0;
    store.open({ region: 'r0', institution: 'i1', lesson: 'l1' });
    const asked: BoardRequest = { type: 'look', institution: 'i1', lesson: 'l1' };
    expect(sent).toEqual([asked]);
    store.take(board());
    expect(sent).toEqual([asked, asked]);
  });

  it('lists an institution’s lessons with their names, and keeps them up to date', () => {
    store.take(board({ lessons: [lesson(0, 0), lesson(1, 0, { state: 'late' })] }));
    store.open({ region: 'r0', institution: 'i0' });
    expect([titles(), store.known.value]).toEqual([[], false]);
    store.take(cards('i2', [0]));
    expect(titles()).toEqual([]);
    store.take(cards('i0', [0, 1]));
    expect([titles(), store.known.value]).toEqual([['l1', 'l0'], true]);
    store.take(changes({ lessons: [lesson(1, 0, { present: 4 })], gone: [0] }));
    expect(titles()).toEqual(['l1']);
    expect(store.lines.list.value[0]?.value.lesson.present).toBe(4);
  });

  it('keeps alarms that have not ended, those without anybody first, the longest first', () => {
    store.take(board({ alarms: [alarm('b', 0, { raised_at: 7 }), alarm('a', 1)] }));
    const ids = () => store.alarms.value.map(({ id }) => id);
    expect(ids()).toEqual(['a', 'b']);
    expect(store.alarms.value[0]).toMatchObject({ institution: { name: 'INSFP El Eulma' }, region: { name: 'Sétif' } });
    expect(sums(0)?.alarms).toBe(2);
    store.take(changes({ alarms: [alarm('a', 1, { taken_by: 'Lynda' }), alarm('c', 2)] }));
    expect(ids()).toEqual(['c', 'b', 'a']);
    store.take(changes({ alarms: [alarm('a', 1, { ended_at: 9 }), alarm('a', 1, { ended_at: 9 })] }));
    expect(ids()).toEqual(['c', 'b']);
    expect([sums(0)?.alarms, sums(1)?.alarms, store.sums.value.alarms]).toEqual([1, 1, 2]);
  });

  it('says that it is not up to date once the connection is gone, and keeps what it has', () => {
    expect(store.contact.value.state).toBe('connecting');
    store.take(board());
    expect(store.contact.value.state).toBe('live');
    const before = Date.now();
    store.gone();
    const { state, since } = store.contact.value;
    expect([state, since <= before, store.sums.value.planned]).toEqual(['gone', true, 3]);
    store.gone();
    expect(store.contact.value.since).toBe(since);
    store.take(board());
    expect(store.contact.value.state).toBe('live');
  });

  it('begins with institutions where the reader oversees a region', () => {
    const region = new Store('region', (_, work) => work());
    region.take(
      board({ regions: REGIONS.slice(0, 1), institutions: INSTITUTIONS.slice(0, 2), lessons: [lesson(0, 0)] }),
    );
    expect(region.head.value).toMatchObject({ level: 'region', region: 'r0', institution: undefined });
    expect(region.parts.list.value.map((part) => part.value.id)).toEqual(['i0']);
    region.take(changes({ lessons: [lesson(3, 1)] }));
    expect(region.parts.list.value.map((part) => part.value.id)).toEqual(['i0', 'i1']);
  });
});
