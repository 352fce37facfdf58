import { describe, expect, it } from 'vitest';
import type { LessonFigures, RoomState } from '../../call';
import { median, sumsOf } from './sums';

const link = (bitrate: number, packets: number, lost_percent: number) => ({
  bitrate,
  packets,
  lost_percent,
  jitter_ms: 0,
});

describe('the lesson in figures', () => {
  it('adds rates up, and takes the mean loss of those who receive', () => {
    const figures: LessonFigures = {
      at: 0,
      publications: [],
      speech: 96,
      picture: 91,
      participants: [
        { participant: 't', transport: 'udp', uplink: link(2e6, 9, 0), downlink: link(0, 0, 0), round_trip_ms: null },
        { participant: 'a', transport: 'udp', uplink: link(0, 0, 0), downlink: link(8e5, 9, 1), round_trip_ms: 40 },
        { participant: 'b', transport: 'tcp', uplink: link(0, 0, 0), downlink: link(2e5, 9, 5), round_trip_ms: 90 },
      ],
    };
    const room = { participants: new Map() } as unknown as RoomState;
    expect(sumsOf(room, figures)).toEqual({ present: 0, received: 2e6, sent: 1e6, loss: 3, roundTripMs: 65 });
  });

  it('has no delay before the first report', () => {
    expect(sumsOf({ participants: new Map() } as unknown as RoomState, undefined)).toMatchObject({
      loss: 0,
      roundTripMs: null,
    });
  });

  it('takes the middle value, whatever the outliers', () => {
    expect(median([900, 40, 50])).toBe(50);
    expect(median([])).toBeNull();
  });
});
