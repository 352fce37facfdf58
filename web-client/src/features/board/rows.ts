import { type Signal, signal } from '@preact/signals';
import type { Live } from './model';

/**
 * Records by their ids, in the order in which they were given: what changes stays in its place, and nothing moves away
 * under somebody's finger. Each is a signal of its own: one that changes draws its own row and no other.
 */
export class Rows<T extends { id: string }> {
  readonly #byId = new Map<string, Signal<T>>();
  readonly #list = signal<readonly Live<T>[]>([]);

  /** All of them; changes only where one comes or goes. */
  get list(): Live<readonly Live<T>[]> {
    return this.#list;
  }

  /** One of them, as it is now. */
  peek(id: string): T | undefined {
    return this.#byId.get(id)?.peek();
  }

  /** These and no others, in this order; what is there already keeps its signal. */
  reset(items: readonly T[]): void {
    const before = new Map(this.#byId);
    this.#byId.clear();
    for (const item of items) {
      const known = before.get(item.id);
      if (known) known.value = item;
      this.#byId.set(item.id, known ?? signal(item));
    }
    this.#listed();
  }

  /** Changes one; one that is new comes last. */
  put(item: T): void {
    const known = this.#byId.get(item.id);
    if (known) {
      known.value = item;
      return;
    }
    this.#byId.set(item.id, signal(item));
    this.#listed();
  }

  drop(id: string): void {
    if (this.#byId.delete(id)) this.#listed();
  }

  #listed(): void {
    const [list, before] = [[...this.#byId.values()], this.#list.peek()];
    if (list.length === before.length && list.every((row, at) => row === before[at])) return;
    this.#list.value = list;
  }
}
