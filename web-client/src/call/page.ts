import type { Command } from './protocol.gen';

/** How long after a refusal the room is told again. */
const AGAIN_MS = 2_000;

export interface PageHooks {
  /** Rejects where the room did not take it. */
  command(command: Command): Promise<void>;
  /** Whether there is a connection to tell it over. */
  linked(): boolean;
}

/** Tells the room when this page is hidden from its reader, and when it is seen again. */
export class Page {
  readonly #hooks: PageHooks;
  /** What the room knows; not known where it may have missed what was said. */
  #told: boolean | undefined;
  #telling = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(hooks: PageHooks) {
    this.#hooks = hooks;
  }

  /** A connection was made; `known` is what the room says of us, where it said anything. */
  connected(known: boolean | undefined): void {
    this.#told = known;
    this.tell();
  }

  /** Tells how it is now, where the room does not know that. */
  tell(): void {
    const hidden = document.visibilityState === 'hidden';
    if (this.#telling || this.#told === hidden || !this.#hooks.linked()) return;
    clearTimeout(this.#again);
    this.#telling = true;
    this.#hooks.command({ type: hidden ? 'hide_page' : 'show_page' }).then(
      () => this.#heard(hidden),
      () => this.#heard(undefined),
    );
  }

  close(): void {
    clearTimeout(this.#again);
  }

  #heard(told: boolean | undefined): void {
    this.#telling = false;
    this.#told = told;
    // It may have changed while the answer was on its way.
    if (told !== undefined) return this.tell();
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.tell(), AGAIN_MS);
  }
}
