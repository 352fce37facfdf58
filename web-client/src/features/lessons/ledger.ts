/** The largest ledger that is read, in bytes; the server's own limit. */
const LEDGER_BYTES_MAX = 256 * 1024 * 1024;

/** Something with a name that is nobody's. */
interface Named {
  id: string;
  name: string;
}

/** The first line of a ledger, as far as a page shows it. Times are in microseconds since 1970. */
export interface LedgerHeader {
  institution: Named;
  lesson: string;
  title: string;
  course: Named;
  group: Named;
  planned: { from: number; to: number };
  time_zone: string;
  people: unknown[];
}

/** A seal over every byte before its line; what is not text or a time is lower-case hexadecimal. */
export interface LedgerSeal {
  key: string;
  public_key: string;
  at: number;
  hash: string;
  signature: string;
}

/** What can be wrong with a file, and in which line (the first is 1). */
export interface LedgerFault {
  code:
    | 'too_large'
    | 'not_a_ledger'
    | 'cut_off'
    | 'unsealed'
    | 'misplaced'
    | 'seal_form'
    | 'hash'
    | 'key'
    | 'signature';
  line: number;
}

export interface CheckedLedger {
  header: LedgerHeader;
  events: number;
  corrections: number;
  /** In the order in which they were made; the last is over everything. */
  seals: LedgerSeal[];
  /** Whether this browser can check signatures; where it can't, only the hashes were. */
  signatures: 'checked' | 'unknown';
}

/** What `checkLedger` throws where something does not match. */
export class BadLedger extends Error {
  constructor(readonly fault: LedgerFault) {
    super(`${fault.code} in line ${fault.line}`);
    this.name = 'BadLedger';
  }
}

/**
 * Checks the seals of a ledger: that its lines are in their order, that each seal's hash is that of every byte before
 * it, and that each signature is its key's. It does not work the results out anew: that is the server's to do, and
 * the program's. Throws `BadLedger`.
 */
export async function checkLedger(bytes: Uint8Array<ArrayBuffer>, subtle: SubtleCrypto): Promise<CheckedLedger> {
  if (bytes.length > LEDGER_BYTES_MAX) throw new BadLedger({ code: 'too_large', line: 0 });
  const lines = linesOf(bytes);
  const ordered = inOrder(lines);
  const seals: LedgerSeal[] = [];
  let signatures: CheckedLedger['signatures'] = 'checked';
  for (const line of ordered.seals) {
    const seal = sealOf(line);
    const found = hex(await subtle.digest('SHA-256', bytes.subarray(0, line.start)));
    if (found !== seal.hash) throw new BadLedger({ code: 'hash', line: line.number });
    if ((await keyName(seal, subtle)) !== seal.key) throw new BadLedger({ code: 'key', line: line.number });
    const isSigned = await isSignedBy(seal, subtle);
    if (isSigned === undefined) signatures = 'unknown';
    if (isSigned === false) throw new BadLedger({ code: 'signature', line: line.number });
    seals.push(seal);
  }
  return { header: ordered.header, events: ordered.events, corrections: ordered.seals.length - 1, seals, signatures };
}

interface Line {
  number: number;
  /** Where it begins in the file. */
  start: number;
  text: string;
  value: Record<string, unknown>;
}

function linesOf(bytes: Uint8Array<ArrayBuffer>): Line[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const lines: Line[] = [];
  let start = 0;
  while (start < bytes.length) {
    const number = lines.length + 1;
    const end = bytes.indexOf(10, start);
    if (end < 0) throw new BadLedger({ code: number === 1 ? 'not_a_ledger' : 'cut_off', line: number });
    try {
      const text = decoder.decode(bytes.subarray(start, end));
      const value: unknown = JSON.parse(text);
      if (typeof value !== 'object' || value === null) throw new TypeError('no object');
      lines.push({ number, start, text, value: value as Record<string, unknown> });
    } catch {
      throw new BadLedger({ code: number === 1 ? 'not_a_ledger' : 'misplaced', line: number });
    }
    start = end + 1;
  }
  return lines;
}

/** A header, events, results and a seal; then for each correction its line and another seal. */
function inOrder(lines: readonly Line[]): { header: LedgerHeader; events: number; seals: Line[] } {
  const header = headerOf(lines[0]);
  const results = lines.findIndex(({ value }) => value.line === 'results');
  const events = lines.slice(1, results < 0 ? lines.length : results);
  const stray = events.find(({ value }, at) => value.line !== 'event' || value.seq !== at + 1);
  if (stray) throw new BadLedger({ code: 'misplaced', line: stray.number });
  if (results < 0) throw new BadLedger({ code: 'unsealed', line: lines.length });
  const rest = lines.slice(results + 1);
  const misplaced = rest.find(({ value }, at) => value.line !== (at % 2 === 0 ? 'seal' : 'correction'));
  if (misplaced) throw new BadLedger({ code: 'misplaced', line: misplaced.number });
  if (rest.length % 2 === 0) throw new BadLedger({ code: 'unsealed', line: lines.length });
  return { header, events: events.length, seals: rest.filter((_, at) => at % 2 === 0) };
}

function headerOf(line: Line | undefined): LedgerHeader {
  const { line: kind, format, institution, course, group, planned, people } = line?.value ?? {};
  const isHeader = kind === 'header' && format === 'qism-ledger/1' && Array.isArray(people);
  const isWhole = [institution, course, group, planned].every((part) => typeof part === 'object' && part !== null);
  if (!isHeader || !isWhole) throw new BadLedger({ code: 'not_a_ledger', line: 1 });
  return line?.value as unknown as LedgerHeader;
}

/** A seal, if it is written as seals are: there is one way. */
function sealOf({ number, text, value }: Line): LedgerSeal {
  const { key, public_key, at, hash, signature } = value;
  const written = JSON.stringify({ line: 'seal', algorithm: 'Ed25519', key, public_key, at, hash, signature });
  const isHex = (part: unknown, digits: number) =>
    typeof part === 'string' && part.length === digits && /^[0-9a-f]+$/.test(part);
  const isWhole = isHex(key, 32) && isHex(public_key, 64) && isHex(hash, 64) && isHex(signature, 128);
  if (!isWhole || !Number.isSafeInteger(at) || written !== text)
    throw new BadLedger({ code: 'seal_form', line: number });
  return { key, public_key, at, hash, signature } as LedgerSeal;
}

/** What a key is called: the first 16 bytes of its SHA-256. */
async function keyName({ public_key }: LedgerSeal, subtle: SubtleCrypto): Promise<string> {
  return hex(await subtle.digest('SHA-256', bytesOf(public_key))).slice(0, 32);
}

/** Whether a seal's signature is its key's; `undefined` where this browser does not know Ed25519. */
async function isSignedBy(seal: LedgerSeal, subtle: SubtleCrypto): Promise<boolean | undefined> {
  const message = `qism-ledger/1 seal\n${seal.hash}\n${seal.key}\n${seal.at}\n`;
  try {
    const key = await subtle.importKey('raw', bytesOf(seal.public_key), { name: 'Ed25519' }, false, ['verify']);
    return await subtle.verify('Ed25519', key, bytesOf(seal.signature), new TextEncoder().encode(message));
  } catch (error) {
    // Bytes that are no key are no reason to call the browser old.
    return error instanceof Error && error.name === 'NotSupportedError' ? undefined : false;
  }
}

function bytesOf(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function hex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
