/** The wait before the second attempt; it doubles from there. */
const FIRST_WAIT_MS = 250;
/** The longest wait in an outage's first minute: whoever's Wi-Fi comes back is in the lesson again within seconds. */
const SOON_WAIT_MS_MAX = 1_500;
/** The longest wait after that. */
const LATE_WAIT_MS_MAX = 5_000;
const SOON_MS = 60_000;

/**
 * How long to wait after the attempt `attempt` (from 1) of an outage that lasts `outageMs` already.
 *
 * `random` (0 to 1) spreads the waits over ±25 %, so that a class whose server restarts does not come back in one
 * instant.
 */
export function waitBeforeNext(attempt: number, outageMs: number, random: number): number {
  const most = outageMs < SOON_MS ? SOON_WAIT_MS_MAX : LATE_WAIT_MS_MAX;
  const doublings = Math.min(Math.max(attempt - 1, 0), 10);
  return Math.round(Math.min(FIRST_WAIT_MS * 2 ** doublings, most) * (0.75 + random / 2));
}

/** A wait that `wake` ends early: the network or the page is back. */
export class Alarm {
  #wake: (() => void) | undefined;

  /** Resolves after `ms`, on `wake`, or when `until` does. Never rejects. */
  async wait(ms: number, until?: Promise<unknown>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
      until?.then(
        () => resolve(),
        () => resolve(),
      );
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }

  wake(): void {
    this.#wake?.();
  }
}
