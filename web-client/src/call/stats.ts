import type { Media } from './media';
import type { ParticipantId, PublicationId, Source } from './protocol.gen';
import { publicationOf } from './room';
import type { CallStats, RoomState, VideoStats } from './types';

interface Totals {
  bytesReceived: number;
  bytesSent: number;
  packetsReceived: number;
  packetsLost: number;
}

const NOTHING: Totals = { bytesReceived: 0, bytesSent: 0, packetsReceived: 0, packetsLost: 0 };

/** The parts of browsers' statistics that we read; every field may be missing somewhere. */
interface Row {
  readonly type: string;
  readonly id: string;
  readonly kind?: string;
  readonly mid?: string;
  readonly bytesReceived?: number;
  readonly bytesSent?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly framesPerSecond?: number;
  readonly freezeCount?: number;
  readonly state?: string;
  readonly nominated?: boolean;
  readonly selectedCandidatePairId?: string;
  readonly currentRoundTripTime?: number;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly protocol?: string;
}

/** Where the rows' m-lines belong. */
export interface StatsContext {
  readonly room: RoomState | undefined;
  readonly me: ParticipantId | undefined;
  publicationIn(mid: string): PublicationId | null;
  sourceOf(mid: string): Source | undefined;
}

/** Sums a call's traffic over its connections, and makes rates of it. */
export class Meter {
  /** What connections that are over have counted. */
  #past = NOTHING;
  #current = NOTHING;
  #before: { at: number; totals: Totals } | undefined;
  readonly #bytesBefore = new Map<string, number>();

  /** The connection is over; what it counted stays in the sum. */
  rollOver(): void {
    this.#past = sum(this.#past, this.#current);
    this.#current = NOTHING;
    this.#bytesBefore.clear();
  }

  async read(media: Media | undefined, context: StatsContext): Promise<CallStats> {
    const rows = media ? [...(await media.stats()).values()].map((row) => row as Row) : [];
    const at = performance.now();
    const seconds = this.#before ? Math.max((at - this.#before.at) / 1_000, 0.001) : 0;
    if (media) this.#current = totals(rows);
    const all = sum(this.#past, this.#current);
    const before = this.#before?.totals ?? all;
    this.#before = { at, totals: all };
    const pair = selectedPair(rows);
    const jitters = rows.flatMap((row) => (row.type === 'inbound-rtp' && row.jitter !== undefined ? [row.jitter] : []));
    return {
      bytesReceived: all.bytesReceived,
      bytesSent: all.bytesSent,
      receiveBitrate: rate(all.bytesReceived - before.bytesReceived, seconds),
      sendBitrate: rate(all.bytesSent - before.bytesSent, seconds),
      lostPercent: lostPercent(before, all),
      jitterMs: jitters.length > 0 ? Math.max(...jitters) * 1_000 : null,
      roundTripMs: pair?.currentRoundTripTime === undefined ? null : pair.currentRoundTripTime * 1_000,
      transport: transport(rows, pair),
      received: this.#pictures(rows, 'inbound-rtp', seconds, context),
      sent: this.#pictures(rows, 'outbound-rtp', seconds, context),
    };
  }

  #pictures(rows: Row[], type: 'inbound-rtp' | 'outbound-rtp', seconds: number, context: StatsContext): VideoStats[] {
    const inbound = type === 'inbound-rtp';
    return rows.flatMap((row) => {
      if (row.type !== type || row.kind !== 'video' || row.mid === undefined || !row.frameHeight) return [];
      const bytes = (inbound ? row.bytesReceived : row.bytesSent) ?? 0;
      const bitrate = rate(bytes - (this.#bytesBefore.get(row.id) ?? bytes), seconds);
      this.#bytesBefore.set(row.id, bytes);
      const source = context.sourceOf(row.mid);
      const publication = inbound ? context.publicationIn(row.mid) : ownPublication(context, source);
      return [
        {
          publication,
          source: inbound ? context.room?.publications.get(publication ?? -1)?.source : source,
          width: row.frameWidth ?? 0,
          height: row.frameHeight,
          framesPerSecond: row.framesPerSecond ?? 0,
          bitrate,
          freezes: row.freezeCount ?? 0,
        },
      ];
    });
  }
}

function ownPublication({ room, me }: StatsContext, source: Source | undefined): PublicationId | null {
  if (!source || !me) return null;
  return publicationOf(room, me, source)?.id ?? null;
}

function totals(rows: Row[]): Totals {
  let counted = NOTHING;
  for (const row of rows) {
    if (row.type === 'inbound-rtp') {
      const { bytesReceived = 0, packetsReceived = 0, packetsLost = 0 } = row;
      counted = sum(counted, { bytesReceived, bytesSent: 0, packetsReceived, packetsLost: Math.max(packetsLost, 0) });
    } else if (row.type === 'outbound-rtp') {
      counted = sum(counted, { ...NOTHING, bytesSent: row.bytesSent ?? 0 });
    }
  }
  return counted;
}

function sum(a: Totals, b: Totals): Totals {
  return {
    bytesReceived: a.bytesReceived + b.bytesReceived,
    bytesSent: a.bytesSent + b.bytesSent,
    packetsReceived: a.packetsReceived + b.packetsReceived,
    packetsLost: a.packetsLost + b.packetsLost,
  };
}

function rate(bytes: number, seconds: number): number {
  return seconds > 0 ? Math.max(0, Math.round((bytes * 8) / seconds)) : 0;
}

function lostPercent(before: Totals, now: Totals): number {
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  const expected = lost + Math.max(0, now.packetsReceived - before.packetsReceived);
  return expected > 0 ? (lost / expected) * 100 : 0;
}

function selectedPair(rows: Row[]): Row | undefined {
  const chosen = rows.find((row) => row.type === 'transport')?.selectedCandidatePairId;
  const pairs = rows.filter((row) => row.type === 'candidate-pair');
  return pairs.find((pair) => pair.id === chosen) ?? pairs.find((pair) => pair.nominated && pair.state === 'succeeded');
}

function transport(rows: Row[], pair: Row | undefined): CallStats['transport'] {
  const protocol = rows.find((row) => row.id === pair?.localCandidateId)?.protocol;
  return protocol === 'udp' || protocol === 'tcp' ? protocol : 'none';
}
