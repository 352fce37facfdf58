import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const CATALOGUES = resolve(import.meta.dirname, '../../../web-client/src/i18n');

/** The product's own words in a language, by key: what stands on its buttons. */
export async function wordsOf(language) {
  const source = readFileSync(`${CATALOGUES}/${language}.ts`, 'utf8')
    .replace(/^import type .*$/gm, '')
    .replace(/^const (\w+): \w+ =/m, 'const $1 =')
    .replace(/^} (as const )?satisfies .*$/m, '};');
  const module = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  return module.default;
}
