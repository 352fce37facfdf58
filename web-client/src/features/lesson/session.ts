import { type ReadonlySignal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import {
  type Call,
  CallError,
  type CallState,
  type CallStats,
  createCall,
  type LessonId,
  type ParticipantId,
  type Quality,
} from '../../call';
import type { Timestamp } from '../../call/protocol.gen';
import { keepQuality, keepTellsReception, keptDevices, keptQuality, keptRole, keptTellsReception } from '../../memory';
import { type Outbox, openOutbox } from './outbox';

/** How often the data used is counted, in milliseconds. */
const STATS_INTERVAL_MS = 2000;

/** The call and what the screens share of it. */
export interface Session {
  readonly call: Call;
  readonly state: ReadonlySignal<CallState>;
  readonly quality: ReadonlySignal<Quality>;
  readonly stats: ReadonlySignal<CallStats | null>;
  /** Whether the server is told how the reception is. */
  readonly tellsReception: ReadonlySignal<boolean>;
  /** When the lesson went on air, as far as this page has seen it; kept when it has ended. */
  readonly startedAt: ReadonlySignal<Timestamp | null>;
  /** The last request that was refused, until somebody has read it. */
  readonly refused: ReadonlySignal<CallError | null>;
  readonly outbox: Outbox;
  chooseQuality(quality: Quality): void;
  chooseTellReception(on: boolean): void;
  /** Follows a request: its refusal is shown, not lost. Resolves to whether it was carried out. */
  follow(request: Promise<unknown>): Promise<boolean>;
  dismiss(): void;
  close(): void;
}

export function openSession(
  lesson: LessonId,
  participant: ParticipantId,
  make: typeof createCall = createCall,
): Session {
  // Only a trainee chooses what to receive; a committee opens the picture when it wants to see it.
  const role = keptRole(lesson, participant);
  const first = role === 'trainer' ? 'automatic' : role === 'committee' ? 'voice_only' : (keptQuality() ?? 'automatic');
  const { camera, microphone, speaker } = keptDevices();
  const devices = { ...(camera && { camera }), ...(microphone && { microphone }) };
  const tellsReception = signal(keptTellsReception());
  const call = make({ lesson, participant, quality: first, tellReception: tellsReception.value, devices });
  const state = signal(call.state);
  const quality = signal<Quality>(first);
  const stats = signal<CallStats | null>(null);
  const startedAt = signal<Timestamp | null>(null);
  const refused = signal<CallError | null>(null);
  const outbox = openOutbox(call);
  const unsubscribe = call.subscribe((next) => {
    const back = next.phase === 'connected' && state.peek().phase === 'reconnecting';
    state.value = next;
    if (next.room?.phase.state === 'live') startedAt.value = next.room.phase.since;
    if (back && next.room && next.me) outbox.release(next.room, next.me.participant);
  });
  const timer = setInterval(() => {
    if (state.value.phase !== 'connected') return;
    call.stats().then(
      (next) => {
        stats.value = next;
      },
      () => undefined,
    );
  }, STATS_INTERVAL_MS);
  if (speaker) call.chooseDevice('speaker', speaker).catch(() => undefined);
  call.connect();
  return {
    call,
    state,
    quality,
    stats,
    tellsReception,
    startedAt,
    refused,
    outbox,
    chooseQuality(next) {
      quality.value = next;
      if (state.value.me?.role === 'trainee') keepQuality(next);
      call.setQuality(next);
    },
    chooseTellReception(on) {
      tellsReception.value = on;
      keepTellsReception(on);
      call.setTellReception(on);
    },
    async follow(request) {
      try {
        await request;
        return true;
      } catch (error) {
        // A device that does not open is in `local.error`; its own banner says so.
        if (error instanceof CallError) refused.value = error;
        return false;
      }
    },
    dismiss() {
      refused.value = null;
    },
    close() {
      clearInterval(timer);
      unsubscribe();
    },
  };
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('A lesson screen was rendered outside of a lesson.');
  return session;
}
