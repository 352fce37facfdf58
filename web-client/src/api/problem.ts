import type { ErrorCode } from '../call/protocol.gen';
import type { FieldFault } from './schema.gen';

/** What the server refuses, or `unreachable` where no answer came. */
export class ApiProblem extends Error {
  constructor(
    readonly code: ErrorCode | 'unreachable',
    /** The HTTP status; 0 where no answer came. */
    readonly status: number,
    /** What happened and what to do, in English. */
    readonly detail: string,
    /** Which fields can't be used, with the code `fields_invalid`. */
    readonly fields: readonly FieldFault[] = [],
    /** What belongs to the code: with `stale` the record as it is now. */
    readonly current?: unknown,
    /** How long to wait before asking again, in seconds, where the server says. */
    readonly retryAfter?: number,
  ) {
    super(detail);
    this.name = 'ApiProblem';
  }

  /** What a page says of it, where it knows more than the code does. */
  said?: string;
}

/** What a call gives; where it is refused with one of these codes, the page's own words for it go along. */
export async function saying<T>(call: Promise<T>, words: Partial<Record<ApiProblem['code'], string>>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const said = error instanceof ApiProblem ? words[error.code] : undefined;
    if (said) (error as ApiProblem).said = said;
    throw error;
  }
}

/** Any error as a problem: a fault of ours counts as one of the server's. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  console.error(error);
  return new ApiProblem('internal', 0, String(error));
}

/** What an answer that is no success says. */
export function refusal(status: number, text: string, retryAfter: string | null): ApiProblem {
  const wait = retryAfter === null ? undefined : Number(retryAfter) || undefined;
  try {
    const { code, detail, title, fields, current } = JSON.parse(text) as Partial<ApiProblem & { title: string }>;
    if (typeof code === 'string')
      return new ApiProblem(code, status, detail ?? title ?? '', fields ?? [], current, wait);
  } catch {
    // Whatever stands between us and the server may answer with something else than JSON.
  }
  const unreachable = status >= 502 && status <= 504;
  return new ApiProblem(unreachable ? 'unreachable' : 'internal', status, `The server answered ${status}.`);
}
