import type { ConnectionType, ReceptionSummary } from './protocol.gen';

/** The parts of browsers' statistics that we read; every field may be missing somewhere. */
interface Row {
  readonly type: string;
  readonly id: string;
  readonly kind?: string;
  readonly mid?: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly totalSamplesReceived?: number;
  readonly concealedSamples?: number;
  readonly silentConcealedSamples?: number;
  readonly jitterBufferDelay?: number;
  readonly jitterBufferEmittedCount?: number;
  readonly framesDecoded?: number;
  readonly freezeCount?: number;
  readonly totalFreezesDuration?: number;
}

type Counter = Exclude<keyof Row, 'type' | 'id' | 'kind' | 'mid'>;

/** How a stream's counters have grown since the last summary. */
type Grown = (name: Counter) => number;

const CONNECTIONS: readonly string[] = ['cellular', 'wifi', 'ethernet'] satisfies ConnectionType[];

/** Sums up what was received since the last summary: counts only, nothing of what was said or shown. */
export class Summaries {
  #before = new Map<string, Row>();
  #since = performance.now();
  /** When there was a picture to be shown and a connection to bring it. */
  #expectedAt: number | undefined;
  #firstPictureMs: number | null = null;
  #pictured = false;

  /** Another media connection counts from nothing. */
  restart(): void {
    this.#before.clear();
    this.#since = performance.now();
    this.#expectedAt = undefined;
    this.#firstPictureMs = null;
    this.#pictured = false;
  }

  /** The server sends a picture. */
  expect(): void {
    this.#expectedAt ??= performance.now();
  }

  /** An element shows one. */
  pictured(): void {
    if (this.#pictured || this.#expectedAt === undefined) return;
    this.#pictured = true;
    this.#firstPictureMs = whole(performance.now() - this.#expectedAt);
  }

  /** `moves` tells of an m-line whether its picture is one that moves: a screen that stands still is as it should be. */
  take(report: Iterable<unknown>, moves: (mid: string) => boolean): ReceptionSummary {
    const now = performance.now();
    const span = whole(now - this.#since);
    this.#since = now;
    const rows = [...report].map((row) => row as Row).filter(({ type }) => type === 'inbound-rtp');
    const streams = rows.map((row) => ({ row, grown: this.#grown(row) }));
    this.#before = new Map(rows.map((row) => [row.id, row]));
    const alive = streams.filter(({ grown }) => grown('packetsReceived') + grown('packetsLost') > 0);
    const sounds = alive.filter(({ row }) => row.kind === 'audio').map(({ grown }) => grown);
    const pictures = alive.filter(({ row }) => row.kind === 'video');
    const moving = pictures.filter(({ row }) => row.mid !== undefined && moves(row.mid)).map(({ grown }) => grown);
    const sum = (of: Grown[], name: Counter) => whole(of.reduce((all, grown) => all + grown(name), 0));
    const all = pictures.map(({ grown }) => grown);
    const played = sum(sounds, 'jitterBufferEmittedCount');
    const waited = sounds.reduce((seconds, grown) => seconds + grown('jitterBufferDelay'), 0);
    const first = this.#firstPictureMs;
    this.#firstPictureMs = null;
    return {
      span_ms: span,
      samples: sum(sounds, 'totalSamplesReceived'),
      concealed_samples: sum(sounds, 'concealedSamples'),
      silent_samples: sum(sounds, 'silentConcealedSamples'),
      sound_packets: sum(sounds, 'packetsReceived'),
      sound_packets_lost: sum(sounds, 'packetsLost'),
      picture_ms: moving.length > 0 ? span : 0,
      frozen_ms: Math.min(span, whole(Math.max(0, ...moving.map((grown) => grown('totalFreezesDuration') * 1_000)))),
      freezes: sum(moving, 'freezeCount'),
      frames: sum(all, 'framesDecoded'),
      picture_packets: sum(all, 'packetsReceived'),
      picture_packets_lost: sum(all, 'packetsLost'),
      buffer_ms: played > 0 ? whole((waited / played) * 1_000) : null,
      first_picture_ms: first,
      connection: connection(),
    };
  }

  #grown(row: Row): Grown {
    const before = this.#before.get(row.id);
    // What browsers take back (a packet that came late after all) is no growth.
    return (name) => Math.max(0, (row[name] ?? 0) - (before?.[name] ?? 0));
  }
}

/** What connects this device, where the browser says. */
function connection(): ConnectionType | null {
  const { connection } = navigator as Navigator & { connection?: { type?: string } };
  const type = connection?.type;
  if (type === undefined || type === 'none' || type === 'unknown') return null;
  return (CONNECTIONS.includes(type) ? type : 'other') as ConnectionType;
}

function whole(value: number): number {
  return Math.min(2 ** 32 - 1, Math.max(0, Math.round(value)));
}
