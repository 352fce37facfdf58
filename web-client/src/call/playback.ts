import type { Media } from './media';
import { drawnHeight } from './plan';
import type { PublicationId } from './protocol.gen';
import type { Kind } from './sources';
import type { Picture, Shown } from './types';

/** How long the page's layout has to rest before drawn heights are told, in milliseconds. */
const LAYOUT_REST_MS = 150;

export interface PlaybackHooks {
  /** The browser wants a click before it plays sound, or does not any more. */
  onBlocked(blocked: boolean): void;
  /** A publication's picture has something to show. */
  onPicture(): void;
  /** What is drawn, or how high, has changed. */
  onDrawn(): void;
  /** The stream of one of our own sources, while it is on. */
  localStream(kind: Exclude<Kind, 'microphone'>): MediaStream | null;
}

interface Attachment {
  readonly element: HTMLVideoElement;
  readonly what: Picture;
}

/** Where sound and pictures come out: hidden audio elements of our own, and video elements of the page. */
export class Playback {
  readonly #hooks: PlaybackHooks;
  readonly #sounds: HTMLAudioElement[] = [];
  readonly #attachments = new Set<Attachment>();
  readonly #sizes: ResizeObserver;
  #layoutTimer: ReturnType<typeof setTimeout> | undefined;
  #media: Media | undefined;
  /** What the slots of `#media` show; absent until the server told. */
  #shown: ReadonlyMap<PublicationId, string> | undefined;
  #speaker = '';
  #blocked = false;

  constructor(hooks: PlaybackHooks) {
    this.#hooks = hooks;
    this.#sizes = new ResizeObserver(() => this.settle());
  }

  /** Plays a new connection's sound; its pictures wait for `show`, and the old ones' last frames stay until then. */
  use(media: Media): void {
    this.#media = media;
    this.#shown = undefined;
    const voices = media.slots.filter((slot) => slot.kind === 'audio');
    voices.forEach((slot, index) => {
      const sound = this.#sounds[index] ?? this.#newSound();
      sound.srcObject = slot.stream;
      void this.#play(sound);
    });
  }

  /** Which publication each slot shows. */
  show(shown: readonly Shown[]): void {
    const mids = new Map<PublicationId, string>();
    for (const { mid, publication } of shown) {
      if (publication !== null && this.#media?.slot(mid)?.kind === 'video') mids.set(publication, mid);
    }
    this.#shown = mids;
    this.refresh();
  }

  /** Gives every element the stream that it should show now. */
  refresh(): void {
    for (const attachment of this.#attachments) this.#connect(attachment);
  }

  attach(element: HTMLVideoElement, what: Picture): () => void {
    const attachment: Attachment = { element, what };
    element.muted = true;
    element.autoplay = true;
    element.playsInline = true;
    this.#attachments.add(attachment);
    this.#connect(attachment);
    if ('publication' in what) {
      this.#sizes.observe(element);
      element.addEventListener('loadeddata', this.#hooks.onPicture);
    }
    this.settle();
    return () => {
      if (!this.#attachments.delete(attachment)) return;
      const shared = [...this.#attachments].some((other) => other.element === element);
      if (!shared) {
        this.#sizes.unobserve(element);
        element.removeEventListener('loadeddata', this.#hooks.onPicture);
        element.srcObject = null;
      }
      this.settle();
    };
  }

  /** How high each publication on the page is drawn, in the screen's pixels; the largest where it is drawn twice. */
  drawn(): Map<PublicationId, number> {
    const heights = new Map<PublicationId, number>();
    for (const { element, what } of this.#attachments) {
      if (!('publication' in what)) continue;
      const height = drawnHeight(element.clientHeight, window.devicePixelRatio);
      heights.set(what.publication, Math.max(height, heights.get(what.publication) ?? 0));
    }
    return heights;
  }

  /** Plays what the browser held back; to be called from a click. */
  async start(): Promise<void> {
    await Promise.all(this.#sounds.map((sound) => this.#play(sound)));
    for (const { element } of this.#attachments) if (element.paused) void element.play().catch(() => undefined);
  }

  /** Plays sound on this device, where the browser lets the page choose. */
  async setSpeaker(deviceId: string): Promise<void> {
    this.#speaker = deviceId;
    await Promise.all(this.#sounds.map((sound) => this.#route(sound)));
  }

  close(): void {
    clearTimeout(this.#layoutTimer);
    this.#sizes.disconnect();
    for (const sound of this.#sounds) {
      sound.srcObject = null;
      sound.remove();
    }
    this.#sounds.length = 0;
    for (const { element } of this.#attachments) element.srcObject = null;
    this.#attachments.clear();
    this.#media = undefined;
  }

  #newSound(): HTMLAudioElement {
    const sound = document.createElement('audio');
    sound.hidden = true;
    sound.autoplay = true;
    document.body.append(sound);
    this.#sounds.push(sound);
    if (this.#speaker) void this.#route(sound).catch(() => undefined);
    return sound;
  }

  async #route(sound: HTMLAudioElement): Promise<void> {
    if ('setSinkId' in sound) await sound.setSinkId(this.#speaker);
  }

  async #play(sound: HTMLAudioElement): Promise<void> {
    try {
      await sound.play();
      this.#setBlocked(false);
    } catch (error) {
      // `AbortError` only says that another stream was set meanwhile.
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.#setBlocked(true);
    }
  }

  #setBlocked(blocked: boolean): void {
    if (this.#blocked === blocked) return;
    this.#blocked = blocked;
    this.#hooks.onBlocked(blocked);
  }

  #connect({ element, what }: Attachment): void {
    const stream = this.#streamOf(what);
    if (stream === undefined) return;
    // A picture that lost its slot keeps its last frame; the slot's next picture must not appear in its place.
    if (stream === null && 'publication' in what) return element.pause();
    if (element.srcObject !== stream) element.srcObject = stream;
    if (stream && element.paused) void element.play().catch(() => undefined);
  }

  /** `undefined` where it is not known yet: then the element keeps what it shows. */
  #streamOf(what: Picture): MediaStream | null | undefined {
    if ('local' in what) return this.#hooks.localStream(what.local);
    if (!this.#media || !this.#shown) return undefined;
    const mid = this.#shown.get(what.publication);
    return mid === undefined ? null : (this.#media.slot(mid)?.stream ?? null);
  }

  /** Tells `onDrawn` once the page's layout rests. */
  settle(): void {
    clearTimeout(this.#layoutTimer);
    this.#layoutTimer = setTimeout(() => this.#hooks.onDrawn(), LAYOUT_REST_MS);
  }
}
