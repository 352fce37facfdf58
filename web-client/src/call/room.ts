import type {
  Participant,
  ParticipantId,
  Presence,
  Publication,
  PublicationId,
  RoomEvent,
  RoomSnapshot,
  ServerMessage,
  Timestamp,
} from './protocol.gen';
import type { RoomState } from './types';

/** How many chat messages are kept; older ones are dropped from memory, not from the lesson's log. */
export const CHAT_KEPT_MAX = 1_000;

export type NumberedEvent = Extract<ServerMessage, { type: 'event' }>;

/** What an event did to our copy of the room. */
export type Applied =
  | { readonly result: 'applied'; readonly room: RoomState }
  /** Seen before: a resumed connection may repeat nothing, but nothing breaks if it does. */
  | { readonly result: 'known' }
  /** Events are missing in between: the copy can't be trusted any more. */
  | { readonly result: 'gap' };

/** The room as a snapshot says it is. */
export function roomFromSnapshot(snapshot: RoomSnapshot): RoomState {
  return {
    seq: snapshot.seq,
    lesson: snapshot.lesson,
    phase: snapshot.phase,
    participants: new Map(snapshot.participants.map((participant) => [participant.id, participant])),
    publications: new Map(snapshot.publications.map((publication) => [publication.id, publication])),
    hands: snapshot.hands,
    floor: snapshot.floor,
    chat: snapshot.chat.slice(-CHAT_KEPT_MAX),
  };
}

/** The room after one more event. */
export function applyEvent(room: RoomState, { seq, at, event }: NumberedEvent): Applied {
  if (seq <= room.seq) return { result: 'known' };
  if (seq !== room.seq + 1) return { result: 'gap' };
  return { result: 'applied', room: { ...room, ...change(room, seq, at, event), seq } };
}

/** The publication of this participant from this source, if there is one. */
export function publicationOf(
  room: RoomState | undefined,
  participant: ParticipantId,
  source: Publication['source'],
): Publication | undefined {
  for (const publication of room?.publications.values() ?? []) {
    if (publication.participant === participant && publication.source === source) return publication;
  }
  return undefined;
}

function change(room: RoomState, seq: number, at: Timestamp, event: RoomEvent): Partial<RoomState> {
  switch (event.type) {
    case 'lesson_started':
      return { phase: { state: 'live', since: at } };
    case 'lesson_ended':
      return { phase: { state: 'ended', since: at } };
    case 'joined':
      return joined(room, at, event);
    case 'connection_lost':
      return presence(room, event.participant, { state: 'lost', since: event.since });
    case 'returned':
      return presence(room, event.participant, { state: 'present', since: at });
    case 'left':
      return {
        ...gone(room, event.participant, event.since),
        ...silenced(room, event.participant),
        hands: without(room.hands, event.participant),
      };
    case 'page_hidden':
      return changed(room, event.participant, { hidden_since: event.since });
    case 'page_shown':
      return changed(room, event.participant, { hidden_since: null });
    case 'said': {
      const { participant, text } = event;
      return { chat: [...room.chat, { seq, at, participant, text }].slice(-CHAT_KEPT_MAX) };
    }
    case 'hand_raised':
      return { hands: [...without(room.hands, event.participant), { participant: event.participant, since: at }] };
    case 'hand_lowered':
      return { hands: without(room.hands, event.participant) };
    case 'floor_given':
      return {
        floor: [...without(room.floor, event.participant), { participant: event.participant, since: at }],
        hands: without(room.hands, event.participant),
      };
    case 'floor_taken':
      return silenced(room, event.participant);
    case 'publication_started': {
      const { publication: id, participant, source } = event;
      return { publications: new Map(room.publications).set(id, { id, participant, source }) };
    }
    case 'publication_ended': {
      const publications = new Map(room.publications);
      publications.delete(event.publication);
      return { publications };
    }
    case 'server_restarted':
      return { participants: afterRestart(room, event.since), publications: new Map() };
    default:
      // A newer server may tell of what this client does not know; its number still counts.
      return {};
  }
}

function joined(room: RoomState, at: Timestamp, event: Extract<RoomEvent, { type: 'joined' }>): Partial<RoomState> {
  const { participant: id, name, role, kind } = event;
  const present: Presence = { state: 'present', since: at };
  const participant: Participant = { id, name, role, kind, presence: present, hidden_since: null };
  return { participants: new Map(room.participants).set(id, participant) };
}

/** Devices are forgotten as they go: each comes as a new participant. */
function gone(room: RoomState, id: ParticipantId, since: Timestamp): Partial<RoomState> {
  if (room.participants.get(id)?.kind !== 'device') return presence(room, id, { state: 'gone', since });
  const participants = new Map(room.participants);
  participants.delete(id);
  return { participants };
}

/** A server that starts again has lost everybody's connection, at the time of the last event before. */
function afterRestart(room: RoomState, since: Timestamp): RoomState['participants'] {
  const participants = new Map<ParticipantId, Participant>();
  for (const [id, participant] of room.participants) {
    if (participant.kind === 'device') continue;
    const { presence } = participant;
    const lost: Presence = { state: 'lost', since: Math.max(since, presence.since) };
    participants.set(
      id,
      presence.state === 'present' ? { ...participant, presence: lost, hidden_since: null } : participant,
    );
  }
  return participants;
}

/** Whoever comes back or goes begins with the page shown. */
function presence(room: RoomState, id: ParticipantId, now: Presence): Partial<RoomState> {
  return changed(room, id, { presence: now, hidden_since: null });
}

function changed(room: RoomState, id: ParticipantId, change: Partial<Participant>): Partial<RoomState> {
  const participant = room.participants.get(id);
  if (!participant) return {};
  return { participants: new Map(room.participants).set(id, { ...participant, ...change }) };
}

function silenced(room: RoomState, id: ParticipantId): Partial<RoomState> {
  const publications = new Map<PublicationId, Publication>();
  for (const [key, publication] of room.publications) {
    if (publication.participant !== id) publications.set(key, publication);
  }
  return { publications, floor: without(room.floor, id) };
}

function without<T extends { participant: ParticipantId }>(list: readonly T[], id: ParticipantId): readonly T[] {
  return list.filter((entry) => entry.participant !== id);
}
