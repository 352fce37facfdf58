/** So many pieces of the page are drawn again in one frame; the others wait for the next ones. */
const PER_FRAME = 12;

/** Work on pieces of the page, spread over frames: where a whole country changes in one instant no frame is late. */
export class Spread {
  readonly #waiting = new Map<string, () => void>();
  #frame: number | undefined;

  /** Does `work` within the next frames; once, however often it is asked for under one key before that. */
  add(key: string, work: () => void): void {
    this.#waiting.set(key, work);
    this.#frame ??= requestAnimationFrame(this.#next);
  }

  clear(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#waiting.clear();
  }

  readonly #next = () => {
    this.#frame = undefined;
    let done = 0;
    for (const [key, work] of this.#waiting) {
      this.#waiting.delete(key);
      work();
      done += 1;
      if (done === PER_FRAME) break;
    }
    if (this.#waiting.size > 0) this.#frame = requestAnimationFrame(this.#next);
  };
}
