import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Sources } from './sources';
import { CallError, type LocalState } from './types';

/** A device's track, as far as sources touch it. */
class Track {
  enabled = true;
  stopped = false;
  contentHint = '';
  onended: (() => void) | null = null;
  constructor(readonly kind: 'audio' | 'video') {}
  stop(): void {
    this.stopped = true;
  }
}

const streamOf = (...tracks: Track[]) => ({
  getTracks: () => tracks,
  getAudioTracks: () => tracks.filter(({ kind }) => kind === 'audio'),
  getVideoTracks: () => tracks.filter(({ kind }) => kind === 'video'),
});

let opened: Track[];
let open: () => Promise<unknown>;
let told: string[];
let states: LocalState[];
let refusal: CallError | undefined;

function sources(): Sources {
  return new Sources(
    {},
    {
      send: async (source, track) => void told.push(`send ${source} ${track ? 'track' : 'nothing'}`),
      publish: async (source) => {
        if (refusal) throw refusal;
        told.push(`publish ${source}`);
      },
      unpublish: async (source) => void told.push(`unpublish ${source}`),
      onChange: (local) => void states.push(local),
    },
  );
}

const now = () => states.at(-1);

beforeEach(() => {
  opened = [];
  told = [];
  states = [];
  refusal = undefined;
  open = async () => {
    const track = new Track('audio');
    opened.push(track);
    return streamOf(track);
  };
  vi.stubGlobal('navigator', {
    mediaDevices: {
      getUserMedia: () => open(),
      getDisplayMedia: async () => {
        const tracks = [new Track('video'), new Track('audio')];
        opened.push(...tracks);
        return streamOf(...tracks);
      },
    },
  });
});

afterEach(() => void vi.unstubAllGlobals());

test('on: the device opens, its track is sent, then the room is told', async () => {
  await sources().set('microphone', true);
  expect(told).toEqual(['send microphone track', 'publish microphone']);
  expect(states.map(({ microphone }) => microphone)).toEqual(['starting', 'on']);
  expect(opened[0]?.contentHint).toBe('speech');
});

test('off: nothing is heard at once, and the device is freed', async () => {
  const own = sources();
  await own.set('microphone', true);
  const off = own.set('microphone', false);
  expect(opened[0]?.enabled).toBe(false);
  await off;
  expect(opened[0]?.stopped).toBe(true);
  expect(told.slice(2)).toEqual(['send microphone nothing', 'unpublish microphone']);
  expect(now()?.microphone).toBe('off');
});

test('off while the device still opens: it is freed as soon as it is there', async () => {
  let ready = () => {};
  const opening = open;
  open = async () => {
    await new Promise<void>((resolve) => {
      ready = resolve;
    });
    return opening();
  };
  const own = sources();
  const on = own.set('microphone', true);
  await vi.waitFor(() => expect(now()?.microphone).toBe('starting'));
  const off = own.set('microphone', false);
  ready();
  await Promise.all([on, off]);
  expect(opened[0]?.stopped).toBe(true);
  expect(told).toEqual([]);
  expect(now()?.microphone).toBe('off');
});

test('what the room refuses is turned off again, and its refusal told', async () => {
  refusal = new CallError('forbidden', 'No floor.');
  await expect(sources().set('microphone', true)).rejects.toBe(refusal);
  expect(opened[0]?.stopped).toBe(true);
  expect(now()?.microphone).toBe('off');
});

test('without a connection the source stays on, to be published when there is one', async () => {
  refusal = new CallError('disconnected', 'No connection.');
  const own = sources();
  await own.set('microphone', true);
  expect(now()?.microphone).toBe('on');
  expect([...own.live.keys()]).toEqual(['microphone']);
});

test('what a trainer muted is freed, and nothing is told back', async () => {
  const own = sources();
  await own.set('microphone', true);
  own.ended('microphone');
  expect(opened[0]?.enabled).toBe(false);
  await own.set('camera', false);
  await vi.waitFor(() => expect(now()?.microphone).toBe('off'));
  expect(told).not.toContain('unpublish microphone');
});

test('why a device did not open is told', async () => {
  open = async () => {
    throw new DOMException('in use', 'NotReadableError');
  };
  await expect(sources().set('camera', true)).rejects.toThrow('in use');
  expect(now()).toMatchObject({ camera: 'failed', error: 'busy' });
});

test('a device that is unplugged is told of', async () => {
  const own = sources();
  await own.set('microphone', true);
  opened[0]?.onended?.();
  await vi.waitFor(() => expect(now()).toMatchObject({ microphone: 'failed', error: 'not_found' }));
  expect(told).toContain('unpublish microphone');
});

test('a screen brings its sound, and both end with the browser’s own button', async () => {
  const own = sources();
  await own.set('screen', true);
  expect(told).toEqual(['send screen track', 'publish screen', 'send screen_audio track', 'publish screen_audio']);
  opened[0]?.onended?.();
  await vi.waitFor(() => expect(told).toContain('unpublish screen_audio'));
  expect(opened.every(({ stopped }) => stopped)).toBe(true);
  expect(now()?.screen).toBe('off');
});

test('closing the browser’s choice of a screen is no failure', async () => {
  vi.stubGlobal('navigator', {
    mediaDevices: {
      getDisplayMedia: async () => {
        throw new DOMException('Permission denied', 'NotAllowedError');
      },
    },
  });
  await sources().set('screen', true);
  expect(now()).toEqual({ microphone: 'off', camera: 'off', screen: 'off' });
});

test('another microphone takes the place of the first', async () => {
  const own = sources();
  await own.set('microphone', true);
  await own.choose('microphone', 'other');
  expect(opened.map(({ stopped }) => stopped)).toEqual([true, false]);
  expect(told.filter((what) => what.startsWith('publish'))).toHaveLength(1);
});

test('closing frees everything', async () => {
  const own = sources();
  await own.set('microphone', true);
  await own.set('screen', true);
  own.close();
  expect(opened.every(({ stopped }) => stopped)).toBe(true);
});
