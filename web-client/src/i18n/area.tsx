import { effect, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Message, PlaceholdersOf, Words } from './catalogue';
import { alsoLoad, type Language, language, nodes, plain } from './index';

type Values<M, V> = PlaceholdersOf<M> extends never ? [] : [Record<PlaceholdersOf<M>, V>];
type NodesOf<M> = PlaceholdersOf<M> extends never ? { v?: never } : { v: Record<PlaceholdersOf<M>, ComponentChildren> };

/** The words of one area, as `t` and `T` of the shared catalogue. */
export interface AreaWords<F> {
  /** A message as plain text, for names and titles. */
  t: <K extends keyof F & string>(key: K, ...args: Values<F[K], string | number>) => string;
  /** A message as nodes: numbers in it stand as figures do, everything else as it is given. */
  T: <K extends keyof F & string>(props: { k: K } & NodesOf<F[K]>) => preact.JSX.Element;
  /** A message by a key that comes from the server, or nothing where there is none. */
  has: (key: string) => key is keyof F & string;
}

type Loaders<F> = {
  fr: () => Promise<{ default: F }>;
  ar: () => Promise<{ default: Words<F> }>;
  en: () => Promise<{ default: Words<F> }>;
};

/**
 * Makes an area's words, each language in a file of its own that is fetched when it is shown:
 * `export const { t, T } = area<typeof fr>({ ar: () => import('./words.ar'), … })`.
 */
export function area<F extends object>(loaders: Loaders<F>): AreaWords<F> {
  const words = signal<Record<string, Message> | null>(null);
  let of: Language | undefined;
  const load = async (next: Language) => {
    const loaded = await loaders[next]();
    of = next;
    words.value = loaded.default as Record<string, Message>;
  };
  alsoLoad.add(load);
  // A language that was chosen while these words were on their way.
  effect(() => {
    const next = language.value;
    if (of && of !== next) load(next).catch(() => undefined);
  });
  const first = load(language.value);
  pending.add(first);
  // One that did not come is asked for again by `wordsLoaded`.
  first.then(
    () => pending.delete(first),
    () => undefined,
  );
  const message = (key: string) => words.value?.[key];
  return {
    t: (key, ...args) => plain(message(key), args[0] as Record<string, string | number> | undefined),
    T: (props) => <>{nodes(message(props.k), 'v' in props ? (props.v as Record<string, ComponentChildren>) : {})}</>,
    has: (key): key is keyof F & string => message(key) !== undefined,
  };
}

const pending = new Set<Promise<void>>();

/** Waits until the words of every area that was asked for are there. Throws where they don't come. */
export async function wordsLoaded(): Promise<void> {
  if (pending.size === 0) return;
  const results = await Promise.allSettled(pending);
  if (results.every(({ status }) => status === 'fulfilled')) return;
  pending.clear();
  await Promise.all([...alsoLoad].map((load) => load(language.value)));
}
