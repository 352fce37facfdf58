import type { Publication, PublicationId, Role, Source, WatchedSlot } from './protocol.gen';
import type { Shown } from './types';

/** The m-lines that an offer asks for, whatever the server would allow. */
const AUDIO_SLOTS = 3;
const VIDEO_SLOTS = 3;

/** Drawn heights are told in pixels of the screen; more than two to a CSS pixel are not worth their bytes. */
const PIXEL_RATIO_MAX = 2;
/** Heights are rounded up to this step, so that a window dragged wider does not send a message per pixel. */
const HEIGHT_STEP = 30;
const HEIGHT_MAX = 2_160;

/** A sending m-line of the offer. */
export interface SendLine {
  readonly source: Source;
  readonly kind: 'audio' | 'video';
  readonly encodings: readonly RTCRtpEncodingParameters[];
}

/** From how many pixels of a picture on, three encodings of it are worth sending, and two. */
const THREE_ENCODINGS_PIXELS = 960 * 540;
const TWO_ENCODINGS_PIXELS = 480 * 270;

/** Lowest first, as the server counts layers. */
const CAMERA_ENCODINGS: readonly RTCRtpEncodingParameters[] = [
  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_500_000 },
];
const SCREEN_ENCODINGS: readonly RTCRtpEncodingParameters[] = [{ maxBitrate: 1_500_000, maxFramerate: 30 }];
const VOICE_ENCODINGS: readonly RTCRtpEncodingParameters[] = [{ maxBitrate: 32_000 }];
const SCREEN_AUDIO_ENCODINGS: readonly RTCRtpEncodingParameters[] = [{ maxBitrate: 96_000 }];

/** What a role's offer sends, in the order of its m-lines: whatever the role may ever publish, so that it never has to offer again. */
export function sendLines(role: Role): readonly SendLine[] {
  if (role === 'committee') return [];
  const lines: SendLine[] = [
    { source: 'microphone', kind: 'audio', encodings: VOICE_ENCODINGS },
    { source: 'camera', kind: 'video', encodings: CAMERA_ENCODINGS },
  ];
  if (role === 'trainer') {
    lines.push({ source: 'screen', kind: 'video', encodings: SCREEN_ENCODINGS });
    lines.push({ source: 'screen_audio', kind: 'audio', encodings: SCREEN_AUDIO_ENCODINGS });
  }
  return lines;
}

/**
 * How the camera's encodings are scaled for pictures of this size, lowest first; the ones of no use are off.
 *
 * Chromium sends no more than two encodings of a picture under 960 × 540 and one under 480 × 270, and leaves out the
 * highest: without this, a small camera would never be sent in its full size.
 */
export function cameraScales(width: number, height: number): readonly { scale: number; active: boolean }[] {
  const pixels = width * height;
  const count = pixels >= THREE_ENCODINGS_PIXELS ? 3 : pixels >= TWO_ENCODINGS_PIXELS ? 2 : 1;
  return CAMERA_ENCODINGS.map((_, index) => ({ scale: 2 ** Math.max(0, count - 1 - index), active: index < count }));
}

/** How many slots an offer asks for. */
export function slotCounts(max: { audio: number; video: number }): { audio: number; video: number } {
  return { audio: Math.min(AUDIO_SLOTS, max.audio), video: Math.min(VIDEO_SLOTS, max.video) };
}

/**
 * The answer with Opus told to repair losses from the next packet (in-band FEC) and to send nothing while nobody
 * speaks (DTX). Both are the receiver's wishes (RFC 7587 §6.1), and here every receiver is a trainee on a poor network.
 */
export function withSpeechWishes(answer: string): string {
  const opus = /^a=rtpmap:(\d+) opus\/48000/gim;
  let wished = answer;
  for (const [, payload] of answer.matchAll(opus)) {
    const fmtp = new RegExp(`^(a=fmtp:${payload} )(.*)$`, 'gm');
    if (fmtp.test(wished)) {
      wished = wished.replace(fmtp, (_, head: string, parameters: string) => head + withParameters(parameters.trim()));
    } else {
      const rtpmap = new RegExp(`^(a=rtpmap:${payload} opus/48000[^\\r\\n]*)(\\r?\\n)`, 'gim');
      wished = wished.replace(rtpmap, `$1$2a=fmtp:${payload} ${withParameters('')}$2`);
    }
  }
  return wished;
}

function withParameters(parameters: string): string {
  const kept = parameters.split(';').filter((parameter) => parameter && !/^\s*(useinbandfec|usedtx)=/.test(parameter));
  return [...kept, 'useinbandfec=1', 'usedtx=1'].join(';');
}

/** The session id of a description's `o=` line (RFC 8866 §5.2): the same while the other end is the same peer. */
export function sessionId(sdp: string): string | undefined {
  return /^o=\S+ (\S+) /m.exec(sdp)?.[1];
}

/** How high a picture is drawn, in the screen's pixels, rounded for telling the server. */
export function drawnHeight(cssHeight: number, pixelRatio: number): number {
  if (!(cssHeight > 0)) return 0;
  const pixels = cssHeight * Math.min(Math.max(pixelRatio, 1), PIXEL_RATIO_MAX);
  return Math.min(Math.ceil(pixels / HEIGHT_STEP) * HEIGHT_STEP, HEIGHT_MAX);
}

/**
 * What to tell the server of the video slots: how high each is drawn and, for a picture that is drawn although no
 * slot shows it, a slot that nobody looks at.
 *
 * `drawn` maps each publication on the page to its height; one that is not in it is not looked at.
 */
export function watchPlan(
  videoSlots: readonly string[],
  shown: readonly Shown[],
  drawn: ReadonlyMap<PublicationId, number>,
  publications: ReadonlyMap<PublicationId, Publication>,
  pinned: ReadonlyMap<string, PublicationId>,
): WatchedSlot[] {
  const inSlot = new Map(shown.map((slot) => [slot.mid, slot.publication]));
  const wanted = (id: PublicationId | null | undefined): id is PublicationId => id != null && drawn.has(id);
  const visible = new Set(videoSlots.map((mid) => inSlot.get(mid)).filter(wanted));
  const missing = [...drawn.keys()].filter((id) => publications.has(id) && !visible.has(id));
  return videoSlots.map((mid) => {
    const now = inSlot.get(mid);
    if (wanted(now)) {
      return { mid, publication: pinned.get(mid) === now ? now : null, max_height: drawn.get(now) ?? 0 };
    }
    const next = missing.shift();
    if (next !== undefined) return { mid, publication: next, max_height: drawn.get(next) ?? 0 };
    return { mid, publication: null, max_height: now == null ? null : 0 };
  });
}
