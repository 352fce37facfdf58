import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Down, Link } from './link';
import { HEARTBEAT_INTERVAL_MS, HEARTBEAT_TIMEOUT_MS, type ServerMessage } from './protocol.gen';
import { CallError } from './types';

/** The server's end of a connection, as far as a test needs it. */
class Line {
  static readonly OPEN = 1;
  static last: Line;
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: { type: string; id?: number }[] = [];

  constructor(
    readonly url: string,
    readonly subprotocol: string,
  ) {
    Line.last = this;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = Line.OPEN;
    this.onopen?.();
  }

  say(message: ServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const welcome: ServerMessage = {
  type: 'welcome',
  protocol: 1,
  participant: 'p',
  role: 'trainee',
  now: 0,
  snapshot: null,
  audio_slots_max: 3,
  video_slots_max: 3,
};

let heard: ServerMessage[];
let downs: Down[];

/** A welcomed connection. */
function connected(): { link: Link; line: Line } {
  const { link, line } = opened();
  line.say(welcome);
  return { link, line };
}

function opened(): { link: Link; line: Line } {
  const link = new Link('secret', { after: 4 }, { onMessage: (m) => heard.push(m), onDown: (d) => downs.push(d) });
  Line.last.open();
  return { link, line: Line.last };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', Line);
  vi.stubGlobal('location', { protocol: 'https:', host: 'qism.example' });
  heard = [];
  downs = [];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('says hello first, with the ticket in the message and not in the address', () => {
  const { line } = opened();
  expect(line.url).toBe('wss://qism.example/ws');
  expect(line.subprotocol).toBe('qism.v1');
  expect(line.sent).toEqual([{ type: 'hello', protocol: 1, ticket: 'secret', resume: { after: 4 } }]);
});

test('gives up where no welcome comes', async () => {
  const { line } = opened();
  await vi.advanceTimersByTimeAsync(8_000);
  expect(downs).toEqual([{ cause: 'lost' }]);
  expect(line.readyState).toBe(3);
});

test('gives each request its own answer', async () => {
  const { link, line } = connected();
  const said = link.request({ type: 'command', command: { type: 'say', text: 'Bonjour' } });
  const offered = link.request({ type: 'offer', sdp: 'v=0', sources: [] });
  const refused = link.request({ type: 'command', command: { type: 'raise_hand' } });
  const [, say, offer, raise] = line.sent;
  line.say({ type: 'answer', id: offer?.id ?? 0, sdp: 'v=1' });
  line.say({ type: 'error', id: raise?.id ?? 0, code: 'forbidden', message: 'No.' });
  line.say({ type: 'ok', id: say?.id ?? 0 });
  await expect(offered).resolves.toBe('v=1');
  await expect(said).resolves.toBeUndefined();
  await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
});

test('refuses what waits when the connection is lost', async () => {
  const { link, line } = connected();
  const said = link.request({ type: 'command', command: { type: 'say', text: 'Bonjour' } });
  line.onclose?.({ code: 1006 });
  await expect(said).rejects.toBeInstanceOf(CallError);
  await expect(link.request({ type: 'command', command: { type: 'raise_hand' } })).rejects.toMatchObject({
    code: 'disconnected',
  });
});

test('a request that is never answered does not wait for ever', async () => {
  const { link, line } = connected();
  const said = expect(link.request({ type: 'command', command: { type: 'raise_hand' } })).rejects.toMatchObject({
    code: 'internal',
  });
  for (let second = 0; second < 16; second += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    line.say({ type: 'pong', at: 0 });
  }
  await said;
});

test('pings, and gives a silent server up', async () => {
  const { line } = connected();
  await vi.advanceTimersByTimeAsync(HEARTBEAT_INTERVAL_MS);
  expect(line.sent.at(-1)?.type).toBe('ping');
  await vi.advanceTimersByTimeAsync(HEARTBEAT_TIMEOUT_MS + HEARTBEAT_INTERVAL_MS);
  expect(downs).toEqual([{ cause: 'lost' }]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a probe that is answered keeps the connection, one that is not ends it', async () => {
  const { link, line } = connected();
  await vi.advanceTimersByTimeAsync(10);
  link.probe();
  await vi.advanceTimersByTimeAsync(500);
  line.say({ type: 'pong', at: 0 });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(downs).toEqual([]);
  link.probe();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(downs).toEqual([{ cause: 'lost' }]);
});

test('knows why it was closed, by the goodbye or by the close code alone', () => {
  connected().line.say({ type: 'bye', reason: 'removed' });
  connected().line.onclose?.({ code: 4001 });
  connected().line.onclose?.({ code: 1006 });
  expect(downs).toEqual([{ cause: 'bye', reason: 'removed' }, { cause: 'bye', reason: 'replaced' }, { cause: 'lost' }]);
});

test('a refused hello tells its code', () => {
  const { line } = opened();
  line.say({ type: 'error', id: null, code: 'ticket_invalid', message: 'Used.' });
  line.say({ type: 'bye', reason: 'protocol' });
  expect(downs).toEqual([{ cause: 'refused', code: 'ticket_invalid' }]);
});

test('what is no message is passed over', () => {
  const { line } = connected();
  line.onmessage?.({ data: '{"type":' });
  line.onmessage?.({ data: new ArrayBuffer(4) });
  expect(heard).toEqual([welcome]);
  expect(downs).toEqual([]);
});
