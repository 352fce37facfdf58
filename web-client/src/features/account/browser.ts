export interface Browser {
  browser: string;
  system: string | null;
}

// The first that fits: browsers name those that they are made after, too.
const BROWSERS: readonly [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|Chromium|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const SYSTEMS: readonly [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** What a browser is called, from what it says of itself (`User-Agent`); null where it says nothing known. */
export function browserOf(says: string): Browser | null {
  const named = (names: readonly [RegExp, string][]) => names.find(([pattern]) => pattern.test(says))?.[1] ?? null;
  const browser = named(BROWSERS);
  return browser ? { browser, system: named(SYSTEMS) } : null;
}
