import type {
  ByeReason,
  ChatMessage,
  Command,
  ErrorCode,
  FloorHolder,
  Hand,
  LessonCard,
  LessonFigures,
  LessonId,
  LimitedBy,
  Participant,
  ParticipantId,
  Phase,
  Publication,
  PublicationId,
  Quality,
  Role,
  Source,
} from './protocol.gen';

/** What a call needs to know before it starts. */
export interface CallOptions {
  lesson: LessonId;
  participant: ParticipantId;
  quality: Quality;
  /** Whether the server is told how the reception is: counts, without content. */
  tellReception: boolean;
  /** Which devices to use when a source is turned on; the browser's choice where absent. */
  devices?: { camera?: string; microphone?: string };
}

/** The room as the events so far have made it. Replaced, never changed in place. */
export interface RoomState {
  /** The position of the last event applied. */
  readonly seq: number;
  readonly lesson: LessonCard;
  readonly phase: Phase;
  /** Everybody who is or was in the room, in the order in which they first came. */
  readonly participants: ReadonlyMap<ParticipantId, Participant>;
  readonly publications: ReadonlyMap<PublicationId, Publication>;
  /** In the order in which they were raised. */
  readonly hands: readonly Hand[];
  readonly floor: readonly FloorHolder[];
  /** Oldest first; at most `CHAT_KEPT_MAX` of the newest. */
  readonly chat: readonly ChatMessage[];
}

export type CallPhase = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'ended';

/** What one of this participant's own sources is doing. */
export type LocalSource = 'off' | 'starting' | 'on' | 'failed';

/** Why a device could not be opened. */
export type DeviceError = 'denied' | 'not_found' | 'busy' | 'insecure' | 'other';

export interface LocalState {
  readonly microphone: LocalSource;
  readonly camera: LocalSource;
  readonly screen: LocalSource;
  /** Why the last source that failed did. */
  readonly error?: DeviceError;
}

export interface Reception {
  readonly limitedBy: LimitedBy;
  /** 0 to 100. */
  readonly lostPercent: number;
  readonly roundTripMs: number | null;
}

/** What a slot of ours shows. */
export interface Shown {
  readonly mid: string;
  readonly publication: PublicationId | null;
}

/** An immutable snapshot of the call. */
export interface CallState {
  readonly phase: CallPhase;
  /** Why the call ended, where `phase` is `ended`. */
  readonly endedBy?: ByeReason | ErrorCode;
  /** `Date.now()` at which the connection was lost, while `phase` is `reconnecting`. */
  readonly reconnectingSince?: number;
  /** Which attempt to come back this is, from 1. */
  readonly attempt?: number;
  /** The server's clock minus this machine's, in milliseconds. */
  readonly serverOffset: number;
  readonly me?: { readonly participant: ParticipantId; readonly role: Role };
  readonly room?: RoomState;
  readonly shown: readonly Shown[];
  /** Loudest first. */
  readonly speaking: readonly ParticipantId[];
  readonly local: LocalState;
  readonly reception: Reception;
  /** Whether sound and pictures can flow. */
  readonly mediaConnected: boolean;
  /** The browser plays no sound before the person touches the page; call `startAudio` from a click. */
  readonly audioBlocked: boolean;
  /** The lesson's live figures, for trainers and committee. */
  readonly figures?: LessonFigures;
}

/** Figures of one picture that arrives or leaves. */
export interface VideoStats {
  readonly publication: PublicationId | null;
  readonly source?: Source;
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly bitrate: number;
  readonly freezes: number;
}

/** What the browser counted. Rates are over the time since `stats` was last asked. */
export interface CallStats {
  /** Bytes of sound and pictures since the call started, new connections included. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Bits per second. */
  readonly receiveBitrate: number;
  readonly sendBitrate: number;
  /** 0 to 100, of what should have arrived since `stats` was last asked. */
  readonly lostPercent: number;
  readonly jitterMs: number | null;
  readonly roundTripMs: number | null;
  readonly transport: 'udp' | 'tcp' | 'none';
  readonly received: readonly VideoStats[];
  readonly sent: readonly VideoStats[];
}

/** A picture that an element can show. */
export type Picture = { publication: PublicationId } | { local: 'camera' | 'screen' };

/** A request that the server refused, or that could not be made. */
export class CallError extends Error {
  constructor(
    /** The server's stable code; `disconnected` where there was no answer. */
    readonly code: ErrorCode | 'disconnected',
    message: string,
  ) {
    super(message);
    this.name = 'CallError';
  }
}

/** One participant's live part in one lesson. */
export interface Call {
  readonly state: CallState;
  /** Calls `listener` after each change, until the returned function is called. */
  subscribe(listener: (state: CallState) => void): () => void;
  /** Connects, and comes back by itself after whatever can be come back from. */
  connect(): void;
  /** Leaves for good and frees every device. */
  leave(): Promise<void>;
  /** Asks the room for something; rejects with `CallError`. */
  command(command: Command): Promise<void>;
  /** Turns a source on or off; rejects with `CallError` or with the browser's own error about the device. */
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  setScreen(on: boolean): Promise<void>;
  chooseDevice(kind: 'camera' | 'microphone' | 'speaker', deviceId: string): Promise<void>;
  setQuality(quality: Quality): void;
  setTellReception(on: boolean): void;
  /** Shows a picture in an element, at the size at which the element is drawn, until the returned function is called. */
  attach(element: HTMLVideoElement, what: Picture): () => void;
  /** To be called from a click where `audioBlocked`. */
  startAudio(): Promise<void>;
  stats(): Promise<CallStats>;
}
