import { type Language, language } from './index';

/** Narrow no-break space: between thousands, in all languages. */
const THIN = '\u202f';
const NO_BREAK = '\u00a0';

/** A number with at most `decimals` decimals: comma in Arabic and French, thousands apart, digits 0 to 9. */
export function number(value: number, decimals = 0, of: Language = language.value): string {
  const text = new Intl.NumberFormat('en', { maximumFractionDigits: decimals }).format(value);
  const apart = text.replaceAll(',', THIN);
  return of === 'en' ? apart : apart.replace('.', ',');
}

/** `9 h 05` in French, `09:05` in Arabic and English; in the zone of the institution. */
export function time(micros: number, zone?: string, of: Language = language.value): string {
  const { hour, minute } = clockParts(micros, zone);
  return of === 'fr' ? `${Number(hour)}${NO_BREAK}h${NO_BREAK}${minute}` : `${hour}:${minute}`;
}

/** `09:41:09`, in every language. */
export function timeToSecond(micros: number, zone?: string): string {
  const { hour, minute, second } = clockParts(micros, zone);
  return `${hour}:${minute}:${second}`;
}

/** `1:05:25`, `48:51`, `0:48`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = (part: number) => String(part).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** A day in words, its first letter a capital; Arabic months as the institution's country names them. */
export function day(micros: number, zone?: string, of: Language = language.value): string {
  const text = dayInText(micros, zone, of);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A day in words, within a sentence: French begins it small. */
export function dayInText(micros: number, zone?: string, of: Language = language.value): string {
  const text = dates(localeOf(zone, of), zone, { weekday: 'long', day: 'numeric', month: 'long' }).format(
    micros / 1000,
  );
  return text.replace('،', '');
}

/** A day far from today: `26 novembre 2026`. */
export function date(micros: number, zone?: string, of: Language = language.value): string {
  return dates(localeOf(zone, of), zone, { day: 'numeric', month: 'long', year: 'numeric' }).format(micros / 1000);
}

/** A planned time: `6 h`, `1 h 30`, `45 min`; units keep their Latin form. */
export function hours(minutes: number): string {
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (whole === 0 && rest > 0) return `${rest}${NO_BREAK}min`;
  const start = `${number(whole)}${NO_BREAK}h`;
  return rest === 0 ? start : `${start}${NO_BREAK}${String(rest).padStart(2, '0')}`;
}

/** Whether two instants fall on one day in the institution's zone. */
export function sameDay(a: number, b: number, zone?: string): boolean {
  const format = dates('en-CA', zone, { year: 'numeric', month: '2-digit', day: '2-digit' });
  return format.format(a / 1000) === format.format(b / 1000);
}

/** Bits per second in words of the network: `64 kbit/s`, `2,4 Mbit/s`. Units keep their Latin form. */
export function rate(bitsPerSecond: number, of: Language = language.value): string {
  if (bitsPerSecond >= 1_000_000) return `${number(bitsPerSecond / 1_000_000, 1, of)} Mbit/s`;
  return `${number(Math.round(bitsPerSecond / 1000), 0, of)} kbit/s`;
}

/** Bytes in millions, with the language's own unit. */
export function megabytes(bytes: number, of: Language = language.value): { figure: string; unit: string } {
  const millions = bytes / 1_000_000;
  const unit = { ar: 'ميغا', fr: 'Mo', en: 'MB' }[of];
  return { figure: number(millions, millions < 100 ? 1 : 0, of), unit };
}

/** `2,4 %`; English sets no space. */
export function percent(value: number, of: Language = language.value): string {
  const figure = number(value, value < 10 ? 1 : 0, of);
  return of === 'en' ? `${figure}%` : `${figure}${NO_BREAK}%`;
}

export function milliseconds(value: number, of: Language = language.value): string {
  return `${number(value, 0, of)} ms`;
}

/** Arabic months are called as the institution's country calls them. */
function localeOf(zone: string | undefined, of: Language): string {
  const place = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const arabic = place === 'Africa/Casablanca' || place === 'Africa/El_Aaiun' ? 'ar-MA' : 'ar-DZ';
  return { ar: `${arabic}-u-nu-latn`, fr: 'fr', en: 'en-GB' }[of];
}

function clockParts(micros: number, zone?: string): Record<string, string> {
  const format = dates('en-GB', zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  return Object.fromEntries(format.formatToParts(micros / 1000).map(({ type, value }) => [type, value]));
}

/** Making a format costs more than using it; there are a few for each zone that is shown, and that is one. */
const formats = new Map<string, Intl.DateTimeFormat>();

function dates(locale: string, zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = [locale, zone, ...Object.keys(options)].join(' ');
  let format = formats.get(key);
  if (!format) {
    format = makeDates(locale, zone, options);
    formats.set(key, format);
  }
  return format;
}

/** A zone that this browser does not know shows the device's own time. */
function makeDates(locale: string, timeZone: string | undefined, options: Intl.DateTimeFormatOptions) {
  try {
    return new Intl.DateTimeFormat(locale, timeZone ? { ...options, timeZone } : options);
  } catch {
    return new Intl.DateTimeFormat(locale, options);
  }
}
