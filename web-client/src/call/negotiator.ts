import { disconnected, type Link } from './link';
import { Media } from './media';
import type { Role, Source } from './protocol.gen';
import { CallError } from './types';

/** From an answer to the connection; then it is tried anew, each time with twice the patience. */
const CONNECT_MS = 8_000;
const CONNECT_MS_MAX = 30_000;
/** Before a refused first offer is tried again. */
const REFUSED_WAIT_MS = 3_000;

export interface NegotiatorHooks {
  /** What our sources send now. */
  live(): ReadonlyMap<Source, MediaStreamTrack>;
  /** A new connection takes the place of the last; nothing takes it at the end. */
  onMedia(media: Media | undefined): void;
  onConnected(connected: boolean): void;
  /** The server has answered: mids are known. */
  onAnswered(): void;
  /** The network may be gone. */
  onDoubt(): void;
  /** The room does not let us send this (any more). */
  onRefused(source: Source): void;
}

/**
 * Keeps one media connection to the server, over all the WebSocket connections of a call, and tells the room what is
 * sent over it.
 *
 * After every new WebSocket connection an offer is made: an ICE restart where the room was resumed and media still
 * flow, else a new connection, on which everything that was on is published again.
 */
export class Negotiator {
  readonly #hooks: NegotiatorHooks;
  #media: Media | undefined;
  #link: Link | undefined;
  /** The WebSocket connection over which the current media connection was first offered. */
  #madeFor: Link | undefined;
  #role: Role = 'trainee';
  #slotsMax = { audio: 0, video: 0 };
  #answered = false;
  /** The end of the queue of offers: one at a time. */
  #queue: Promise<void> = Promise.resolve();
  /** The offer that waits in it, if one does; a new connection does for an ICE restart too. */
  #next: 'fresh' | 'restart' | undefined;
  /** What the room was told that we send, with its answers. */
  readonly #published = new Map<Source, Promise<void>>();
  #patience = CONNECT_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(hooks: NegotiatorHooks) {
    this.#hooks = hooks;
  }

  get media(): Media | undefined {
    return this.#media;
  }

  /** Whether the server answered the current connection's offer. */
  get answered(): boolean {
    return this.#answered;
  }

  /** A WebSocket connection was welcomed. */
  link(link: Link, role: Role, slotsMax: { audio: number; video: number }, resumed: boolean): void {
    this.#link = link;
    this.#role = role;
    this.#slotsMax = slotsMax;
    this.#negotiate(resumed && this.#media?.flowing ? 'restart' : 'fresh');
  }

  /** It is gone; media may flow on until the next one. */
  unlink(): void {
    this.#link = undefined;
    clearTimeout(this.#timer);
  }

  async send(source: Source, track: MediaStreamTrack | null): Promise<void> {
    // Whoever ended it, us or the room: the next time it is on, the room has to be told again.
    if (!track) this.#published.delete(source);
    await this.#media?.setTrack(source, track);
  }

  /** Tells the room that we send from this source; rejects with `CallError`. */
  async publish(source: Source): Promise<void> {
    await this.#queue;
    if (!this.#link) throw disconnected();
    if (!this.#answered) throw new CallError('offer_rejected', 'There is no media connection to publish on.');
    await this.#publish(this.#link, source);
  }

  async unpublish(source: Source): Promise<void> {
    this.#published.delete(source);
    if (!this.#link) throw disconnected();
    await this.#link.request({ type: 'command', command: { type: 'unpublish', source } });
  }

  /** The room ended what this source sent. */
  forget(source: Source): void {
    this.#published.delete(source);
  }

  /** The server was started again: what it knew of our media before this WebSocket connection is gone. */
  forgetServer(): void {
    if (this.#madeFor === this.#link) return;
    this.#published.clear();
    this.#negotiate('fresh');
  }

  close(): void {
    this.unlink();
    this.#media?.close();
    this.#media = undefined;
    this.#published.clear();
    this.#hooks.onMedia(undefined);
  }

  #negotiate(how: 'fresh' | 'restart'): void {
    if (!this.#link) return;
    clearTimeout(this.#timer);
    const waiting = this.#next;
    this.#next = waiting === 'fresh' ? 'fresh' : how;
    if (waiting) return;
    this.#queue = this.#queue.then(async () => {
      const link = this.#link;
      const next = this.#next;
      this.#next = undefined;
      if (link && next) await this.#offer(link, next).catch((error: unknown) => this.#refused(link, next, error));
    });
  }

  async #offer(link: Link, how: 'fresh' | 'restart'): Promise<void> {
    const media = how === 'restart' && this.#media ? this.#media : await this.#renew();
    const offer = await media.offer(how === 'restart');
    const answer = await link.request({ type: 'offer', ...offer });
    if (media !== this.#media) return;
    if (!(await media.accept(answer ?? ''))) throw new CallError('peer_unknown', 'Another peer answered.');
    this.#answered = true;
    this.#hooks.onAnswered();
    this.#expectConnection();
    // Not awaited: `publish` waits for this queue, and what the room answers to it concerns the sources alone.
    for (const source of this.#hooks.live().keys()) void this.#republish(link, source);
  }

  /** A new connection in the place of the last, sending what is on. */
  async #renew(): Promise<Media> {
    this.#media?.close();
    this.#answered = false;
    this.#published.clear();
    const media = new Media(this.#role, this.#slotsMax, {
      onConnected: (connected) => this.#connectionChanged(connected),
      onPathLost: () => this.#negotiate('restart'),
      onFailed: () => this.#negotiate('fresh'),
      onDoubt: () => this.#hooks.onDoubt(),
    });
    this.#media = media;
    this.#madeFor = this.#link;
    this.#hooks.onConnected(false);
    this.#hooks.onMedia(media);
    for (const [source, track] of this.#hooks.live()) await media.setTrack(source, track);
    return media;
  }

  #refused(link: Link, how: 'fresh' | 'restart', error: unknown): void {
    if (link !== this.#link || this.#next || (error instanceof CallError && error.code === 'disconnected')) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#negotiate('fresh'), how === 'restart' ? 0 : REFUSED_WAIT_MS);
  }

  #connectionChanged(connected: boolean): void {
    this.#hooks.onConnected(connected);
    if (!connected) return;
    this.#patience = CONNECT_MS;
    clearTimeout(this.#timer);
  }

  /** Starts anew where the connection does not come up in time. */
  #expectConnection(): void {
    clearTimeout(this.#timer);
    if (this.#media?.flowing) return;
    this.#timer = setTimeout(() => {
      this.#patience = Math.min(this.#patience * 2, CONNECT_MS_MAX);
      if (!this.#media?.flowing) this.#negotiate('fresh');
    }, this.#patience);
  }

  async #republish(link: Link, source: Source): Promise<void> {
    try {
      await this.#publish(link, source);
    } catch (error) {
      if (error instanceof CallError && error.code !== 'disconnected') this.#hooks.onRefused(source);
    }
  }

  #publish(link: Link, source: Source): Promise<void> {
    const known = this.#published.get(source);
    if (known) return known;
    const told = link.request({ type: 'command', command: { type: 'publish', source } }).then(() => undefined);
    this.#published.set(source, told);
    told.catch(() => {
      if (this.#published.get(source) === told) this.#published.delete(source);
    });
    return told;
  }
}
