import { Alarm, waitBeforeNext } from './backoff';
import type { ErrorCode, LessonId, ParticipantId } from './protocol.gen';
import { ticket as askTicket, ProblemError } from './rest';

/**
 * After how long without an answer another request is sent beside the first. On a network that swallows packets, a
 * request from before its return may wait for TCP's next repetition, up to 16 s; a new one gets through at once.
 */
const HEDGE_MS = 1_500;
/** Requests under way at once; the oldest is given up for one more. Browsers open six connections to a server. */
const FLIGHTS_MAX = 4;

/** After these, trying again changes nothing. */
const FINAL: ReadonlySet<ErrorCode | 'unreachable'> = new Set<ErrorCode>([
  'session_invalid',
  'invitation_invalid',
  'lesson_unknown',
  'lesson_ended',
  'lesson_cancelled',
  'participant_unknown',
  'removed',
  'forbidden',
  'unsupported_protocol',
]);

/** Whether a refusal with this code stands whatever we do. */
export function isFinal(code: ErrorCode | 'unreachable'): boolean {
  return FINAL.has(code);
}

interface Outcome {
  ticket?: string;
  refusal?: ProblemError;
}

/** Gets join tickets, on networks that come and go. */
export class Admission {
  readonly #lesson: LessonId;
  readonly #participant: ParticipantId;
  readonly #alarm = new Alarm();
  readonly #closed = new AbortController();

  constructor(lesson: LessonId, participant: ParticipantId) {
    this.#lesson = lesson;
    this.#participant = participant;
  }

  /** Tries again at once: the network or the page is back. */
  wake(): void {
    this.#alarm.wake();
  }

  /** Ends every wait; `ticket` resolves with nothing. */
  close(): void {
    this.#closed.abort();
    this.#alarm.wake();
  }

  /** Waits before the attempt after `attempt`. */
  pause(attempt: number, outageMs: number): Promise<void> {
    if (this.#closed.signal.aborted) return Promise.resolve();
    return this.#alarm.wait(waitBeforeNext(attempt, outageMs, Math.random()));
  }

  /**
   * Asks until a ticket comes; tells each attempt's number, counting on from `attempt`. Resolves with `undefined`
   * where it was closed; throws the `ProblemError` that is final.
   */
  async ticket(attempt: number, onAttempt: (attempt: number) => void): Promise<string | undefined> {
    const startedAt = performance.now();
    const outcome: Outcome = {};
    const flights: AbortController[] = [];
    try {
      for (let now = attempt; !this.#closed.signal.aborted; now += 1) {
        onAttempt(now);
        const flight = new AbortController();
        flights.push(flight);
        if (flights.length > FLIGHTS_MAX) flights.shift()?.abort();
        let failed = false;
        const settled = this.#ask(flight.signal, outcome).catch(() => {
          failed = true;
        });
        await this.#alarm.wait(HEDGE_MS, settled);
        if (!outcome.ticket && !outcome.refusal && failed) await this.pause(now, performance.now() - startedAt);
        if (outcome.ticket) return outcome.ticket;
        if (outcome.refusal) throw outcome.refusal;
      }
      return undefined;
    } finally {
      for (const flight of flights) flight.abort();
    }
  }

  async #ask(signal: AbortSignal, outcome: Outcome): Promise<void> {
    try {
      outcome.ticket = (await askTicket(this.#lesson, this.#participant, signal)).ticket;
    } catch (error) {
      if (error instanceof ProblemError && isFinal(error.code)) outcome.refusal = error;
      else throw error;
    }
    // Another request's wait may be the one to end.
    this.#alarm.wake();
  }
}
