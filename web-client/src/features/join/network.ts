import type { Quality } from '../../call';

/**
 * What `probe.bin` holds: a moment and a half of a link that carries voice only. It fits into the first burst of a new
 * connection, so that its packets are as far apart as the narrowest link sets them.
 */
export const PROBE_BYTES = 12 * 1024;

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
    const response = await fetch('/probe.bin', { cache: 'no-store', signal: abort.signal });
    if (!response.ok || !response.body) throw new Error(`The probe answered ${response.status}.`);
    const from = performance.now();
    const bytes = await drain(response.body.getReader());
    const timing = performance.getEntriesByName(response.url, 'resource').at(-1) as
      | PerformanceResourceTiming
      | undefined;
    const { responseStart = 0, responseEnd = 0 } = timing ?? {};
    const timed = responseStart > 0 && responseEnd > responseStart && bytes === PROBE_BYTES;
    return bitsPerSecond(bytes, timed ? responseEnd - responseStart : performance.now() - from);
  } finally {
    clearTimeout(timer);
  }
}

/** How much arrives before the end or the time is over. */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<number> {
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return bytes;
      bytes += value.length;
    }
  } catch (error) {
    // Out of time: what came says enough.
    if (bytes === 0) throw error;
    return bytes;
  }
}

/** What a first packet carries: its arrival starts the clock. */
const PACKET_BYTES = 1400;

/** The rate at which what follows the first packet arrived. */
export function bitsPerSecond(bytes: number, ms: number): number {
  return (Math.max(0, bytes - PACKET_BYTES) * 8 * 1000) / Math.max(1, ms);
}
