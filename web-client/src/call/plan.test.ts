import { describe, expect, test } from 'vitest';
import { cameraScales, drawnHeight, sendLines, sessionId, slotCounts, watchPlan, withSpeechWishes } from './plan';
import type { Publication } from './protocol.gen';

describe('the offer', () => {
  test('names every source that the role may ever use, so that it is made once', () => {
    expect(sendLines('trainer').map((line) => line.source)).toEqual(['microphone', 'camera', 'screen', 'screen_audio']);
    expect(sendLines('trainee').map((line) => line.source)).toEqual(['microphone', 'camera']);
    expect(sendLines('committee')).toEqual([]);
  });

  test('has the camera in three encodings, lowest first', () => {
    const camera = sendLines('trainee').find((line) => line.source === 'camera');
    const rates = camera?.encodings.map((encoding) => encoding.maxBitrate ?? 0) ?? [];
    expect(rates).toHaveLength(3);
    expect([...rates].sort((a, b) => a - b)).toEqual(rates);
  });

  test('always has one encoding in the camera’s full size', () => {
    for (const [width, height] of [
      [1280, 720],
      [720, 1280],
      [640, 360],
      [320, 240],
      [0, 0],
    ] as const) {
      const active = cameraScales(width, height).filter((encoding) => encoding.active);
      expect(active.at(-1)?.scale).toBe(1);
    }
    expect(cameraScales(1280, 720).map(({ scale }) => scale)).toEqual([4, 2, 1]);
    expect(cameraScales(640, 360)).toEqual([
      { scale: 2, active: true },
      { scale: 1, active: true },
      { scale: 1, active: false },
    ]);
  });

  test('asks for no more slots than there are', () => {
    expect(slotCounts({ audio: 3, video: 1 })).toEqual({ audio: 3, video: 1 });
    expect(slotCounts({ audio: 9, video: 9 })).toEqual({ audio: 3, video: 3 });
  });
});

describe('wishes for speech', () => {
  test('are added to what the answer says of Opus', () => {
    const answer = 'a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;usedtx=0\r\na=rtpmap:96 VP8/90000\r\n';
    expect(withSpeechWishes(answer)).toBe(
      'a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\na=rtpmap:96 VP8/90000\r\n',
    );
  });

  test('are added where the answer says nothing of it', () => {
    expect(withSpeechWishes('a=rtpmap:111 opus/48000/2\r\na=rtcp-mux\r\n')).toBe(
      'a=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1;usedtx=1\r\na=rtcp-mux\r\n',
    );
  });

  test('are added on every m-line', () => {
    const line = 'a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10\r\n';
    expect(withSpeechWishes(line + line).match(/usedtx=1/g)).toHaveLength(2);
  });
});

test('the session id tells one peer from the next', () => {
  expect(sessionId('v=0\r\no=- 4611 2 IN IP4 127.0.0.1\r\n')).toBe('4611');
  expect(sessionId('v=0\r\n')).toBeUndefined();
});

test('drawn heights count the screen’s pixels, in steps', () => {
  expect(drawnHeight(0, 2)).toBe(0);
  expect(drawnHeight(181, 1)).toBe(210);
  expect(drawnHeight(180, 3)).toBe(360);
  expect(drawnHeight(5_000, 2)).toBe(2_160);
  expect(drawnHeight(Number.NaN, 1)).toBe(0);
});

describe('what is watched', () => {
  const publications = new Map<number, Publication>(
    [1, 2, 3].map((id) => [id, { id, participant: 'p', source: 'camera' }]),
  );
  const shown = [
    { mid: '5', publication: 1 },
    { mid: '6', publication: 2 },
  ];
  const nothing = new Map<string, number>();

  test('is each slot at the height at which it is drawn, chosen by the server', () => {
    const drawn = new Map([
      [1, 720],
      [2, 180],
    ]);
    expect(watchPlan(['5', '6'], shown, drawn, publications, nothing)).toEqual([
      { mid: '5', publication: null, max_height: 720 },
      { mid: '6', publication: null, max_height: 180 },
    ]);
  });

  test('is least where nobody looks', () => {
    expect(watchPlan(['5', '6'], shown, new Map([[1, 720]]), publications, nothing)[1]).toEqual({
      mid: '6',
      publication: null,
      max_height: 0,
    });
  });

  test('takes a slot that nobody looks at for a picture that has none, and keeps it there', () => {
    const drawn = new Map([
      [1, 720],
      [3, 360],
    ]);
    const pinned = { mid: '6', publication: 3, max_height: 360 };
    expect(watchPlan(['5', '6'], shown, drawn, publications, nothing)[1]).toEqual(pinned);
    const then = [shown[0] ?? { mid: '5', publication: 1 }, { mid: '6', publication: 3 }];
    expect(watchPlan(['5', '6'], then, drawn, publications, new Map([['6', 3]]))[1]).toEqual(pinned);
  });

  test('never asks for what has ended', () => {
    expect(watchPlan(['5'], [], new Map([[9, 360]]), publications, nothing)).toEqual([
      { mid: '5', publication: null, max_height: null },
    ]);
  });
});
