import type { DeviceError } from './types';

export interface Device {
  /** As `getUserMedia` and `setSinkId` take it. */
  readonly id: string;
  /** The browser's name for it; empty before permission is given. */
  readonly label: string;
}

export interface Devices {
  readonly cameras: readonly Device[];
  readonly microphones: readonly Device[];
  /** Empty where the browser does not let the page choose. */
  readonly speakers: readonly Device[];
}

/** A device opened to look at or listen to before the lesson. */
export interface Preview {
  readonly stream: MediaStream;
  /** The device that was opened. */
  readonly deviceId: string;
  /** Frees the device. */
  close(): void;
}

/** How often a level is told, in milliseconds. */
const LEVEL_INTERVAL_MS = 100;

/** The devices there are now. Labels and ids are empty before permission is given. */
export async function listDevices(): Promise<Devices> {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  const of = (kind: MediaDeviceKind): Device[] =>
    all.filter((device) => device.kind === kind).map((device) => ({ id: device.deviceId, label: device.label }));
  return { cameras: of('videoinput'), microphones: of('audioinput'), speakers: of('audiooutput') };
}

/** Calls `listener` when a device comes or goes, until the returned function is called. */
export function onDevicesChanged(listener: () => void): () => void {
  navigator.mediaDevices?.addEventListener?.('devicechange', listener);
  return () => navigator.mediaDevices?.removeEventListener?.('devicechange', listener);
}

/** Opens a camera or microphone; asks for permission. `deviceError` tells why it threw. */
export async function openPreview(kind: 'camera' | 'microphone', deviceId?: string): Promise<Preview> {
  const stream = await openDevice(kind, deviceId);
  const opened = stream.getTracks()[0]?.getSettings().deviceId ?? deviceId ?? '';
  return { stream, deviceId: opened, close: () => stream.getTracks().forEach((track) => track.stop()) };
}

/** Opens a device as the lesson uses it. */
export async function openDevice(kind: 'camera' | 'microphone', deviceId?: string): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia)
    throw new DOMException('This page is not a secure origin.', 'SecurityError');
  const chosen = deviceId ? { deviceId: { exact: deviceId } } : {};
  try {
    return await navigator.mediaDevices.getUserMedia(constraints(kind, chosen));
  } catch (error) {
    // A device that was remembered may be gone: any other is better than none.
    if (!deviceId || deviceError(error) !== 'not_found') throw error;
    return navigator.mediaDevices.getUserMedia(constraints(kind, {}));
  }
}

function constraints(kind: 'camera' | 'microphone', chosen: MediaTrackConstraints): MediaStreamConstraints {
  if (kind === 'microphone') {
    return {
      audio: { ...chosen, echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
    };
  }
  return { video: { ...chosen, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } } };
}

/** Why a device could not be opened, from what the browser threw. */
export function deviceError(error: unknown): DeviceError {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'not_found';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    case 'SecurityError':
      return 'insecure';
    default:
      return 'other';
  }
}

/** Tells the loudness of a stream's sound, 0 to 1, about ten times a second, until the returned function is called. */
export function levelMeter(stream: MediaStream, listener: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  const source = context.createMediaStreamSource(stream);
  source.connect(analyser);
  // Browsers start a context that no click led to suspended; the next click or key starts it.
  const resume = () => void context.resume();
  if (context.state === 'suspended') document.addEventListener('pointerdown', resume, { once: true });
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    listener(loudness(samples));
  }, LEVEL_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    document.removeEventListener('pointerdown', resume);
    source.disconnect();
    void context.close();
  };
}

/** Root mean square in decibels, from -60 dB (0) to 0 dB (1): even steps for the ear, as a meter should show. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  if (rms <= 0) return 0;
  return Math.min(1, Math.max(0, 1 + (20 * Math.log10(rms)) / 60));
}
