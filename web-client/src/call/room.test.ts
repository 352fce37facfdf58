import { expect, test } from 'vitest';
import type { LessonCard, RoomEvent, RoomSnapshot } from './protocol.gen';
import { applyEvent, CHAT_KEPT_MAX, publicationOf, roomFromSnapshot } from './room';
import type { RoomState } from './types';

const lesson: LessonCard = {
  id: 'l',
  title: 'Soudage à l’arc',
  course: 'Soudage',
  group: 'A',
  trainer: 'Salma',
  institution: 'ISTA',
  language: 'fr',
  starts_at: 0,
  ends_at: 1,
  time_zone: 'Africa/Casablanca',
};

const snapshot: RoomSnapshot = {
  seq: 10,
  lesson,
  phase: { state: 'planned' },
  participants: [
    {
      id: 'salma',
      name: 'Salma',
      role: 'trainer',
      kind: 'person',
      presence: { state: 'present', since: 1 },
      hidden_since: null,
    },
  ],
  publications: [],
  hands: [],
  floor: [],
  chat: [],
};

/** The room after these events, in order, after the snapshot. */
function after(...events: RoomEvent[]): RoomState {
  return events.reduce((room, event, index) => {
    const applied = applyEvent(room, { type: 'event', seq: 11 + index, at: 100 + index, event });
    if (applied.result !== 'applied') throw new Error(applied.result);
    return applied.room;
  }, roomFromSnapshot(snapshot));
}

const yanisJoins: RoomEvent = { type: 'joined', participant: 'yanis', name: 'Yanis', role: 'trainee', kind: 'person' };
const yanisSpeaks: RoomEvent[] = [
  yanisJoins,
  { type: 'hand_raised', participant: 'yanis' },
  { type: 'floor_given', participant: 'yanis', by: 'salma' },
  { type: 'publication_started', publication: 7, participant: 'yanis', source: 'microphone' },
  { type: 'publication_started', publication: 8, participant: 'salma', source: 'screen' },
];

test('an event that was applied already changes nothing', () => {
  const room = after(yanisJoins);
  expect(applyEvent(room, { type: 'event', seq: 11, at: 1, event: { type: 'lesson_ended' } }).result).toBe('known');
});

test('a missing event is noticed', () => {
  const room = after(yanisJoins);
  expect(applyEvent(room, { type: 'event', seq: 13, at: 1, event: { type: 'lesson_ended' } }).result).toBe('gap');
});

test('an event leaves the state before it as it was', () => {
  const before = after(yanisJoins);
  const applied = applyEvent(before, {
    type: 'event',
    seq: 12,
    at: 5,
    event: { type: 'hand_raised', participant: 'yanis' },
  });
  expect(before.hands).toEqual([]);
  expect(applied.result === 'applied' && applied.room.hands).toEqual([{ participant: 'yanis', since: 5 }]);
});

test('the floor lowers the hand, and taking it back silences its holder alone', () => {
  const speaking = after(...yanisSpeaks);
  expect(speaking.hands).toEqual([]);
  expect(speaking.floor.map((holder) => holder.participant)).toEqual(['yanis']);
  const taken = after(...yanisSpeaks, { type: 'floor_taken', participant: 'yanis', by: 'salma' });
  expect(taken.floor).toEqual([]);
  expect([...taken.publications.keys()]).toEqual([8]);
});

test('whoever leaves takes hand, floor and publications along but stays on the list', () => {
  const room = after(...yanisSpeaks, { type: 'left', participant: 'yanis', reason: 'lost', since: 42 });
  expect(room.floor).toEqual([]);
  expect(publicationOf(room, 'yanis', 'microphone')).toBeUndefined();
  expect(room.participants.get('yanis')?.presence).toEqual({ state: 'gone', since: 42 });
});

test('a lost connection keeps the floor until its holder is gone', () => {
  const room = after(...yanisSpeaks, { type: 'connection_lost', participant: 'yanis', since: 42 });
  expect(room.participants.get('yanis')?.presence).toEqual({ state: 'lost', since: 42 });
  expect(room.floor).toHaveLength(1);
  const back = after(
    ...yanisSpeaks,
    { type: 'connection_lost', participant: 'yanis', since: 42 },
    { type: 'returned', participant: 'yanis' },
  );
  expect(back.participants.get('yanis')?.presence.state).toBe('present');
});

test('a restart of the server loses connections, not hands and the floor', () => {
  const room = after(
    ...yanisSpeaks,
    { type: 'hand_raised', participant: 'yanis' },
    { type: 'joined', participant: 'obs', name: 'OBS', role: 'trainer', kind: 'device' },
    { type: 'server_restarted', since: 104 },
  );
  expect(room.participants.get('yanis')?.presence).toEqual({ state: 'lost', since: 104 });
  expect(room.participants.has('obs')).toBe(false);
  expect(room.publications.size).toBe(0);
  expect(room.floor).toHaveLength(1);
  expect(room.hands).toHaveLength(1);
});

test('a page is hidden until it is shown, or its reader comes or goes', () => {
  const hidden: RoomEvent = { type: 'page_hidden', participant: 'yanis', since: 12 };
  const since = (...events: RoomEvent[]) =>
    after(yanisJoins, hidden, ...events).participants.get('yanis')?.hidden_since;
  expect(since()).toBe(12);
  expect(since({ type: 'page_shown', participant: 'yanis' })).toBeNull();
  expect(since({ type: 'connection_lost', participant: 'yanis', since: 13 })).toBeNull();
  expect(since({ type: 'left', participant: 'yanis', reason: 'left', since: 13 })).toBeNull();
  expect(since({ type: 'server_restarted', since: 13 })).toBeNull();
  expect(since(yanisJoins)).toBeNull();
});

test('a device that goes is forgotten', () => {
  const room = after(
    { type: 'joined', participant: 'obs', name: 'OBS', role: 'trainer', kind: 'device' },
    { type: 'left', participant: 'obs', reason: 'lost', since: 1 },
  );
  expect(room.participants.has('obs')).toBe(false);
});

test('hands stand in the order in which they were raised, once each', () => {
  const room = after(
    { type: 'hand_raised', participant: 'b' },
    { type: 'hand_raised', participant: 'a' },
    { type: 'hand_lowered', participant: 'b', by: 'b' },
    { type: 'hand_raised', participant: 'b' },
  );
  expect(room.hands.map((hand) => hand.participant)).toEqual(['a', 'b']);
});

test('the chat keeps its newest messages', () => {
  const many = Array.from(
    { length: CHAT_KEPT_MAX + 5 },
    (_, n): RoomEvent => ({ type: 'said', participant: 'a', text: `${n}` }),
  );
  const { chat } = after(...many);
  expect(chat).toHaveLength(CHAT_KEPT_MAX);
  expect(chat.at(-1)?.text).toBe(`${CHAT_KEPT_MAX + 4}`);
});

test('an event of a newer protocol still counts', () => {
  const room = after({ type: 'invented_later' } as unknown as RoomEvent);
  expect(room.seq).toBe(11);
});
