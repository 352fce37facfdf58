import type { Call, CallOptions, CallState, CallStats, Command, ParticipantId, Picture, Publication } from '../call';
import { drawing } from './streams';

/** A call that answers by itself, to look at screens without a server. Never part of a build. */
export function fakeCall(options: CallOptions, first: CallState): Call {
  let state = first;
  const listeners = new Set<(state: CallState) => void>();
  const change = (next: Partial<CallState>) => {
    state = { ...state, ...next };
    for (const listener of listeners) listener(state);
  };
  const room = (next: Partial<NonNullable<CallState['room']>>) => {
    if (state.room) change({ room: { ...state.room, ...next, seq: state.room.seq + 1 } });
  };
  const source = (kind: 'microphone' | 'camera' | 'screen') => async (on: boolean) => {
    change({ local: { ...state.local, [kind]: on ? 'on' : 'off' } });
    const publications = new Map(state.room?.publications);
    for (const [id, { participant, source }] of publications) {
      if (participant === options.participant && source === kind) publications.delete(id);
    }
    const id = 900 + publications.size;
    if (on) publications.set(id, { id, participant: options.participant, source: kind } satisfies Publication);
    room({ publications });
  };
  const without = <T extends { participant: ParticipantId }>(list: readonly T[] = [], id: ParticipantId) =>
    list.filter(({ participant }) => participant !== id);

  return {
    get state() {
      return state;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connect: () => undefined,
    leave: async () => change({ phase: 'ended', endedBy: 'left' }),
    async command(command: Command) {
      const since = Date.now() * 1000;
      const hands = state.room?.hands ?? [];
      const floor = state.room?.floor ?? [];
      const own = options.participant;
      switch (command.type) {
        case 'start_lesson':
          return room({ phase: { state: 'live', since } });
        case 'end_lesson':
          return room({ phase: { state: 'ended', since } });
        case 'raise_hand':
          return room({ hands: [...hands, { participant: own, since }] });
        case 'lower_hand':
          return room({ hands: without(hands, command.participant) });
        case 'lower_all_hands':
          return room({ hands: [] });
        case 'give_floor':
          return room({
            hands: without(hands, command.participant),
            floor: [...floor, { participant: command.participant, since }],
          });
        case 'take_floor':
          return room({ floor: without(floor, command.participant) });
        case 'say': {
          const chat = state.room?.chat ?? [];
          return room({
            chat: [...chat, { seq: 1000 + chat.length, at: since, participant: own, text: command.text }],
          });
        }
        case 'remove': {
          const participants = new Map(state.room?.participants);
          participants.delete(command.participant);
          return room({ participants });
        }
        default:
          return undefined;
      }
    },
    setMicrophone: source('microphone'),
    setCamera: source('camera'),
    setScreen: source('screen'),
    chooseDevice: async () => undefined,
    setQuality: () => undefined,
    setTellReception: () => undefined,
    attach(element: HTMLVideoElement, what: Picture) {
      const publication = 'publication' in what ? state.room?.publications.get(what.publication) : null;
      const kind = publication ? publication.source : 'local' in what ? what.local : 'camera';
      element.muted = true;
      element.autoplay = true;
      void drawing(kind === 'screen' ? 'screen' : 'camera', publication?.participant === 'p1' ? 0 : 1).then(
        (stream) => {
          element.srcObject = stream;
        },
      );
      return () => {
        element.srcObject = null;
      };
    },
    startAudio: async () => change({ audioBlocked: false }),
    stats: async () => ({ bytesReceived: 212_400_000 }) as CallStats,
  };
}
