import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Summaries } from './summaries';

let now: number;

beforeEach(() => {
  now = 1_000;
  vi.stubGlobal('navigator', {});
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const sound = {
  type: 'inbound-rtp',
  id: 'a',
  kind: 'audio',
  packetsReceived: 500,
  packetsLost: 10,
  totalSamplesReceived: 480_000,
  concealedSamples: 9_600,
  silentConcealedSamples: 4_800,
  jitterBufferDelay: 24_000,
  jitterBufferEmittedCount: 480_000,
};
const camera = {
  type: 'inbound-rtp',
  id: 'v',
  kind: 'video',
  mid: '5',
  packetsReceived: 900,
  packetsLost: 3,
  framesDecoded: 240,
  freezeCount: 2,
  totalFreezesDuration: 0.7,
};

test('what grew since the last summary is told, and only of streams that arrive', () => {
  const summaries = new Summaries();
  now += 10_000;
  const silent = { ...sound, id: 'b', packetsReceived: 0, packetsLost: 0 };
  const first = summaries.take(
    [sound, silent, camera, { type: 'outbound-rtp', id: 'o', packetsReceived: 9 }],
    () => true,
  );
  expect(first).toEqual({
    span_ms: 10_000,
    samples: 480_000,
    concealed_samples: 9_600,
    silent_samples: 4_800,
    sound_packets: 500,
    sound_packets_lost: 10,
    picture_ms: 10_000,
    frozen_ms: 700,
    freezes: 2,
    frames: 240,
    picture_packets: 900,
    picture_packets_lost: 3,
    buffer_ms: 50,
    first_picture_ms: null,
    connection: null,
  });
  now += 5_000;
  const later = { ...sound, packetsReceived: 750, packetsLost: 9, totalSamplesReceived: 720_000 };
  const second = summaries.take([later, camera], () => true);
  expect(second).toMatchObject({ span_ms: 5_000, samples: 240_000, sound_packets: 250, sound_packets_lost: 0 });
  expect(second).toMatchObject({ concealed_samples: 0, picture_ms: 0, frozen_ms: 0, buffer_ms: null });
});

test('a screen that stands still is not a picture that stopped', () => {
  const summaries = new Summaries();
  now += 10_000;
  const summary = summaries.take([camera], (mid) => mid !== '5');
  expect(summary).toMatchObject({ picture_ms: 0, frozen_ms: 0, freezes: 0, frames: 240, picture_packets: 900 });
});

test('the first picture counts from when there was one to show, once for each connection', () => {
  const summaries = new Summaries();
  summaries.pictured();
  now += 4_000;
  summaries.expect();
  now += 300;
  summaries.expect();
  now += 500;
  summaries.pictured();
  summaries.pictured();
  expect(summaries.take([], () => true).first_picture_ms).toBe(800);
  expect(summaries.take([], () => true).first_picture_ms).toBeNull();
  summaries.restart();
  summaries.expect();
  now += 100;
  summaries.pictured();
  expect(summaries.take([], () => true).first_picture_ms).toBe(100);
});

test('what the browser says of the connection is told in the words that there are', () => {
  const told = ['cellular', 'wifi', 'bluetooth', 'unknown', undefined].map((type) => {
    vi.stubGlobal('navigator', { connection: { type } });
    return new Summaries().take([], () => true).connection;
  });
  expect(told).toEqual(['cellular', 'wifi', 'other', null, null]);
});
