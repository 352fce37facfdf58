import type { LessonFigures, RoomState } from '../../call';

export interface Sums {
  /** Trainers and trainees who are connected now. */
  present: number;
  /** From the class to the server and from the server to the class, in bits per second. */
  received: number;
  sent: number;
  /** The mean of what the receivers lost, each counted alike, in percent. */
  loss: number;
  /** The median of the times there and back; absent before the first report. */
  roundTripMs: number | null;
}

/** The lesson in a few figures, all from the same second. */
export function sumsOf(room: RoomState, figures: LessonFigures | undefined): Sums {
  const people = [...room.participants.values()];
  const present = people.filter(({ role, presence }) => role !== 'committee' && presence.state === 'present').length;
  const links = figures?.participants ?? [];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const receivers = links.filter(({ downlink }) => downlink.packets > 0);
  const loss = sum(receivers.map(({ downlink }) => downlink.lost_percent)) / Math.max(1, receivers.length);
  return {
    present,
    received: sum(links.map(({ uplink }) => uplink.bitrate)),
    sent: sum(links.map(({ downlink }) => downlink.bitrate)),
    loss,
    roundTripMs: median(links.flatMap(({ round_trip_ms }) => (round_trip_ms === null ? [] : [round_trip_ms]))),
  };
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? upper) + upper) / 2);
}
