import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Num } from '../ui/num';
import type { Catalogue, Message, MessageKey, Placeholders } from './catalogue';

export type Language = 'ar' | 'fr' | 'en';
export type { MessageKey, PlainKey } from './catalogue';

export const LANGUAGES: readonly Language[] = ['ar', 'fr', 'en'];

/** The language that is shown. */
export const language = signal<Language>('fr');
const catalogue = signal<Catalogue | null>(null);

const STORED = 'qism.language';

const catalogues: Record<Language, () => Promise<{ default: Catalogue }>> = {
  ar: () => import('./ar'),
  fr: () => import('./fr'),
  en: () => import('./en'),
};

/** What else must have come before a language can be shown: the words of the areas that are in use. */
export const alsoLoad = new Set<(next: Language) => Promise<void>>();

/** Shows the product in a language, once its catalogue has come. */
export async function show(next: Language): Promise<void> {
  const [loaded] = await Promise.all([catalogues[next](), ...[...alsoLoad].map((load) => load(next))]);
  catalogue.value = loaded.default;
  language.value = next;
  document.documentElement.lang = next;
  document.documentElement.dir = next === 'ar' ? 'rtl' : 'ltr';
}

/** Shows the language that somebody chose, and keeps the choice. */
export function choose(next: Language): Promise<void> {
  try {
    localStorage.setItem(STORED, next);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  return show(next);
}

/** The language chosen in this browser, if any was. */
export function chosen(): Language | null {
  try {
    return known(localStorage.getItem(STORED));
  } catch {
    return null;
  }
}

/** The first of the browser's languages that the product speaks. */
export function preferred(languages: readonly string[] = navigator.languages): Language {
  for (const tag of languages) {
    const found = known(tag);
    if (found) return found;
  }
  return 'fr';
}

/** The product's language for a BCP 47 tag. */
export function known(tag: string | null): Language | null {
  const primary = tag?.toLowerCase().split('-')[0];
  return LANGUAGES.find((each) => each === primary) ?? null;
}

type Args<K extends MessageKey, V> = Placeholders<K> extends never ? [] : [Record<Placeholders<K>, V>];

/** A message as plain text, for names and titles. */
export function t<K extends MessageKey>(key: K, ...args: Args<K, string | number>): string {
  return plain(catalogue.value?.[key], args[0]);
}

/** A message as nodes: numbers in it stand as figures do, everything else as it is given. */
export function T<K extends MessageKey>(props: { k: K } & ValuesOf<K>) {
  return <>{nodes(catalogue.value?.[props.k], 'v' in props ? props.v : {})}</>;
}

type ValuesOf<K extends MessageKey> =
  Placeholders<K> extends never ? { v?: never } : { v: Record<Placeholders<K>, ComponentChildren> };

interface Piece {
  text: string;
  /** The placeholder's name, where the piece is one. */
  name?: string;
}

/** A message of any catalogue as plain text. */
export function plain(message: Message | undefined, values: Record<string, string | number> = {}): string {
  return pieces(message, values)
    .map((piece) => (piece.name ? String(values[piece.name] ?? '') : piece.text))
    .join('');
}

/** A message of any catalogue as nodes. */
export function nodes(message: Message | undefined, values: Record<string, ComponentChildren> = {}) {
  return pieces(message, values).map((piece) => {
    if (!piece.name) return piece.text;
    const value = values[piece.name];
    return typeof value === 'number' ? <Num>{value}</Num> : value;
  });
}

function pieces(message: Message | undefined, values: Record<string, unknown>): Piece[] {
  return split(spaced(language.value, formOf(language.value, message, values.count)));
}

/** The form of a message that fits its count. */
export function form(of: Language, from: Catalogue | null, key: MessageKey, count: unknown): string {
  return formOf(of, from?.[key], count);
}

function formOf(of: Language, message: Message | undefined, count: unknown): string {
  if (message === undefined) return '';
  if (typeof message === 'string') return message;
  const category = new Intl.PluralRules(of).select(typeof count === 'number' ? count : 0);
  return message[category] ?? message.other;
}

/** French keeps its high signs with the word before them; other languages set no space there. */
export function spaced(of: Language, text: string): string {
  return of === 'fr' ? text.replace(/ ([:;?!»%])/g, '\u00a0$1').replace(/« /g, '«\u00a0') : text;
}

/** Text and placeholders in turn. */
export function split(text: string): Piece[] {
  return text
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .map((part) => (/^\{\w+\}$/.test(part) ? { text: part, name: part.slice(1, -1) } : { text: part }));
}
