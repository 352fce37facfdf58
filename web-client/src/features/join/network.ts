import type { Quality } from '../../call';

/** What `probe.bin` holds: three seconds of a link that carries voice only, a moment of any other. */
export const PROBE_BYTES = 24 * 1024;

/** How long one measurement may take, in milliseconds. What came until then is measured. */
const PROBE_TIMEOUT_MS = 8000;

/** From here on a link carries a lesson's pictures, or its voice and screen, with room for what else it does; bit/s. */
const ENOUGH_FOR_ALL = 900_000;
const ENOUGH_FOR_SCREEN = 250_000;

/** What an hour costs, in bytes: mean rates of 755, 200 and 24 kbit/s. */
export const BYTES_PER_HOUR: Record<Quality, number> = {
  automatic: 340_000_000,
  economy: 90_000_000,
  voice_only: 11_000_000,
};

export type NetworkClass = 'good' | 'medium' | 'weak';

export function classify(bitsPerSecond: number): NetworkClass {
  if (bitsPerSecond >= ENOUGH_FOR_ALL) return 'good';
  return bitsPerSecond >= ENOUGH_FOR_SCREEN ? 'medium' : 'weak';
}

/** What to receive over such a network. */
export const RECOMMENDED: Record<NetworkClass, Quality> = {
  good: 'automatic',
  medium: 'economy',
  weak: 'voice_only',
};

/**
 * Measures a short download, in bits per second. The wait for the first bytes does not count: it is delay, not rate.
 * Throws where nothing arrives.
 */
export async function measure(): Promise<number> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PROBE_TIMEOUT_MS);
  try {
    const asked = performance.now();
    const response = await fetch('/probe.bin', { cache: 'no-store', signal: abort.signal });
    if (!response.ok || !response.body) throw new Error(`The probe answered ${response.status}.`);
    return await drain(response.body.getReader(), asked);
  } finally {
    clearTimeout(timer);
  }
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>, asked: number): Promise<number> {
  let first = 0;
  let bytes = 0;
  let from = asked;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (bytes === 0) {
        first = value.length;
        from = performance.now();
      }
      bytes += value.length;
    }
  } catch (error) {
    // Out of time: what came says enough.
    if (bytes === 0) throw error;
  }
  return bitsPerSecond(bytes, first, from - asked, performance.now() - asked);
}

/** The rate after the first piece; where all came in one piece, the rate of the whole. */
export function bitsPerSecond(bytes: number, first: number, firstMs: number, totalMs: number): number {
  const afterFirst = bytes - first;
  const [measured, ms] = afterFirst > bytes / 4 ? [afterFirst, totalMs - firstMs] : [bytes, totalMs];
  return (measured * 8 * 1000) / Math.max(1, ms);
}
