import type {
  FloorHolder,
  Hand,
  LessonFigures,
  Participant,
  ParticipantFigures,
  ParticipantId,
  Publication,
  Quality,
  RoomState,
} from '../../call';

/** What the screens show of a room, made from its state alone. */

/** A browser's session has three places for pictures: the stage and two beside it. */
export const SIDE_PICTURES_MAX = 2;

/** From here on a link is worth a look; percent, and milliseconds there and back. */
const LOSS_WORTH_A_LOOK = 3;
const ROUND_TRIP_WORTH_A_LOOK_MS = 600;

/** The trainer who speaks for the lesson: present before lost, a person before a device, first come first. */
export function trainerOf(room: RoomState): Participant | undefined {
  const rank = ({ presence, kind }: Participant) =>
    (presence.state === 'present' ? 0 : presence.state === 'lost' ? 2 : 4) + (kind === 'person' ? 0 : 1);
  return [...room.participants.values()].filter(({ role }) => role === 'trainer').sort((a, b) => rank(a) - rank(b))[0];
}

export interface Pictures {
  /** The newest screen a trainer shares, else the trainer's camera. */
  stage: Publication | null;
  side: readonly Publication[];
}

/** Which pictures are shown, and where: the screen large, faces beside it. */
export function picturesOf(room: RoomState, quality: Quality): Pictures {
  if (quality === 'voice_only') return { stage: null, side: [] };
  const trainer = trainerOf(room)?.id;
  const all = [...room.publications.values()];
  const roleOf = (publication: Publication) => room.participants.get(publication.participant)?.role;
  const screens = all.filter(({ source }) => source === 'screen').sort((a, b) => b.id - a.id);
  const cameras = quality === 'economy' ? [] : all.filter(({ source }) => source === 'camera');
  const trainers = cameras
    .filter((publication) => roleOf(publication) === 'trainer')
    .sort((a, b) => Number(b.participant === trainer) - Number(a.participant === trainer) || a.id - b.id);
  const holders = cameras.filter((publication) => holdsFloor(room.floor, publication.participant));
  const stage = screens[0] ?? trainers[0] ?? holders[0] ?? null;
  const side = [...trainers, ...holders].filter((publication) => publication !== stage);
  return { stage, side: [...new Set(side)].slice(0, SIDE_PICTURES_MAX) };
}

export function holdsFloor(floor: readonly FloorHolder[], participant: ParticipantId): boolean {
  return floor.some((holder) => holder.participant === participant);
}

/** The place in the line of raised hands, from 1. */
export function placeInLine(hands: readonly Hand[], participant: ParticipantId): number | null {
  const index = hands.findIndex((hand) => hand.participant === participant);
  return index < 0 ? null : index + 1;
}

export function publishes(room: RoomState, participant: ParticipantId, source: Publication['source']): boolean {
  for (const publication of room.publications.values()) {
    if (publication.participant === participant && publication.source === source) return true;
  }
  return false;
}

export type Link =
  | { kind: 'fine' }
  | { kind: 'lost'; since: number }
  | { kind: 'no_media' }
  | { kind: 'down_loss'; percent: number }
  | { kind: 'up_loss'; percent: number }
  | { kind: 'slow'; ms: number };

/** How a participant is reached: the worst thing first. `figures` are absent before the first have come. */
export function linkOf(participant: Participant, figures: ReadonlyMap<ParticipantId, ParticipantFigures> | null): Link {
  if (participant.presence.state === 'lost') return { kind: 'lost', since: participant.presence.since };
  if (!figures) return { kind: 'fine' };
  const mine = figures.get(participant.id);
  if (!mine || mine.transport === 'none') return { kind: 'no_media' };
  if (mine.downlink.lost_percent >= LOSS_WORTH_A_LOOK)
    return { kind: 'down_loss', percent: mine.downlink.lost_percent };
  if (mine.uplink.lost_percent >= LOSS_WORTH_A_LOOK) return { kind: 'up_loss', percent: mine.uplink.lost_percent };
  const roundTrip = mine.round_trip_ms ?? 0;
  return roundTrip >= ROUND_TRIP_WORTH_A_LOOK_MS ? { kind: 'slow', ms: roundTrip } : { kind: 'fine' };
}

export function figuresById(figures: LessonFigures | undefined): ReadonlyMap<ParticipantId, ParticipantFigures> | null {
  return figures ? new Map(figures.participants.map((each) => [each.participant, each])) : null;
}

export interface Roster {
  present: number;
  holders: readonly { participant: Participant; since: number }[];
  hands: readonly { participant: Participant; since: number }[];
  /** Those who do not receive everything, the disconnected first. */
  troubled: readonly { participant: Participant; link: Link }[];
  fine: readonly Participant[];
}

/** The class as its trainer looks at it. Those with the floor or a raised hand also stand in their group below. */
export function rosterOf(room: RoomState, figures: LessonFigures | undefined, search = ''): Roster {
  const byId = figuresById(figures);
  const here = [...room.participants.values()].filter(
    ({ role, presence }) => role === 'trainee' && presence.state !== 'gone',
  );
  const found = here.filter(({ name }) => matches(name, search));
  const linked = found.map((participant) => ({ participant, link: linkOf(participant, byId) }));
  const people = (entries: readonly { participant: ParticipantId; since: number }[]) =>
    entries.flatMap(({ participant: id, since }) => {
      const participant = room.participants.get(id);
      return participant && matches(participant.name, search) ? [{ participant, since }] : [];
    });
  return {
    present: here.filter(({ presence }) => presence.state === 'present').length,
    holders: people(room.floor),
    hands: people(room.hands),
    troubled: linked
      .filter(({ link }) => link.kind !== 'fine')
      .sort((a, b) => Number(b.link.kind === 'lost') - Number(a.link.kind === 'lost')),
    fine: linked.filter(({ link }) => link.kind === 'fine').map(({ participant }) => participant),
  };
}

/** Whether a name contains what is searched, whatever the case, accents or Arabic vowel signs. */
export function matches(name: string, search: string): boolean {
  return plain(name).includes(plain(search));
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\u0640]/gu, '')
    .toLocaleLowerCase()
    .trim();
}

/** Whether anybody of the monitoring committee is in the room. */
export function committeeObserves(room: RoomState): boolean {
  return [...room.participants.values()].some(
    ({ role, presence }) => role === 'committee' && presence.state === 'present',
  );
}

/** The first letter of a name, for the square before it. */
export function initial(name: string): string {
  const [first = ''] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim());
  return typeof first === 'string' ? first : first.segment.toLocaleUpperCase();
}
