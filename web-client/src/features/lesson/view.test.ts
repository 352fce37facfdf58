import { describe, expect, it } from 'vitest';
import type { LessonFigures, Participant, ParticipantFigures, Publication, RoomState } from '../../call';
import { committeeObserves, initial, linkOf, matches, picturesOf, placeInLine, rosterOf, trainerOf } from './view';

const person = (id: string, role: Participant['role'], more: Partial<Participant> = {}): Participant => ({
  id,
  name: id,
  role,
  kind: 'person',
  presence: { state: 'present', since: 0 },
  hidden_since: null,
  ...more,
});

function room(people: Participant[], publications: Publication[] = [], more: Partial<RoomState> = {}): RoomState {
  return {
    seq: 1,
    lesson: {} as RoomState['lesson'],
    phase: { state: 'live', since: 0 },
    participants: new Map(people.map((each) => [each.id, each])),
    publications: new Map(publications.map((each) => [each.id, each])),
    hands: [],
    floor: [],
    chat: [],
    ...more,
  };
}

const shows = (id: number, participant: string, source: Publication['source']): Publication => ({
  id,
  participant,
  source,
});

const trainer = person('t', 'trainer');
const salma = person('salma', 'trainee');

describe('the stage', () => {
  it('shows the screen, and the trainer beside it', () => {
    const { stage, side } = picturesOf(
      room([trainer], [shows(1, 't', 'camera'), shows(2, 't', 'screen')]),
      'automatic',
    );
    expect(stage?.id).toBe(2);
    expect(side.map(({ id }) => id)).toEqual([1]);
  });

  it('gives the trainer’s camera the stage when no screen is shared', () => {
    const { stage, side } = picturesOf(room([trainer], [shows(1, 't', 'camera')]), 'automatic');
    expect(stage?.id).toBe(1);
    expect(side).toEqual([]);
  });

  it('shows the newest of two screens', () => {
    expect(picturesOf(room([trainer], [shows(3, 't', 'screen'), shows(2, 't', 'screen')]), 'automatic').stage?.id).toBe(
      3,
    );
  });

  it('shows a trainee’s camera only with the floor', () => {
    const cameras = [shows(1, 't', 'camera'), shows(2, 'salma', 'camera')];
    expect(picturesOf(room([trainer, salma], cameras), 'automatic').side).toEqual([]);
    const floor = [{ participant: 'salma', since: 0 }];
    const { side } = picturesOf(room([trainer, salma], cameras, { floor }), 'automatic');
    expect(side.map(({ id }) => id)).toEqual([2]);
  });

  it('never shows more pictures than a session has places for', () => {
    const cameras = [1, 2, 3, 4, 5].map((id) => shows(id, 't', 'camera'));
    const { stage, side } = picturesOf(room([trainer], cameras), 'automatic');
    expect([stage, ...side]).toHaveLength(3);
  });

  it('keeps cameras out of economy, and everything out of voice only', () => {
    const pictures = room([trainer], [shows(1, 't', 'camera'), shows(2, 't', 'screen')]);
    expect(picturesOf(pictures, 'economy')).toMatchObject({ stage: { id: 2 }, side: [] });
    expect(picturesOf(pictures, 'voice_only')).toEqual({ stage: null, side: [] });
  });
});

describe('the trainer', () => {
  it('is the one who is present, and a person before a device', () => {
    const lost = person('first', 'trainer', { presence: { state: 'lost', since: 0 } });
    const encoder = person('encoder', 'trainer', { kind: 'device' });
    expect(trainerOf(room([lost, encoder, trainer]))?.id).toBe('t');
    expect(trainerOf(room([lost, encoder]))?.id).toBe('encoder');
    expect(trainerOf(room([salma]))).toBeUndefined();
  });
});

const link = (lost_percent = 0) => ({ bitrate: 1, packets: 1, lost_percent, jitter_ms: 0 });
const figuresOf = (participant: string, more: Partial<ParticipantFigures> = {}): ParticipantFigures => ({
  participant,
  transport: 'udp',
  uplink: link(),
  downlink: link(),
  round_trip_ms: 40,
  ...more,
});
const kindOf = (who: Participant, figures: ParticipantFigures) => linkOf(who, new Map([[who.id, figures]])).kind;

describe('a link', () => {
  it('names its worst trouble', () => {
    expect(kindOf(salma, figuresOf('salma'))).toBe('fine');
    expect(kindOf(salma, figuresOf('salma', { downlink: link(9), uplink: link(20) }))).toBe('down_loss');
    expect(kindOf(salma, figuresOf('salma', { uplink: link(7) }))).toBe('up_loss');
    expect(kindOf(salma, figuresOf('salma', { round_trip_ms: 900 }))).toBe('slow');
    expect(kindOf(salma, figuresOf('salma', { transport: 'none' }))).toBe('no_media');
  });

  it('that is cut says since when, whatever the figures', () => {
    const cut = person('salma', 'trainee', { presence: { state: 'lost', since: 7 } });
    expect(linkOf(cut, new Map([['salma', figuresOf('salma')]]))).toEqual({ kind: 'lost', since: 7 });
  });

  it('is not blamed before there are figures', () => {
    expect(linkOf(salma, null).kind).toBe('fine');
  });
});

describe('the roster', () => {
  const cut = person('Anas', 'trainee', { presence: { state: 'lost', since: 0 } });
  const gone = person('Zineb', 'trainee', { presence: { state: 'gone', since: 0 } });
  const meriem = person('Meriem', 'trainee');
  const figures: LessonFigures = {
    at: 0,
    participants: [figuresOf('salma'), figuresOf('Meriem', { uplink: link(8) })],
    publications: [],
    speech: null,
    picture: null,
  };
  const hands = [{ participant: 'Meriem', since: 3 }];
  const state = room([trainer, salma, meriem, cut, gone], [], { hands });

  it('counts who is present and forgets who has left', () => {
    const roster = rosterOf(state, figures);
    expect(roster.present).toBe(2);
    expect(roster.fine.map(({ id }) => id)).toEqual(['salma']);
    expect(roster.troubled.map(({ participant }) => participant.id)).toEqual(['Anas', 'Meriem']);
    expect(roster.hands).toMatchObject([{ participant: { id: 'Meriem' }, since: 3 }]);
  });

  it('can be searched without changing what is counted', () => {
    const roster = rosterOf(state, figures, 'sal');
    expect(roster.fine.map(({ id }) => id)).toEqual(['salma']);
    expect(roster.troubled).toEqual([]);
    expect(roster.present).toBe(2);
  });
});

describe('searching a name', () => {
  it('looks past case, accents and Arabic signs', () => {
    expect(matches('Khadija Aït El Haj', 'ait')).toBe(true);
    expect(matches('مُحَمَّد', 'محمد')).toBe(true);
    expect(matches('Salma', 'z')).toBe(false);
    expect(matches('Salma', '')).toBe(true);
  });
});

describe('small facts', () => {
  it('a hand has its place in the line', () => {
    const hands = [
      { participant: 'a', since: 1 },
      { participant: 'b', since: 2 },
    ];
    expect(placeInLine(hands, 'b')).toBe(2);
    expect(placeInLine(hands, 'c')).toBeNull();
  });

  it('the committee observes while it is present', () => {
    const here = person('c', 'committee');
    expect(committeeObserves(room([here]))).toBe(true);
    expect(committeeObserves(room([{ ...here, presence: { state: 'gone', since: 0 } }]))).toBe(false);
  });

  it('a name’s square holds its first letter, in any script', () => {
    expect(initial(' salma')).toBe('S');
    expect(initial('إيمان')).toBe('إ');
    expect(initial('')).toBe('');
  });
});
