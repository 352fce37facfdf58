import { Admission, isFinal } from './admission';
import { type Down, disconnected, Link } from './link';
import { Negotiator } from './negotiator';
import { Page } from './page';
import { watchPlan } from './plan';
import { Playback } from './playback';
import {
  type ByeReason,
  type Command,
  type ErrorCode,
  type PublicationId,
  type Quality,
  type ServerMessage,
  SUMMARY_INTERVAL_MS,
} from './protocol.gen';
import { ProblemError } from './rest';
import { applyEvent, type NumberedEvent, roomFromSnapshot } from './room';
import { type Kind, Sources } from './sources';
import { Meter } from './stats';
import { Summaries } from './summaries';
import type { Call, CallOptions, CallState, CallStats, Picture } from './types';

/** A connection that lasted this long counts as one: the next outage starts with short waits again. */
const STABLE_MS = 5_000;
/** How often in a row the server may end a connection for a fault of ours before we give up. */
const FAULTS_MAX = 3;
/** How long `leave` waits for the server's goodbye. */
const GOODBYE_MS = 1_000;

/** After these the server does not want us back. */
const FINAL_BYES: ReadonlySet<ByeReason> = new Set<ByeReason>(['left', 'replaced', 'removed', 'lesson_ended']);

/** Makes a call; nothing happens before `connect`. */
export function createCall(options: CallOptions): Call {
  return new LiveCall(options);
}

class LiveCall implements Call {
  #state: CallState = {
    phase: 'idle',
    serverOffset: 0,
    shown: [],
    speaking: [],
    local: { microphone: 'off', camera: 'off', screen: 'off' },
    reception: { limitedBy: 'nothing', lostPercent: 0, roundTripMs: null },
    mediaConnected: false,
    audioBlocked: false,
  };
  readonly #listeners = new Set<(state: CallState) => void>();
  readonly #admission: Admission;
  readonly #meter = new Meter();
  readonly #summaries = new Summaries();
  #summaryTimer: ReturnType<typeof setInterval> | undefined;
  #tellsReception: boolean;
  readonly #playback: Playback;
  readonly #sources: Sources;
  readonly #negotiator: Negotiator;
  readonly #page = new Page({ command: (command) => this.command(command), linked: () => this.#linkUp });
  readonly #localStreams = new Map<MediaStreamTrack, MediaStream>();
  #quality: Quality;
  #link: Link | undefined;
  #linkUp = false;
  /** Ends the wait of `#run` for the connection's end. */
  #hangUp: ((down: Down) => void) | undefined;
  /** Which publication we asked for in which slot, as the last `watch` said. */
  #pinned = new Map<string, PublicationId>();
  #watched = '';

  constructor(options: CallOptions) {
    this.#quality = options.quality;
    this.#tellsReception = options.tellReception;
    this.#admission = new Admission(options.lesson, options.participant);
    this.#playback = new Playback({
      onBlocked: (audioBlocked) => this.#set({ audioBlocked }),
      onDrawn: () => this.#watch(),
      onPicture: () => this.#summaries.pictured(),
      localStream: (source) => this.#localStream(source),
    });
    this.#sources = new Sources(options.devices ?? {}, {
      send: (source, track) => this.#negotiator.send(source, track),
      publish: (source) => this.#negotiator.publish(source),
      unpublish: (source) => this.#negotiator.unpublish(source),
      onChange: (local) => {
        this.#set({ local });
        this.#playback.refresh();
      },
    });
    this.#negotiator = new Negotiator({
      live: () => this.#sources.live,
      onMedia: (media) => {
        this.#meter.rollOver();
        this.#summaries.restart();
        this.#watched = '';
        this.#pinned = new Map();
        if (media) this.#playback.use(media);
      },
      onConnected: (mediaConnected) => {
        this.#set({ mediaConnected });
        this.#expectPicture();
      },
      onAnswered: () => this.#playback.settle(),
      onDoubt: () => this.#link?.probe(),
      onRefused: (source) => this.#sources.ended(source),
    });
  }

  get state(): CallState {
    return this.#state;
  }

  subscribe(listener: (state: CallState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  connect(): void {
    if (this.#state.phase !== 'idle') return;
    this.#set({ phase: 'connecting' });
    window.addEventListener('online', this.#onReturn);
    document.addEventListener('visibilitychange', this.#onReturn);
    this.#summaryTimer = setInterval(() => void this.#tellReception(), SUMMARY_INTERVAL_MS);
    void this.#run();
  }

  async leave(): Promise<void> {
    if (this.#linkUp && this.#link) {
      const gone = new Promise<void>((resolve) => {
        const stop = this.subscribe(({ phase }) => {
          if (phase !== 'ended') return;
          stop();
          resolve();
        });
        setTimeout(resolve, GOODBYE_MS);
      });
      this.#link.send({ type: 'leave' });
      await gone;
    }
    this.#end('left');
  }

  async command(command: Command): Promise<void> {
    if (!this.#linkUp || !this.#link) throw disconnected();
    await this.#link.request({ type: 'command', command });
  }

  setMicrophone(on: boolean): Promise<void> {
    return this.#turn('microphone', on);
  }

  setCamera(on: boolean): Promise<void> {
    return this.#turn('camera', on);
  }

  setScreen(on: boolean): Promise<void> {
    return this.#turn('screen', on);
  }

  async chooseDevice(kind: 'camera' | 'microphone' | 'speaker', deviceId: string): Promise<void> {
    if (kind === 'speaker') await this.#playback.setSpeaker(deviceId);
    else await this.#sources.choose(kind, deviceId);
  }

  setQuality(quality: Quality): void {
    this.#quality = quality;
    if (this.#linkUp) this.#link?.send({ type: 'receive', quality });
  }

  setTellReception(on: boolean): void {
    this.#tellsReception = on;
  }

  attach(element: HTMLVideoElement, what: Picture): () => void {
    return this.#playback.attach(element, what);
  }

  startAudio(): Promise<void> {
    return this.#playback.start();
  }

  stats(): Promise<CallStats> {
    const { room, me, shown } = this.#state;
    return this.#meter.read(this.#negotiator.media, {
      room,
      me: me?.participant,
      publicationIn: (mid) => shown.find((slot) => slot.mid === mid)?.publication ?? null,
      sourceOf: (mid) => this.#negotiator.media?.sourceOf(mid),
    });
  }

  /** Connects, and connects again, until the call ends. */
  async #run(): Promise<void> {
    let attempt = 1;
    let faults = 0;
    while (this.#state.phase !== 'ended') {
      const ticket = await this.#ticket(attempt);
      if (ticket === undefined) return;
      const startedAt = performance.now();
      const down = await this.#live(ticket);
      this.#linkUp = false;
      const end = endOf(down);
      if (end) return this.#end(end);
      faults = down.cause === 'bye' && down.reason === 'protocol' ? faults + 1 : 0;
      if (faults >= FAULTS_MAX) return this.#end('protocol');
      const outageMs = Date.now() - this.#lost();
      if (performance.now() - startedAt >= STABLE_MS) attempt = 1;
      else await this.#admission.pause(attempt++, outageMs);
    }
  }

  async #ticket(attempt: number): Promise<string | undefined> {
    try {
      return await this.#admission.ticket(attempt, (now) => {
        if (this.#state.phase === 'reconnecting') this.#set({ attempt: now });
      });
    } catch (error) {
      this.#end(error instanceof ProblemError && error.code !== 'unreachable' ? error.code : 'internal');
      return undefined;
    }
  }

  /** One connection, from hello to its end. */
  #live(ticket: string): Promise<Down> {
    return new Promise((resolve) => {
      this.#hangUp = resolve;
      const room = this.#state.room;
      this.#link = new Link(ticket, room ? { after: room.seq } : null, {
        onMessage: (message) => this.#hear(message),
        onDown: resolve,
      });
    });
  }

  /** Notes that the connection is lost; since when it is. */
  #lost(): number {
    this.#negotiator.unlink();
    if (this.#state.phase === 'connecting') return this.#state.reconnectingSince ?? Date.now();
    const since = this.#state.reconnectingSince ?? Date.now();
    this.#set({ phase: 'reconnecting', reconnectingSince: since });
    return since;
  }

  #hear(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        return this.#welcome(message);
      case 'event':
        return this.#event(message);
      case 'slots':
        this.#set({ shown: message.slots });
        this.#playback.show(message.slots);
        this.#expectPicture();
        return this.#playback.settle();
      case 'speaking':
        return this.#set({ speaking: message.participants });
      case 'reception': {
        const { limited_by: limitedBy, lost_percent: lostPercent, round_trip_ms: roundTripMs } = message;
        return this.#set({ reception: { limitedBy, lostPercent, roundTripMs } });
      }
      case 'figures':
        return this.#set({ figures: message.figures });
    }
  }

  #welcome(message: Extract<ServerMessage, { type: 'welcome' }>): void {
    const { participant, role, snapshot } = message;
    const link = this.#link;
    if (!link) return;
    const resumed = snapshot === null;
    const { reconnectingSince: _since, attempt: _attempt, ...state } = this.#state;
    this.#linkUp = true;
    this.#replace({
      ...state,
      phase: 'connected',
      serverOffset: message.now / 1_000 - Date.now(),
      me: { participant, role },
      ...(snapshot ? { room: roomFromSnapshot(snapshot) } : {}),
    });
    if (!resumed) this.#forgetRights();
    link.send({ type: 'receive', quality: this.#quality });
    const slotsMax = { audio: message.audio_slots_max, video: message.video_slots_max };
    this.#negotiator.link(link, role, slotsMax, resumed);
    const mine = snapshot?.participants.find(({ id }) => id === participant);
    this.#page.connected(mine && mine.hidden_since !== null);
  }

  #event(message: NumberedEvent): void {
    const { room } = this.#state;
    if (!room) return;
    const applied = applyEvent(room, message);
    if (applied.result === 'known') return;
    if (applied.result === 'gap') return this.#startOver();
    this.#obey(message);
    this.#set({ room: applied.room });
  }

  /** Our copy of the room is wrong: forget it, and get a new one. */
  #startOver(): void {
    const { room: _room, ...state } = this.#state;
    this.#replace(state);
    this.#link?.close();
    this.#hangUp?.({ cause: 'lost' });
  }

  /** Turns off what the room ended: muted by a trainer, or the floor taken back. */
  #obey({ event }: NumberedEvent): void {
    const { me, room } = this.#state;
    if (event.type === 'server_restarted') return this.#negotiator.forgetServer();
    if (event.type === 'floor_taken' && event.participant === me?.participant) return this.#silenceAll();
    // Away for so long that the place was given up, and with it the floor; a trainer publishes again by right.
    if (event.type === 'left' && event.participant === me?.participant && me.role !== 'trainer') {
      return this.#silenceAll();
    }
    if (event.type !== 'publication_ended') return;
    const publication = room?.publications.get(event.publication);
    if (!publication || publication.participant !== me?.participant) return;
    this.#negotiator.forget(publication.source);
    if (event.by !== me.participant) this.#sources.ended(publication.source);
  }

  /** A room that had to be told anew may have taken the floor from us meanwhile. */
  #forgetRights(): void {
    const { me, room } = this.#state;
    const hasFloor = room?.floor.some((holder) => holder.participant === me?.participant) ?? false;
    if (me?.role === 'trainee' && !hasFloor) this.#silenceAll();
  }

  #silenceAll(): void {
    for (const source of [...this.#sources.live.keys()]) this.#sources.ended(source);
  }

  #turn(kind: Kind, on: boolean): Promise<void> {
    if (this.#state.phase === 'ended') return Promise.reject(disconnected());
    return this.#sources.set(kind, on);
  }

  #localStream(source: 'camera' | 'screen'): MediaStream | null {
    const track = this.#sources.live.get(source);
    for (const known of this.#localStreams.keys()) if (known.readyState === 'ended') this.#localStreams.delete(known);
    if (!track) return null;
    const stream = this.#localStreams.get(track) ?? new MediaStream([track]);
    this.#localStreams.set(track, stream);
    return stream;
  }

  /** Tells the server what is drawn, where that has changed. */
  #watch(): void {
    const { room, shown } = this.#state;
    const slots = this.#negotiator.answered ? (this.#negotiator.media?.slots ?? []) : [];
    const mids = slots.flatMap(({ kind, transceiver }) =>
      kind === 'video' && transceiver.mid !== null ? [transceiver.mid] : [],
    );
    if (!room || !this.#linkUp || mids.length === 0) return;
    const plan = watchPlan(mids, shown, this.#playback.drawn(), room.publications, this.#pinned);
    const text = JSON.stringify(plan);
    if (text === this.#watched) return;
    this.#watched = text;
    this.#pinned = new Map(plan.flatMap(({ mid, publication }) => (publication === null ? [] : [[mid, publication]])));
    this.#link?.send({ type: 'watch', slots: plan });
  }

  #expectPicture(): void {
    const { mediaConnected, room, shown } = this.#state;
    const isPicture = (id: PublicationId | null) => {
      const source = id === null ? undefined : room?.publications.get(id)?.source;
      return source === 'camera' || source === 'screen';
    };
    if (mediaConnected && shown.some(({ publication }) => isPicture(publication))) this.#summaries.expect();
  }

  /** Says how the reception was, where a trainee agrees. */
  async #tellReception(): Promise<void> {
    const { media } = this.#negotiator;
    if (!media || this.#state.me?.role !== 'trainee') return;
    const report = await media.stats().catch(() => undefined);
    if (!report || media !== this.#negotiator.media) return;
    const { room, shown } = this.#state;
    // Nobody sees whether the picture of a hidden page stands still, and browsers draw it when they like.
    const seen = document.visibilityState === 'visible';
    const summary = this.#summaries.take(report.values(), (mid) => {
      if (!seen) return false;
      const id = shown.find((slot) => slot.mid === mid)?.publication;
      return id != null && room?.publications.get(id)?.source === 'camera';
    });
    // What is not told is not kept for later.
    if (this.#linkUp && this.#tellsReception) this.#link?.send({ type: 'quality', summary });
  }

  readonly #onReturn = (): void => {
    this.#page.tell();
    if (document.visibilityState === 'hidden') return;
    this.#admission.wake();
    if (this.#linkUp) this.#link?.probe();
  };

  #end(reason: ByeReason | ErrorCode): void {
    if (this.#state.phase === 'ended') return;
    window.removeEventListener('online', this.#onReturn);
    document.removeEventListener('visibilitychange', this.#onReturn);
    this.#linkUp = false;
    clearInterval(this.#summaryTimer);
    this.#admission.close();
    this.#link?.close();
    this.#negotiator.close();
    this.#page.close();
    this.#sources.close();
    this.#playback.close();
    this.#localStreams.clear();
    const { reconnectingSince: _since, attempt: _attempt, ...state } = this.#state;
    this.#replace({ ...state, phase: 'ended', endedBy: reason, speaking: [], mediaConnected: false });
  }

  #set(change: Partial<CallState>): void {
    this.#replace({ ...this.#state, ...change });
  }

  #replace(state: CallState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }
}

/** Why the call is over with this connection, if it is. */
function endOf(down: Down): ByeReason | ErrorCode | undefined {
  if (down.cause === 'bye' && FINAL_BYES.has(down.reason)) return down.reason;
  if (down.cause === 'refused' && isFinal(down.code)) return down.code;
  return undefined;
}
