import { Alarm, waitBeforeNext } from '../../call/backoff';
import {
  BOARD_SUBPROTOCOL,
  type BoardMessage,
  type BoardRequest,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_TIMEOUT_MS,
} from '../../call/protocol.gen';

export interface FeedHooks {
  /** A connection is open: what comes begins anew. `send` is for this connection alone. */
  onOpen: (send: (request: BoardRequest) => void) => void;
  onMessage: (message: BoardMessage) => void;
  /** It is gone, or could not be made; another attempt follows by itself. */
  onGone: () => void;
}

/** The board's WebSocket, opened again whenever it is gone, until it is closed. */
export class Feed {
  readonly #hooks: FeedHooks;
  readonly #pause = new Alarm();
  #socket: WebSocket | undefined;
  #closed = false;

  constructor(hooks: FeedHooks) {
    this.#hooks = hooks;
    addEventListener('online', this.#hurry);
    document.addEventListener('visibilitychange', this.#hurry);
    void this.#keep();
  }

  close(): void {
    this.#closed = true;
    removeEventListener('online', this.#hurry);
    document.removeEventListener('visibilitychange', this.#hurry);
    this.#pause.wake();
    this.#socket?.close();
  }

  /** The network or the reader is back: no reason to wait any longer. */
  readonly #hurry = () => {
    if (document.visibilityState === 'visible') this.#pause.wake();
  };

  async #keep(): Promise<void> {
    let attempt = 0;
    let goneAt = performance.now();
    while (!this.#closed) {
      const served = await this.#connect();
      if (this.#closed) return;
      if (served) {
        attempt = 0;
        goneAt = performance.now();
      }
      attempt += 1;
      this.#hooks.onGone();
      await this.#pause.wait(waitBeforeNext(attempt, performance.now() - goneAt, Math.random()));
    }
  }

  /** One connection from its beginning to its end; says whether anything came by it. */
  #connect(): Promise<boolean> {
    return new Promise((done) => {
      const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
      const socket = new WebSocket(`${scheme}://${location.host}/api/board`, BOARD_SUBPROTOCOL);
      this.#socket = socket;
      let heardAt = performance.now();
      let served = false;
      const send = (request: BoardRequest) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request));
      };
      const heartbeat = setInterval(() => {
        if (performance.now() - heardAt > HEARTBEAT_TIMEOUT_MS) finish();
        else send({ type: 'ping' });
      }, HEARTBEAT_INTERVAL_MS);
      const finish = () => {
        clearInterval(heartbeat);
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
        this.#socket = undefined;
        done(served);
      };
      socket.onopen = () => this.#hooks.onOpen(send);
      socket.onmessage = ({ data }) => {
        heardAt = performance.now();
        const message = parsed(data);
        if (!message) return;
        served = true;
        this.#hooks.onMessage(message);
      };
      socket.onclose = finish;
    });
  }
}

function parsed(data: unknown): BoardMessage | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as BoardMessage;
  } catch {
    return undefined;
  }
}
