import {
  type ByeReason,
  type ClientMessage,
  type ErrorCode,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_TIMEOUT_MS,
  PROTOCOL_VERSION,
  type Resume,
  type ServerMessage,
  SUBPROTOCOL,
} from './protocol.gen';
import { CallError } from './types';

/** From opening the connection to `welcome`. */
const WELCOME_TIMEOUT_MS = 8_000;
/** From a request to its answer; what the server makes durable takes milliseconds. */
const REQUEST_TIMEOUT_MS = 15_000;
/** How soon a living server answers, where there is reason to doubt that it lives. */
const PROBE_TIMEOUT_MS = 2_000;
/** Requests waiting for an answer; one more is refused here. */
const REQUESTS_MAX = 64;

/** Why a connection is over. */
export type Down =
  | { readonly cause: 'bye'; readonly reason: ByeReason }
  | { readonly cause: 'refused'; readonly code: ErrorCode }
  | { readonly cause: 'lost' };

export interface LinkHooks {
  /** Everything but answers to requests and heartbeats. */
  onMessage(message: ServerMessage): void;
  /** Once, at the end; nothing follows. */
  onDown(down: Down): void;
}

interface Request {
  resolve(answer: string | undefined): void;
  reject(error: CallError): void;
  timer: ReturnType<typeof setTimeout>;
}

type Numbered = Extract<ClientMessage, { id: number }>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** One WebSocket connection: hello, heartbeats, and requests with their answers. */
export class Link {
  readonly #socket: WebSocket;
  readonly #hooks: LinkHooks;
  readonly #requests = new Map<number, Request>();
  #nextId = 1;
  #heardAt = performance.now();
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #welcomed = false;
  #refusal: ErrorCode | undefined;
  #bye: ByeReason | undefined;
  #over = false;

  constructor(ticket: string, resume: Resume | null, hooks: LinkHooks) {
    this.#hooks = hooks;
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    this.#socket = new WebSocket(`${scheme}://${location.host}/ws`, SUBPROTOCOL);
    this.#deadline = setTimeout(() => this.#finish(), WELCOME_TIMEOUT_MS);
    this.#socket.onopen = () => this.send({ type: 'hello', protocol: PROTOCOL_VERSION, ticket, resume });
    this.#socket.onmessage = ({ data }) => this.#hear(data);
    this.#socket.onclose = ({ code }) => this.#finish(code);
  }

  /** Sends what needs no answer; dropped where the connection is not open. */
  send(message: ClientMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Sends a request; resolves with the answer's session description, if it has one. */
  request(message: WithoutId<Numbered>): Promise<string | undefined> {
    if (this.#over || !this.#welcomed) return Promise.reject(disconnected());
    if (this.#requests.size >= REQUESTS_MAX) {
      return Promise.reject(new CallError('rate_limited', 'Too many requests wait for their answer.'));
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#requests.delete(id);
        reject(new CallError('internal', 'The server did not answer in time.'));
      }, REQUEST_TIMEOUT_MS);
      this.#requests.set(id, { resolve, reject, timer });
      this.send({ ...message, id } as Numbered);
    });
  }

  /** Asks for a sign of life, and gives the connection up where none comes soon. */
  probe(): void {
    if (this.#over || !this.#welcomed) return;
    const askedAt = performance.now();
    this.send({ type: 'ping', at: askedAt });
    setTimeout(() => {
      if (this.#heardAt < askedAt) this.#finish();
    }, PROBE_TIMEOUT_MS);
  }

  /** Ends the connection without a word; `onDown` is not called. */
  close(): void {
    this.#over = true;
    this.#release();
  }

  #hear(data: unknown): void {
    this.#heardAt = performance.now();
    const message = parse(data);
    if (!message || this.#over) return;
    switch (message.type) {
      case 'ok':
        return this.#settle(message.id, (request) => request.resolve(undefined));
      case 'answer':
        return this.#settle(message.id, (request) => request.resolve(message.sdp));
      case 'error':
        if (message.id === null) {
          this.#refusal = message.code;
          return;
        }
        return this.#settle(message.id, (request) => request.reject(new CallError(message.code, message.message)));
      case 'bye':
        this.#bye = message.reason;
        return this.#finish();
      case 'pong':
        return;
      case 'welcome':
        this.#welcome();
        break;
    }
    this.#hooks.onMessage(message);
  }

  #welcome(): void {
    this.#welcomed = true;
    clearTimeout(this.#deadline);
    this.#heartbeat = setInterval(() => {
      if (performance.now() - this.#heardAt > HEARTBEAT_TIMEOUT_MS) return this.#finish();
      this.send({ type: 'ping', at: performance.now() });
    }, HEARTBEAT_INTERVAL_MS);
  }

  #settle(id: number, how: (request: Request) => void): void {
    const request = this.#requests.get(id);
    if (!request) return;
    this.#requests.delete(id);
    clearTimeout(request.timer);
    how(request);
  }

  #finish(closeCode?: number): void {
    if (this.#over) return;
    this.#over = true;
    this.#release();
    this.#hooks.onDown(this.#down(closeCode));
  }

  #down(closeCode: number | undefined): Down {
    if (this.#refusal && !this.#welcomed) return { cause: 'refused', code: this.#refusal };
    if (this.#bye) return { cause: 'bye', reason: this.#bye };
    const reason = closeCode === undefined ? undefined : REASONS[closeCode];
    return reason ? { cause: 'bye', reason } : { cause: 'lost' };
  }

  #release(): void {
    clearTimeout(this.#deadline);
    clearInterval(this.#heartbeat);
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    for (const request of this.#requests.values()) {
      clearTimeout(request.timer);
      request.reject(disconnected());
    }
    this.#requests.clear();
  }
}

/** The close codes that go with a `bye`, for where the `bye` itself was lost. */
const REASONS: Readonly<Record<number, ByeReason>> = {
  4001: 'replaced',
  4002: 'removed',
  4003: 'lesson_ended',
  4004: 'silent',
  4005: 'too_slow',
  4006: 'protocol',
  4007: 'server_stopping',
};

function parse(data: unknown): ServerMessage | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as ServerMessage;
  } catch {
    return undefined;
  }
}

export function disconnected(): CallError {
  return new CallError('disconnected', 'There is no connection to the server now.');
}
