import type fr from './fr';

/** One form for each category of number that the language has (CLDR); `{count}` is the number. */
export interface Plural {
  zero?: string;
  one?: string;
  two?: string;
  few?: string;
  many?: string;
  other: string;
}

/** Text with `{placeholders}`. */
export type Message = string | Plural;

export type MessageKey = keyof typeof fr;

/** Every language says everything. */
export type Catalogue = Record<MessageKey, Message>;

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Texts<M> = M extends string ? M : M extends { other: infer S } ? S : never;

/** The placeholders that a message of a catalogue has. */
export type PlaceholdersOf<M> = Names<Texts<M>>;

/** The placeholders that a message has. */
export type Placeholders<K extends MessageKey> = PlaceholdersOf<(typeof fr)[K]>;

/** The words of one area in another language than French: they say all that French says. */
export type Words<F> = Record<keyof F, Message>;

/** The messages without placeholders. */
export type PlainKey = { [K in MessageKey]: Placeholders<K> extends never ? K : never }[MessageKey];
