import { deviceError, openDevice } from './devices';
import type { Source } from './protocol.gen';
import { CallError, type DeviceError, type LocalState } from './types';

/** What a person turns on and off; the screen may bring its sound along. */
export type Kind = 'microphone' | 'camera' | 'screen';

export interface SourceHooks {
  /** Sends this track from the source, or nothing, on whatever connection there is now or will be. */
  send(source: Source, track: MediaStreamTrack | null): Promise<void>;
  /** Tells the room; rejects with `CallError`. */
  publish(source: Source): Promise<void>;
  unpublish(source: Source): Promise<void>;
  onChange(local: LocalState): void;
}

const OFF: LocalState = { microphone: 'off', camera: 'off', screen: 'off' };

const SOURCES: Readonly<Record<Kind, readonly Source[]>> = {
  microphone: ['microphone'],
  camera: ['camera'],
  screen: ['screen', 'screen_audio'],
};

/** What encoders should care for (MediaStreamTrack content hints). */
const HINTS: Readonly<Record<Source, string>> = {
  microphone: 'speech',
  camera: 'motion',
  screen: 'detail',
  screen_audio: 'music',
};

/** This participant's own camera, microphone and screen: opened when turned on, freed when turned off. */
export class Sources {
  readonly #hooks: SourceHooks;
  readonly #tracks = new Map<Source, MediaStreamTrack>();
  readonly #wanted: Record<Kind, boolean> = { microphone: false, camera: false, screen: false };
  /** The end of each kind's queue: turning on and off quickly must not overtake itself. */
  readonly #queues: Record<Kind, Promise<void>> = {
    microphone: Promise.resolve(),
    camera: Promise.resolve(),
    screen: Promise.resolve(),
  };
  readonly #devices: { camera?: string; microphone?: string };
  #local = OFF;
  #closed = false;

  constructor(devices: { camera?: string; microphone?: string }, hooks: SourceHooks) {
    this.#devices = { ...devices };
    this.#hooks = hooks;
  }

  /** The sources that send now, with their tracks. */
  get live(): ReadonlyMap<Source, MediaStreamTrack> {
    return this.#tracks;
  }

  /** Turns one kind on or off; the last wish counts. */
  set(kind: Kind, on: boolean): Promise<void> {
    this.#wanted[kind] = on;
    if (!on) this.#silence(kind);
    return this.#enqueue(kind, async () => {
      if (this.#wanted[kind] !== on || this.#closed) return;
      await (on ? this.#start(kind) : this.#stop(kind, 'off'));
    });
  }

  /** The room ended what this source sent: it is freed, and nothing is told. */
  ended(source: Source): void {
    const kind = source === 'screen_audio' ? 'screen' : source;
    if (source === 'screen_audio') return;
    this.#wanted[kind] = false;
    this.#silence(kind);
    void this.#enqueue(kind, async () => {
      if (!this.#wanted[kind]) await this.#free(kind, 'off');
    });
  }

  /** Uses another device from now on, at once where the source is on. */
  choose(kind: 'microphone' | 'camera', deviceId: string): Promise<void> {
    this.#devices[kind] = deviceId;
    return this.#enqueue(kind, async () => {
      if (!this.#tracks.has(kind) || this.#closed) return;
      const before = this.#tracks.get(kind);
      try {
        // Phones open one camera at a time: the old one has to go first.
        if (kind === 'camera') before?.stop();
        const stream = await openDevice(kind, deviceId);
        this.#keep(kind, kind, stream.getTracks());
        await this.#hooks.send(kind, this.#tracks.get(kind) ?? null);
        before?.stop();
        this.#tell(kind, 'on');
      } catch (error) {
        await this.#stop(kind, 'failed', deviceError(error));
        throw error;
      }
    });
  }

  /** Frees every device. */
  close(): void {
    this.#closed = true;
    for (const track of this.#tracks.values()) release(track);
    this.#tracks.clear();
    this.#local = OFF;
    this.#hooks.onChange(OFF);
  }

  async #start(kind: Kind): Promise<void> {
    if (this.#tracks.has(kind)) return;
    this.#tell(kind, 'starting');
    let stream: MediaStream;
    try {
      stream = await (kind === 'screen' ? openScreen() : openDevice(kind, this.#devices[kind]));
    } catch (error) {
      this.#wanted[kind] = false;
      if (kind === 'screen' && isCancelled(error)) return this.#tell(kind, 'off');
      this.#tell(kind, 'failed', deviceError(error));
      throw error;
    }
    if (this.#closed || !this.#wanted[kind]) {
      for (const track of stream.getTracks()) release(track);
      return this.#closed ? undefined : this.#tell(kind, 'off');
    }
    for (const source of SOURCES[kind]) this.#keep(kind, source, tracksFor(source, stream));
    await this.#publish(kind);
  }

  async #publish(kind: Kind): Promise<void> {
    try {
      for (const source of SOURCES[kind]) {
        const track = this.#tracks.get(source);
        if (!track) continue;
        await this.#hooks.send(source, track);
        await this.#hooks.publish(source);
      }
    } catch (error) {
      // Without a connection the source stays on: it is published again when the connection is back.
      if (!(error instanceof CallError) || error.code !== 'disconnected') {
        this.#wanted[kind] = false;
        await this.#free(kind, 'off');
        throw error;
      }
    }
    if (this.#tracks.has(kind)) this.#tell(kind, 'on');
  }

  async #stop(kind: Kind, then: 'off' | 'failed', error?: DeviceError): Promise<void> {
    this.#wanted[kind] = false;
    const told = SOURCES[kind].filter((source) => this.#tracks.has(source));
    // What the room is told may wait for its answer; the device may not.
    await this.#free(kind, then, error);
    await Promise.allSettled(told.map((source) => this.#hooks.unpublish(source)));
  }

  async #free(kind: Kind, then: 'off' | 'failed', error?: DeviceError): Promise<void> {
    for (const source of SOURCES[kind]) {
      const track = this.#tracks.get(source);
      if (!track) continue;
      this.#tracks.delete(source);
      release(track);
      await this.#hooks.send(source, null).catch(() => undefined);
    }
    this.#tell(kind, then, error);
  }

  #keep(kind: Kind, source: Source, tracks: readonly MediaStreamTrack[]): void {
    const track = tracks[0];
    if (!track) return;
    if ('contentHint' in track) track.contentHint = HINTS[source];
    track.onended = () => {
      // The device was unplugged, or the browser's own 'stop sharing' was pressed.
      if (this.#tracks.get(source) !== track || source === 'screen_audio') return;
      void this.#enqueue(kind, () =>
        kind === 'screen' ? this.#stop(kind, 'off') : this.#stop(kind, 'failed', 'not_found'),
      );
    };
    this.#tracks.set(source, track);
  }

  /** Nothing is heard or seen from this moment on, whatever takes its time. */
  #silence(kind: Kind): void {
    for (const source of SOURCES[kind]) {
      const track = this.#tracks.get(source);
      if (track) track.enabled = false;
    }
  }

  #enqueue(kind: Kind, act: () => Promise<void>): Promise<void> {
    const done = this.#queues[kind].then(act);
    this.#queues[kind] = done.catch(() => undefined);
    return done;
  }

  #tell(kind: Kind, now: LocalState[Kind], error?: DeviceError): void {
    const { error: _before, ...rest } = this.#local;
    this.#local = error ? { ...rest, [kind]: now, error } : { ...rest, [kind]: now };
    if (!this.#closed) this.#hooks.onChange(this.#local);
  }
}

function tracksFor(source: Source, stream: MediaStream): MediaStreamTrack[] {
  return source === 'microphone' || source === 'screen_audio' ? stream.getAudioTracks() : stream.getVideoTracks();
}

function release(track: MediaStreamTrack): void {
  track.onended = null;
  track.stop();
}

async function openScreen(): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getDisplayMedia)
    throw new DOMException('No screen can be shared here.', 'NotFoundError');
  const options = {
    video: { frameRate: { ideal: 15, max: 30 } },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    systemAudio: 'include',
    surfaceSwitching: 'include',
  };
  return navigator.mediaDevices.getDisplayMedia(options as DisplayMediaStreamOptions);
}

/** Whether the person closed the browser's choice of what to share, which is no failure. */
function isCancelled(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotAllowedError' && !/system/i.test(error.message);
}
