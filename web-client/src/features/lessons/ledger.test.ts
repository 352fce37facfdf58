import { beforeAll, describe, expect, it } from 'vitest';
import { BadLedger, checkLedger } from './ledger';

const { subtle } = globalThis.crypto;
const encoder = new TextEncoder();
const hex = (buffer: ArrayBuffer) => Buffer.from(buffer).toString('hex');

const HEADER = {
  line: 'header',
  format: 'qism-ledger/1',
  institution: { id: 'i', name: 'معهد التكوين' },
  lesson: 'l',
  title: 'دارة الشحن',
  course: { id: 'c', name: 'كهرباء السيارات' },
  group: { id: 'g', name: 'EA-204' },
  planned: { from: 1_000_000, to: 5_401_000_000 },
  time_zone: 'Africa/Casablanca',
  away_counts: true,
  people: [{ number: 1, person: 'p', role: 'trainee', expected: true, participants: [] }],
};
const BODY = [
  HEADER,
  { line: 'event', seq: 1, at: 1_000_000, event: { type: 'lesson_started' } },
  { line: 'event', seq: 2, at: 5_400_000_000, event: { type: 'lesson_ended' } },
  { line: 'results', on_air: [], people: [] },
];
const CORRECTION = {
  line: 'correction',
  at: 5_500_000_000,
  number: 1,
  before_us: 0,
  after_us: 60,
  reason: 'à l’atelier',
};

/** Lines, and after them a seal as a server makes it. */
async function sealed(before: string, lines: readonly object[], keys: CryptoKeyPair, at: number): Promise<string> {
  const text = before + lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const hash = hex(await subtle.digest('SHA-256', encoder.encode(text)));
  const raw = await subtle.exportKey('raw', keys.publicKey);
  const key = hex(await subtle.digest('SHA-256', raw)).slice(0, 32);
  const message = encoder.encode(`qism-ledger/1 seal\n${hash}\n${key}\n${at}\n`);
  const signature = hex(await subtle.sign('Ed25519', keys.privateKey, message));
  const seal = { line: 'seal', algorithm: 'Ed25519', key, public_key: hex(raw), at, hash, signature };
  return `${text}${JSON.stringify(seal)}\n`;
}

async function faultOf(bytes: Uint8Array<ArrayBuffer>) {
  return checkLedger(bytes, subtle).then(
    () => null,
    (error) => (error instanceof BadLedger ? error.fault.code : `threw ${error}`),
  );
}

describe('a ledger', () => {
  let keys: CryptoKeyPair;
  let once: string;
  let twice: string;
  beforeAll(async () => {
    keys = (await subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
    once = await sealed('', BODY, keys, 5_400_000_001);
    twice = await sealed(once, [CORRECTION], keys, 5_500_000_001);
  });

  it('is intact as it was sealed, with its corrections', async () => {
    const checked = await checkLedger(encoder.encode(twice), subtle);
    expect(checked.header.institution.name).toBe('معهد التكوين');
    expect([checked.events, checked.corrections, checked.signatures]).toEqual([2, 1, 'checked']);
    expect(checked.seals.map(({ at }) => at)).toEqual([5_400_000_001, 5_500_000_001]);
    expect(await faultOf(encoder.encode(once))).toBeNull();
  });

  it('is not intact with any one byte changed', async () => {
    const whole = encoder.encode(twice);
    for (let at = 0; at < whole.length; at += 1) {
      const changed = whole.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect([at, await faultOf(changed)]).not.toEqual([at, null]);
    }
  });

  it('says what is missing', async () => {
    expect(await faultOf(encoder.encode('{"a":1}\n'))).toBe('not_a_ledger');
    expect(await faultOf(encoder.encode('name,minutes\nAmina,90\n'))).toBe('not_a_ledger');
    expect(await faultOf(encoder.encode(twice.slice(0, -1)))).toBe('cut_off');
    const lines = once.split('\n');
    expect(await faultOf(encoder.encode(`${lines.slice(0, -2).join('\n')}\n`))).toBe('unsealed');
    expect(await faultOf(encoder.encode([lines[0], ...lines.slice(2)].join('\n')))).toBe('misplaced');
  });

  it('is not intact where somebody sealed other lines with a key of their own and kept the name of the first', async () => {
    const theirs = (await subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
    const forged = await sealed('', [{ ...HEADER, title: 'autre' }, ...BODY.slice(1)], theirs, 5_400_000_001);
    expect(await faultOf(encoder.encode(forged))).toBeNull();
    const key = (text: string, field: string) => new RegExp(`"${field}":"([0-9a-f]+)"`).exec(text)?.[1] ?? '';
    expect(await faultOf(encoder.encode(forged.replace(key(forged, 'key'), key(once, 'key'))))).toBe('key');
    const both = forged
      .replace(key(forged, 'key'), key(once, 'key'))
      .replace(key(forged, 'public_key'), key(once, 'public_key'));
    expect(await faultOf(encoder.encode(both))).toBe('signature');
  });

  it('has its hashes checked where the browser knows no Ed25519', async () => {
    const old = {
      digest: subtle.digest.bind(subtle),
      importKey: () => Promise.reject(new DOMException('no such algorithm', 'NotSupportedError')),
    } as unknown as SubtleCrypto;
    expect((await checkLedger(encoder.encode(twice), old)).signatures).toBe('unknown');
  });
});
