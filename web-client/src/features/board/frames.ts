import { batch } from '@preact/signals';

/** So many messages wait for the next frame; a page that draws none (it is not seen) takes them in at once. */
const WAITING_MAX = 256;

/** Messages in their order, taken in once per animation frame: however many come, the page is drawn once for all. */
export class Frames<M> {
  readonly #take: (message: M) => void;
  #waiting: M[] = [];
  #frame: number | undefined;

  constructor(take: (message: M) => void) {
    this.#take = take;
  }

  add(message: M): void {
    this.#waiting.push(message);
    if (this.#waiting.length >= WAITING_MAX) this.flush();
    else this.#frame ??= requestAnimationFrame(this.flush);
  }

  /** Takes in what waits, now. */
  readonly flush = () => {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    batch(() => {
      for (const message of waiting) this.#take(message);
    });
  };

  /** Forgets what waits: it belongs to a connection that is gone. */
  clear(): void {
    this.#waiting = [];
  }
}
