import { ApiProblem, refusal } from './problem';
import type { Calls } from './schema.gen';

export { ApiProblem, problemOf, saying } from './problem';
export type * from './schema.gen';

/** How long an answer may take, in milliseconds. */
const ANSWER_TIMEOUT_MS = 20_000;

/** How long a file may take on its way, in milliseconds. */
const FILE_TIMEOUT_MS = 300_000;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type PathOf<M extends Method> = keyof Calls extends infer K ? (K extends `${M} ${infer P}` ? P : never) : never;
type CallOf<M extends Method, P extends string> = `${M} ${P}` extends keyof Calls ? Calls[`${M} ${P}`] : never;
type Part<C, K extends string> = K extends keyof C ? C[K] : never;

/** What a call answers. */
export type Answer<M extends Method, P extends PathOf<M>> = Part<CallOf<M, P>, 'answer'>;

/** What a call takes as its body. */
export type Body<M extends Method, P extends PathOf<M>> = Part<CallOf<M, P>, 'body'>;

/** The lists that come in pages, and what is in them. */
export type ItemOf<P extends PathOf<'GET'>> = Answer<'GET', P> extends { items: (infer I)[] } ? I : never;
export type Listed = { [P in PathOf<'GET'>]: ItemOf<P> extends never ? never : P }[PathOf<'GET'>];

/** What is asked with a call: only what it takes, and all that it needs. */
export type Asked<M extends Method, P extends PathOf<M>> = Needed<'path', Part<CallOf<M, P>, 'path'>> &
  Needed<'query', Part<CallOf<M, P>, 'query'>> &
  ([Body<M, P>] extends [never]
    ? unknown
    : undefined extends Body<M, P>
      ? { body?: Body<M, P> }
      : { body: Body<M, P> }) &
  (true extends Part<CallOf<M, P>, 'changes'> ? { version: string } : unknown) & {
    signal?: AbortSignal;
    /** The key of one act, the same when it is sent again; made anew for each call unless given. */
    idempotencyKey?: string;
  };

type Needed<K extends string, T> = [keyof T] extends [never]
  ? unknown
  : Record<never, never> extends T
    ? { [k in K]?: T }
    : { [k in K]: T };

/** A record with its version: what `If-Match` is to say when it is changed. */
export interface Versioned<T> {
  record: T;
  version: string;
}

type Rest<M extends Method, P extends PathOf<M>> =
  Record<never, never> extends Asked<M, P> ? [asked?: Asked<M, P>] : [asked: Asked<M, P>];

/** The server's calls. Each throws `ApiProblem` and nothing else. */
export const api = {
  get: async <P extends PathOf<'GET'>>(path: P, ...[asked]: Rest<'GET', P>) =>
    (await send('GET', path, asked)).record as Answer<'GET', P>,
  /** A record with its version, to be changed. */
  read: async <P extends PathOf<'GET'>>(path: P, ...[asked]: Rest<'GET', P>) =>
    (await send('GET', path, asked)) as Versioned<Answer<'GET', P>>,
  post: async <P extends PathOf<'POST'>>(path: P, ...[asked]: Rest<'POST', P>) =>
    (await send('POST', path, asked)).record as Answer<'POST', P>,
  put: async <P extends PathOf<'PUT'>>(path: P, ...[asked]: Rest<'PUT', P>) =>
    (await send('PUT', path, asked)) as Versioned<Answer<'PUT', P>>,
  /** Changes a record; `version` is what `read` said. */
  patch: async <P extends PathOf<'PATCH'>>(path: P, ...[asked]: Rest<'PATCH', P>) =>
    (await send('PATCH', path, asked)) as Versioned<Answer<'PATCH', P>>,
  delete: async <P extends PathOf<'DELETE'>>(path: P, ...[asked]: Rest<'DELETE', P>) =>
    (await send('DELETE', path, asked)).record as Answer<'DELETE', P>,
};

/** All records of a list, page after page; for lists that are known to be short. */
export async function all<P extends Listed>(path: P, asked: Asked<'GET', P>, pagesMax = 10): Promise<ItemOf<P>[]> {
  const items: ItemOf<P>[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const { query } = asked as { query?: object };
    const page = await send('GET', path, { ...asked, query: { limit: 200, ...query, after } });
    const { items: more, next } = page.record as { items: ItemOf<P>[]; next?: string };
    items.push(...more);
    if (!next) break;
    after = next;
  }
  return items;
}

/** A key of one act: sent with each attempt at it, so that it is done once. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The address of a call, its parameters filled in: for links to files as well. */
export function address(path: string, parameters: object = {}, query: object = {}): string {
  const values = parameters as Record<string, string | number>;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name] ?? '')));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) search.append(name, String(each));
    }
  }
  const asked = search.toString();
  return asked ? `${filled}?${asked}` : filled;
}

const signedOut = new Set<() => void>();

/** Calls `run` whenever a call finds that nobody is signed in any more. */
export function whenSignedOut(run: () => void): void {
  signedOut.add(run);
}

interface AskedAny {
  path?: object;
  query?: object;
  body?: unknown;
  version?: string;
  signal?: AbortSignal;
  idempotencyKey?: string;
}

async function send(method: Method, path: string, asked: AskedAny = {}): Promise<Versioned<unknown>> {
  const abort = new AbortController();
  const isFile = asked.body instanceof Blob;
  const timer = setTimeout(() => abort.abort(), isFile ? FILE_TIMEOUT_MS : ANSWER_TIMEOUT_MS);
  const onAbort = () => abort.abort();
  asked.signal?.addEventListener('abort', onAbort);
  if (asked.signal?.aborted) abort.abort();
  try {
    const init: RequestInit = { method, credentials: 'same-origin', cache: 'no-store', signal: abort.signal };
    const response = await fetch(address(path, asked.path, asked.query), { ...init, ...carried(method, asked) });
    if (!response.ok) throw refusal(response.status, await response.text(), response.headers.get('retry-after'));
    return { record: await content(response), version: response.headers.get('etag') ?? '' };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw new ApiProblem('unreachable', 0, String(error));
    if (error.code === 'not_signed_in') for (const run of signedOut) run();
    throw error;
  } finally {
    clearTimeout(timer);
    asked.signal?.removeEventListener('abort', onAbort);
  }
}

/** The headers and the body of a request. */
function carried(method: Method, { body, version, idempotencyKey }: AskedAny): RequestInit {
  const headers: Record<string, string> = {};
  if (version !== undefined) headers['if-match'] = version;
  if (method === 'POST') headers['idempotency-key'] = idempotencyKey ?? newKey();
  if (body === undefined) return { headers };
  if (body instanceof Blob || typeof body === 'string') {
    headers['content-type'] = (body instanceof Blob && body.type) || 'application/octet-stream';
    return { headers, body };
  }
  headers['content-type'] = 'application/json';
  return { headers, body: JSON.stringify(body) };
}

async function content(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const kind = response.headers.get('content-type') ?? '';
  if (/[/+]json/.test(kind)) return response.json();
  return kind.startsWith('text/') ? response.text() : response.blob();
}
