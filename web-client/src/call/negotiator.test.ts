import { beforeEach, expect, test, vi } from 'vitest';
import type { Link } from './link';
import { Negotiator } from './negotiator';
import { CallError } from './types';

/** What the media connections of a test did, in order. */
let told: string[];
let live: Map<'microphone', MediaStreamTrack>;
/** How the next connections stand. */
let flowing: boolean;
let answeredBySame: boolean;

vi.mock('./media', () => ({
  Media: class {
    slots = [];
    #number = told.filter((what) => what.startsWith('media')).length + 1;
    constructor() {
      told.push(`media ${this.#number}`);
    }
    get flowing() {
      return flowing;
    }
    get connected() {
      return flowing;
    }
    async offer(restart: boolean) {
      return { sdp: restart ? 'restart' : 'new', sources: [] };
    }
    async accept() {
      return answeredBySame;
    }
    async setTrack(source: string, track: unknown) {
      told.push(`${this.#number} ${source} ${track ? 'track' : 'nothing'}`);
    }
    close() {
      told.push(`close ${this.#number}`);
    }
  },
}));

function negotiator(): Negotiator {
  return new Negotiator({
    live: () => live,
    onMedia: () => undefined,
    onConnected: () => undefined,
    onAnswered: () => undefined,
    onDoubt: () => undefined,
    onRefused: (source) => void told.push(`refused ${source}`),
  });
}

/** A signalling connection that answers everything. */
function link(refuse?: (message: { type: string }) => CallError | undefined): Link {
  return {
    request: async (message: { type: string; sdp?: string; command?: { type: string; source: string } }) => {
      told.push(message.command ? `${message.command.type} ${message.command.source}` : `offer ${message.sdp}`);
      const refusal = refuse?.(message);
      if (refusal) throw refusal;
      return 'answer';
    },
  } as unknown as Link;
}

const SLOTS = { audio: 3, video: 3 };
const track = {} as MediaStreamTrack;
const settled = () => vi.waitFor(() => undefined).then(() => new Promise((done) => setTimeout(done, 5)));

beforeEach(() => {
  told = [];
  live = new Map();
  flowing = false;
  answeredBySame = true;
});

test('a new signalling connection offers a new media connection, and publishes again what is on', async () => {
  live.set('microphone', track);
  const own = negotiator();
  own.link(link(), 'trainee', SLOTS, false);
  await settled();
  expect(told).toEqual(['media 1', '1 microphone track', 'offer new', 'publish microphone']);
});

test('where the room was resumed and media still flow, ICE is restarted and nothing is told twice', async () => {
  live.set('microphone', track);
  const own = negotiator();
  own.link(link(), 'trainee', SLOTS, false);
  await settled();
  flowing = true;
  own.unlink();
  told = [];
  own.link(link(), 'trainee', SLOTS, true);
  await settled();
  expect(told).toEqual(['offer restart']);
});

test('a restart that another peer answers, or that the server refuses, becomes a new connection', async () => {
  const own = negotiator();
  own.link(link(), 'trainee', SLOTS, false);
  await settled();
  flowing = true;
  answeredBySame = false;
  told = [];
  own.link(link(), 'trainee', SLOTS, true);
  await vi.waitFor(() => expect(told).toContain('offer new'));
  answeredBySame = true;
  told = [];
  const gone = new CallError('peer_unknown', 'Gone.');
  let refused = false;
  own.link(
    link(({ type }) => {
      if (type !== 'offer' || refused) return undefined;
      refused = true;
      return gone;
    }),
    'trainee',
    SLOTS,
    true,
  );
  await vi.waitFor(() => expect(told).toContain('offer new'));
  expect(told.filter((what) => what.startsWith('offer'))).toEqual(['offer restart', 'offer new']);
  own.close();
});

test('a restart of the server makes one new connection, not two', async () => {
  const own = negotiator();
  own.link(link(), 'trainee', SLOTS, false);
  await settled();
  flowing = true;
  told = [];
  own.link(link(), 'trainee', SLOTS, true);
  own.forgetServer();
  await settled();
  expect(told.filter((what) => what.startsWith('offer'))).toEqual(['offer new']);
});

test('what was turned off, by whomever, is told to the room when it is on again', async () => {
  const own = negotiator();
  own.link(link(), 'trainee', SLOTS, false);
  await own.publish('microphone');
  await own.send('microphone', null);
  told = [];
  await own.publish('microphone');
  expect(told).toEqual(['publish microphone']);
});

test('what the room does not let us publish again is turned off', async () => {
  live.set('microphone', track);
  const own = negotiator();
  const forbidden = new CallError('forbidden', 'No floor.');
  own.link(
    link(({ type }) => (type === 'command' ? forbidden : undefined)),
    'trainee',
    SLOTS,
    false,
  );
  await vi.waitFor(() => expect(told).toContain('refused microphone'));
});

test('without a signalling connection nothing can be published', async () => {
  await expect(negotiator().publish('microphone')).rejects.toMatchObject({ code: 'disconnected' });
});
