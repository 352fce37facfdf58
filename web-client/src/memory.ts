import type { LessonId, ParticipantId, Quality, Role } from './call';

/** What this browser keeps between visits: choices, never secrets. Without storage every function does nothing. */

const QUALITY = 'qism.quality';
const DEVICES = 'qism.devices';
const TELLS_RECEPTION = 'qism.tellsReception';
const SIGNED_IN = 'qism.signedIn';
const WORKPLACE = 'qism.workplace';

export interface ChosenDevices {
  camera?: string;
  microphone?: string;
  speaker?: string;
}

export function keptQuality(): Quality | null {
  const kept = read(localStorageOrNull(), QUALITY);
  return kept === 'automatic' || kept === 'economy' || kept === 'voice_only' ? kept : null;
}

export function keepQuality(quality: Quality): void {
  write(localStorageOrNull(), QUALITY, quality);
}

/** Whether the server may be told how the reception is; yes until the person says no. */
export function keptTellsReception(): boolean {
  return read(localStorageOrNull(), TELLS_RECEPTION) !== 'no';
}

export function keepTellsReception(tells: boolean): void {
  write(localStorageOrNull(), TELLS_RECEPTION, tells ? 'yes' : 'no');
}

export function keptDevices(): ChosenDevices {
  const kept: unknown = parse(read(localStorageOrNull(), DEVICES));
  if (typeof kept !== 'object' || kept === null) return {};
  const devices: ChosenDevices = {};
  for (const kind of ['camera', 'microphone', 'speaker'] as const) {
    const id = (kept as Record<string, unknown>)[kind];
    if (typeof id === 'string' && id !== '') devices[kind] = id;
  }
  return devices;
}

export function keepDevices(devices: ChosenDevices): void {
  write(localStorageOrNull(), DEVICES, JSON.stringify({ ...keptDevices(), ...devices }));
}

/** The role of a place, so that a reload fetches the right screen while it connects. */
export function keptRole(lesson: LessonId, participant: ParticipantId): Role | null {
  const kept = read(sessionStorageOrNull(), `qism.role.${lesson}.${participant}`);
  return kept === 'trainer' || kept === 'trainee' || kept === 'committee' ? kept : null;
}

export function keepRole(lesson: LessonId, participant: ParticipantId, role: Role): void {
  write(sessionStorageOrNull(), `qism.role.${lesson}.${participant}`, role);
}

/** Whether somebody signed in in this browser, as far as is known without asking: where `/` leads. */
export function keptSignedIn(): boolean {
  return read(localStorageOrNull(), SIGNED_IN) === 'yes';
}

export function keepSignedIn(signedIn: boolean): void {
  write(localStorageOrNull(), SIGNED_IN, signedIn ? 'yes' : 'no');
}

/** Where somebody works in this tab, and who that is: it is nobody else's choice. */
export interface KeptWorkplace {
  person: string;
  institution: string;
}

export function keptWorkplace(): KeptWorkplace | null {
  const kept = parse(read(sessionStorageOrNull(), WORKPLACE)) as Partial<KeptWorkplace> | null;
  const { person, institution } = kept ?? {};
  return typeof person === 'string' && typeof institution === 'string' ? { person, institution } : null;
}

export function keepWorkplace(kept: KeptWorkplace | null): void {
  write(sessionStorageOrNull(), WORKPLACE, JSON.stringify(kept));
}

function localStorageOrNull(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

function sessionStorageOrNull(): Storage | null {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}

function read(storage: Storage | null, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

function write(storage: Storage | null, key: string, value: string): void {
  try {
    storage?.setItem(key, value);
  } catch {
    // A full or forbidden storage costs the memory of a choice, nothing more.
  }
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
