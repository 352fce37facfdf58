// Builds the client and fails where a trainee's first join and lesson cost more than the budget, compressed, font apart.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUDGET = 80_000;
const LANGUAGES = ['ar', 'fr', 'en'];

const out = mkdtempSync(join(tmpdir(), 'qism-size-'));
try {
  execFileSync('npx', ['vite', 'build', '--outDir', out, '--emptyOutDir', '--logLevel', 'warn'], { stdio: 'inherit' });
  const page = readFileSync(join(out, 'index.html'), 'utf8');
  const first = [...page.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, file]) => file);
  const shell = new Set(['index.html', 'sw.js', 'probe.bin']);
  for (const file of first) addWithImports(file, shell);
  const assets = readdirSync(join(out, 'assets'));
  const catalogue = (language) => `assets/${assets.find((file) => new RegExp(`^${language}-.*\\.js$`).test(file))}`;
  const language = LANGUAGES.map(catalogue).sort((a, b) => transfer(b, '.gz') - transfer(a, '.gz'))[0];
  shell.add(language);

  const rows = [...shell].map((file) => [file, transfer(file, '.br'), transfer(file, '.gz')]);
  for (const [file, br, gz] of rows) console.log(`${String(br).padStart(7)} ${String(gz).padStart(7)}  ${file}`);
  const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
  console.log(`${String(sum(1)).padStart(7)} ${String(sum(2)).padStart(7)}  bytes by brotli and by gzip, of ${BUDGET}`);
  if (sum(2) > BUDGET) {
    console.error('The first join and lesson cost more than the budget.');
    process.exitCode = 1;
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}

/** A file and whatever it imports at once; what is loaded on demand does not count. */
function addWithImports(file, into) {
  if (into.has(file) || !existsSync(join(out, file))) return;
  into.add(file);
  if (!file.endsWith('.js')) return;
  const text = readFileSync(join(out, file), 'utf8');
  for (const [, name] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) addWithImports(`assets/${name}`, into);
}

/** What travels: the precompressed file where there is one. */
function transfer(file, extension) {
  const compressed = join(out, file + extension);
  return statSync(existsSync(compressed) ? compressed : join(out, file)).size;
}
