import { readdirSync, readFileSync } from 'node:fs';
import { render } from 'preact-render-to-string';
import { beforeAll, describe, expect, it } from 'vitest';
import ar from './ar';
import type { Catalogue, Message, Plural } from './catalogue';
import en from './en';
import fr from './fr';
import { form, known, preferred, spaced, split, T, t } from './index';

const catalogues: Record<string, Catalogue> = { ar, fr, en };

/** The catalogues of the areas: a folder's `words.ar.ts`, `words.fr.ts` and `words.en.ts`. */
const files = import.meta.glob<{ default: Record<string, Message> }>('../**/words.*.ts', { eager: true });
const areas = [...new Set(Object.keys(files).map((file) => file.replace(/words\.\w+\.ts$/, '')))].map(
  (folder) => [folder, (language: string) => files[`${folder}words.${language}.ts`]?.default ?? {}] as const,
);

const texts = (message: Message): string[] => (typeof message === 'string' ? [message] : Object.values(message));

/** The placeholders of a message; a count may be told by the form itself ('دقيقتان'). */
function placeholders(message: Message): string[] {
  const names = texts(message).flatMap((text) => split(text).flatMap(({ name }) => (name ? [name] : [])));
  return [...new Set(names)].sort();
}

/** The text of all screens below a folder. */
function sources(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('i18n/') && !/words\.\w+\.ts$/.test(file))
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
    .join('\n');
}

describe('the three catalogues', () => {
  it.each(['ar', 'en'])('%s says everything that French says, and nothing else', (language) => {
    expect(Object.keys(catalogues[language] ?? {}).sort()).toEqual(Object.keys(fr).sort());
  });

  it.each(['ar', 'en'])('%s fills the same places', (language) => {
    for (const [key, message] of Object.entries(fr)) {
      const other = catalogues[language]?.[key as keyof Catalogue] as Message;
      expect([key, placeholders(other)]).toEqual([key, placeholders(message)]);
    }
  });

  it.each(Object.entries(catalogues))('%s leaves nothing empty', (_, catalogue) => {
    for (const [key, message] of Object.entries(catalogue)) {
      for (const text of texts(message)) expect([key, text.trim()]).not.toEqual([key, '']);
    }
  });

  it('say nothing that no screen shows', () => {
    const source = sources('src');
    // Keys made of parts, as `network.${kind}For`.
    const made = [...source.matchAll(/`([\w.]*)\$\{[^}]+\}([\w.]*)`/g)]
      .filter(([, before = '', after = '']) => /^\w+\.$/.test(before) || /^(Hint|Help|\.\w+)$/.test(after))
      .map(
        ([, before = '', after = '']) => new RegExp(`^${before.replace('.', '\\.')}.+${after.replace('.', '\\.')}$`),
      );
    const shown = (key: string) => source.includes(`'${key}'`) || source.includes(`"${key}"`);
    expect(Object.keys(fr).filter((key) => !shown(key) && !made.some((pattern) => pattern.test(key)))).toEqual([]);
  });

  it('Arabic has all six forms of every counted string', () => {
    const counted = Object.values(ar).filter((message): message is Plural => typeof message !== 'string');
    expect(counted.length).toBeGreaterThan(3);
    for (const plural of counted) {
      expect(Object.keys(plural).sort()).toEqual(['few', 'many', 'one', 'other', 'two', 'zero']);
    }
  });

  it('uses the words of the design guide for the acts that tools look for', () => {
    const acts = [
      ['join.enter', 'دخول القسم', 'Entrer en classe', 'Enter the class'],
      ['trainer.start', 'بدء الحصة', 'Commencer la séance', 'Start the lesson'],
      ['trainer.end', 'إنهاء الحصة', 'Terminer la séance', 'End the lesson'],
      ['room.leave', 'مغادرة', 'Quitter', 'Leave'],
      ['hand.raise', 'رفع اليد', 'Lever la main', 'Raise hand'],
      ['hand.lower', 'إنزال اليد', 'Baisser la main', 'Lower hand'],
      ['floor.give', 'إعطاء الكلمة', 'Donner la parole', 'Give the floor'],
      ['floor.takeBack', 'استرجاع الكلمة', 'Reprendre la parole', 'Take the floor back'],
      ['mic.on', 'صوتك مسموع', 'On vous entend', 'You are heard'],
      ['mic.off', 'مكتوم', 'Micro coupé', 'Muted'],
      ['people.muteAll', 'كتم الجميع', 'Couper les micros', 'Mute all'],
    ] as const;
    for (const [key, ...words] of acts) expect([ar[key], fr[key], en[key]]).toEqual(words);
  });
});

describe.each(areas)('the words of %s', (folder, words) => {
  it.each(['ar', 'en'])('%s says everything that French says, fills the same places, and nothing else', (language) => {
    const all = (of: string) =>
      Object.entries(words(of))
        .map(([key, message]) => `${key}: ${placeholders(message)}`)
        .sort();
    expect(all(language)).toEqual(all('fr'));
  });

  it.each(['ar', 'fr', 'en'])('%s leaves nothing empty, and counts in all its forms', (language) => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const forms = language === 'fr' ? categories.filter((category) => category !== 'many') : categories;
    for (const [key, message] of Object.entries(words(language))) {
      for (const text of texts(message)) expect([key, text.trim()]).not.toEqual([key, '']);
      if (typeof message !== 'string') expect([key, Object.keys(message).sort()]).toEqual([key, [...forms].sort()]);
    }
  });

  it('says nothing that no screen shows', () => {
    const source = sources(`src/${folder.replace('../', '')}`);
    // Keys made of parts, as `code.${code}`, and what another area takes from here.
    const made = [...source.matchAll(/`([\w.]+\.)\$\{[^}]+\}`/g)].map(([, before = '']) => before);
    const shown = (key: string) => source.includes(`'${key}'`) || source.includes(`"${key}"`);
    const unsaid = Object.keys(words('fr')).filter(
      (key) => !shown(key) && !made.some((start) => key.startsWith(start)),
    );
    expect(unsaid).toEqual([]);
  });
});

describe('Arabic plurals', () => {
  it.each([
    [1, 'تبدأ الحصة بعد دقيقة'],
    [2, 'تبدأ الحصة بعد دقيقتين'],
    [4, 'تبدأ الحصة بعد {count} دقائق'],
    [12, 'تبدأ الحصة بعد {count} دقيقة'],
    [100, 'تبدأ الحصة بعد {count} دقيقة'],
  ])('%i', (count, words) => {
    expect(form('ar', ar, 'lesson.startsInMinutes', count)).toBe(words);
  });
});

describe('a message', () => {
  beforeAll(async () => {
    Object.assign(globalThis, { document: { documentElement: {} } });
    const { show } = await import('./index');
    await show('fr');
  });

  it('keeps high signs with the word before them in French only', () => {
    expect(spaced('fr', 'Réseau lent : 720 ms')).toBe('Réseau lent\u00a0: 720 ms');
    expect(spaced('fr', '« ici »')).toBe('«\u00a0ici\u00a0»');
    expect(spaced('en', 'a : b')).toBe('a : b');
  });

  it('sets its figures apart, left to right', () => {
    expect(render(<T k="lesson.startsInMinutes" v={{ count: 4 }} />)).toBe(
      'La séance commence dans <bdi class="num" dir="ltr">4</bdi> minutes',
    );
  });

  it('shows people’s text as text', () => {
    expect(render(<T k="people.removeTitle" v={{ name: '<img src=x>' }} />)).toContain('&lt;img');
  });

  it('is plain text for names', () => {
    expect(t('people.actions', { name: 'Salma' })).toBe('Options pour Salma');
  });
});

describe('the language to start in', () => {
  it('is the first that the browser asks for and the product speaks', () => {
    expect(preferred(['de-DE', 'ar-MA', 'fr'])).toBe('ar');
    expect(preferred(['de', 'es'])).toBe('fr');
  });

  it('is taken from a tag’s language alone', () => {
    expect(known('en-GB')).toBe('en');
    expect(known('arz')).toBeNull();
    expect(known(null)).toBeNull();
  });
});
