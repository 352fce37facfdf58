import type { ErrorCode, InvitationCard, LessonId, ParticipantId, Problem, SessionCard, Ticket } from './protocol.gen';

/** How long an answer may take, in milliseconds; on a phone's weak network a small one needs seconds, not minutes. */
const ANSWER_TIMEOUT_MS = 15_000;

/** A refusal of the server, or `unreachable` where no answer came. */
export class ProblemError extends Error {
  constructor(
    readonly code: ErrorCode | 'unreachable',
    /** The HTTP status; 0 where no answer came. */
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'ProblemError';
  }
}

/** What an invitation is for. Throws `ProblemError`. */
export function openInvitation(invitation: string): Promise<InvitationCard> {
  return ask('POST', '/api/invitations/open', { invitation });
}

/** Accepts an invitation in this browser. Throws `ProblemError`. */
export function startSession(invitation: string, name: string | null): Promise<SessionCard> {
  return ask('POST', '/api/sessions', { invitation, name });
}

/** The place in a lesson that this browser's session holds. Throws `ProblemError`. */
export function sessionCard(lesson: LessonId, participant: ParticipantId): Promise<SessionCard> {
  return ask('GET', place(lesson, participant));
}

/** A ticket for that place: single use, short-lived. Throws `ProblemError`. */
export function ticket(lesson: LessonId, participant: ParticipantId, signal?: AbortSignal): Promise<Ticket> {
  return ask('POST', `${place(lesson, participant)}/tickets`, undefined, signal);
}

function place(lesson: LessonId, participant: ParticipantId): string {
  return `/api/lessons/${encodeURIComponent(lesson)}/participants/${encodeURIComponent(participant)}`;
}

async function ask<T>(method: 'GET' | 'POST', path: string, body?: object, signal?: AbortSignal): Promise<T> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), ANSWER_TIMEOUT_MS);
  const onAbort = () => abort.abort();
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) abort.abort();
  try {
    const init: RequestInit = { method, credentials: 'same-origin', cache: 'no-store', signal: abort.signal };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { 'content-type': 'application/json' };
    }
    const response = await fetch(path, init);
    const text = await response.text();
    if (!response.ok) throw problem(response.status, text);
    return JSON.parse(text) as T;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError('unreachable', 0, String(error));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function problem(status: number, text: string): ProblemError {
  try {
    const parsed = JSON.parse(text) as Partial<Problem>;
    if (typeof parsed.code === 'string')
      return new ProblemError(parsed.code, status, parsed.detail ?? parsed.title ?? '');
  } catch {
    // Whatever stands between us and the server may answer with something else than JSON.
  }
  const unreachable = status >= 502 && status <= 504;
  return new ProblemError(unreachable ? 'unreachable' : 'internal', status, `The server answered ${status}.`);
}
