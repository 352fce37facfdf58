import { cameraScales, type SendLine, sendLines, sessionId, slotCounts, withSpeechWishes } from './plan';
import type { OfferedSource, Role, Source } from './protocol.gen';

/** How long `disconnected` may last before a new path is looked for; most are over by themselves. */
const DISCONNECTED_MS_MAX = 3_000;

export interface MediaHooks {
  /** The connection came up or went down. */
  onConnected(connected: boolean): void;
  /** The path to the server is gone: an ICE restart may find another. */
  onPathLost(): void;
  /** The connection can't be saved: a new one is needed. */
  onFailed(): void;
  /** The path is silent; most such silences are over by themselves. */
  onDoubt(): void;
}

/** A place in our session that shows whatever publication the server puts there. */
export interface Slot {
  readonly kind: 'audio' | 'video';
  readonly transceiver: RTCRtpTransceiver;
  readonly stream: MediaStream;
}

/** One RTCPeerConnection to the server: what the role may send, and the slots. It is offered whole, once. */
export class Media {
  readonly slots: readonly Slot[];
  readonly #connection: RTCPeerConnection;
  readonly #senders = new Map<Source, { line: SendLine; transceiver: RTCRtpTransceiver }>();
  readonly #hooks: MediaHooks;
  #pathTimer: ReturnType<typeof setTimeout> | undefined;
  #answeredBy: string | undefined;
  #closed = false;

  constructor(role: Role, slotsMax: { audio: number; video: number }, hooks: MediaHooks) {
    this.#hooks = hooks;
    this.#connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
    for (const line of sendLines(role)) {
      const transceiver = this.#connection.addTransceiver(line.kind, {
        direction: 'sendonly',
        sendEncodings: line.encodings.map((encoding) => ({ ...encoding })),
      });
      this.#senders.set(line.source, { line, transceiver });
    }
    const counts = slotCounts(slotsMax);
    this.slots = [
      ...Array.from({ length: counts.audio }, () => this.#slot('audio')),
      ...Array.from({ length: counts.video }, () => this.#slot('video')),
    ];
    this.#connection.onconnectionstatechange = () => this.#connectionChanged();
    this.#connection.oniceconnectionstatechange = () => this.#pathChanged();
  }

  get connected(): boolean {
    return this.#connection.connectionState === 'connected';
  }

  /** Whether the connection is up and its path answers. */
  get flowing(): boolean {
    const { iceConnectionState } = this.#connection;
    return this.connected && (iceConnectionState === 'connected' || iceConnectionState === 'completed');
  }

  /** The offer to send; `restart` looks for a new path. */
  async offer(restart: boolean): Promise<{ sdp: string; sources: OfferedSource[] }> {
    const offer = await this.#connection.createOffer({ iceRestart: restart });
    await this.#connection.setLocalDescription(offer);
    const sources: OfferedSource[] = [];
    for (const [source, { transceiver }] of this.#senders) {
      if (transceiver.mid !== null) sources.push({ mid: transceiver.mid, source });
    }
    return { sdp: this.#connection.localDescription?.sdp ?? offer.sdp ?? '', sources };
  }

  /** Takes the answer; `false` where it is another peer's than the first answer: this connection is dead then. */
  async accept(answer: string): Promise<boolean> {
    const answeredBy = sessionId(answer);
    if (this.#answeredBy !== undefined && answeredBy !== this.#answeredBy) return false;
    this.#answeredBy = answeredBy;
    await this.#connection.setRemoteDescription({ type: 'answer', sdp: withSpeechWishes(answer) });
    return true;
  }

  /** Sends this track from the source, or nothing. */
  async setTrack(source: Source, track: MediaStreamTrack | null): Promise<void> {
    const sender = this.#senders.get(source)?.transceiver.sender;
    if (!sender) return;
    if (track && source === 'camera') await fitEncodings(sender, track);
    await sender.replaceTrack(track);
  }

  /** Which source an m-line sends. */
  sourceOf(mid: string): Source | undefined {
    for (const [source, { transceiver }] of this.#senders) if (transceiver.mid === mid) return source;
    return undefined;
  }

  slot(mid: string): Slot | undefined {
    return this.slots.find((slot) => slot.transceiver.mid === mid);
  }

  stats(): Promise<RTCStatsReport> {
    return this.#connection.getStats();
  }

  /** Frees everything; no hook is called any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#pathTimer);
    this.#connection.onconnectionstatechange = null;
    this.#connection.oniceconnectionstatechange = null;
    this.#connection.close();
  }

  #slot(kind: 'audio' | 'video'): Slot {
    const transceiver = this.#connection.addTransceiver(kind, { direction: 'recvonly' });
    return { kind, transceiver, stream: new MediaStream([transceiver.receiver.track]) };
  }

  #connectionChanged(): void {
    this.#hooks.onConnected(this.connected);
    // ICE failing is told by the path below; what else fails is DTLS, which no restart repairs.
    const { connectionState, iceConnectionState } = this.#connection;
    if (connectionState === 'failed' && iceConnectionState !== 'failed') this.#hooks.onFailed();
  }

  #pathChanged(): void {
    clearTimeout(this.#pathTimer);
    switch (this.#connection.iceConnectionState) {
      case 'failed':
        return this.#hooks.onPathLost();
      case 'disconnected':
        this.#hooks.onDoubt();
        this.#pathTimer = setTimeout(() => {
          if (!this.#closed) this.#hooks.onPathLost();
        }, DISCONNECTED_MS_MAX);
    }
  }
}

/** Scales the encodings to the camera's pictures. */
async function fitEncodings(sender: RTCRtpSender, track: MediaStreamTrack): Promise<void> {
  const { width = 0, height = 0 } = track.getSettings();
  const parameters = sender.getParameters();
  cameraScales(width, height).forEach(({ scale, active }, index) => {
    const encoding = parameters.encodings[index];
    if (encoding) Object.assign(encoding, { scaleResolutionDownBy: scale, active });
  });
  // Where a browser can't, its own choice of encodings is good enough.
  await sender.setParameters(parameters).catch(() => undefined);
}
