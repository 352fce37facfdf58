import { CloudOff, Mic, MicOff, RadioTower, Smartphone, TriangleAlert, Volume2 } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CallError, CallState } from '../../call';
import { t } from '../../i18n';
import { Banner, type BannerText } from '../../ui/banner';
import { PermissionHelp } from '../join/permission-help';
import { type Session, useSession } from './session';
import { holdsFloor, trainerOf } from './view';

/** How long sound and picture may take to connect before it is worth a word, in milliseconds. */
const MEDIA_PATIENCE_MS = 4000;

/** One banner at a time; the worse wins. */
export function Banners({ onQuality }: { onQuality?: () => void }) {
  const session = useSession();
  const state = session.state.value;
  const mediaLate = useMediaLate(state);
  const taken = useFloorTaken(state);
  const text = bannerOf(session, state, mediaLate, onQuality) ?? (taken ? FLOOR_TAKEN() : null);
  if (text) {
    return (
      <div class="banners" role="status">
        <Banner {...text} />
      </div>
    );
  }
  if (state.local.error) {
    return (
      <div class="banners">
        <PermissionHelp error={state.local.error} retry={() => retryDevices(session)} />
      </div>
    );
  }
  return <div class="banners" role="status" />;
}

const FLOOR_TAKEN = (): BannerText => ({
  tone: 'accent',
  icon: MicOff,
  title: t('floor.takenBack'),
  text: t('mic.off'),
});

function bannerOf(session: Session, state: CallState, mediaLate: boolean, onQuality?: () => void): BannerText | null {
  const { room, me, reception } = state;
  if (!room || !me) return null;
  if (mediaLate) return { tone: 'alarm', icon: CloudOff, title: t('state.mediaTitle'), text: t('state.mediaDid') };
  const refused = session.refused.value;
  if (refused) {
    const act = { word: t('state.dismiss'), run: session.dismiss };
    return { tone: 'attention', icon: TriangleAlert, title: t('state.refusedTitle'), text: refusal(refused), act };
  }
  const listens = me.role !== 'committee' || session.quality.value !== 'voice_only';
  if (state.audioBlocked && listens) {
    const act = { word: t('state.soundAct'), run: () => void session.call.startAudio() };
    return { tone: 'attention', icon: Volume2, title: t('state.soundTitle'), text: t('state.soundDid'), act };
  }
  if (state.local.error) return null;
  if (me.role !== 'trainer' && trainerOf(room)?.presence.state === 'lost') {
    return { tone: 'attention', icon: RadioTower, title: t('state.trainerLostTitle'), text: t('state.trainerLostDid') };
  }
  if (reception.limitedBy === 'network' && me.role === 'trainee') {
    const act = onQuality && { word: t('quality.change'), run: onQuality };
    return {
      tone: 'attention',
      icon: Smartphone,
      title: t('state.weakTitle'),
      text: t('state.weakDid'),
      ...(act && { act }),
    };
  }
  if (me.role === 'trainee' && holdsFloor(room.floor, me.participant)) {
    const heard = state.local.microphone === 'on';
    const act = {
      word: t('floor.giveUp'),
      run: () => void session.follow(session.call.command({ type: 'take_floor', participant: me.participant })),
    };
    return {
      tone: 'accent',
      icon: Mic,
      title: t('floor.yours'),
      text: heard ? t('floor.yoursHeard') : t('floor.yoursHint'),
      act,
    };
  }
  return null;
}

function refusal({ code }: CallError): string {
  switch (code) {
    case 'floor_full':
      return t('state.refusedFloorFull');
    case 'rate_limited':
    case 'too_many':
      return t('state.refusedRate');
    case 'disconnected':
      return t('state.refusedDisconnected');
    default:
      return t('state.refusedOther');
  }
}

function retryDevices({ call, state }: Session): void {
  const { microphone, camera, screen } = state.value.local;
  if (microphone === 'failed') call.setMicrophone(true).catch(() => undefined);
  if (camera === 'failed') call.setCamera(true).catch(() => undefined);
  if (screen === 'failed') call.setScreen(true).catch(() => undefined);
}

function useMediaLate({ phase, mediaConnected }: CallState): boolean {
  const waiting = phase === 'connected' && !mediaConnected;
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!waiting) return;
    const timer = setTimeout(() => setLate(true), MEDIA_PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return waiting && late;
}

/** How long somebody is told that the floor was taken back, in milliseconds. */
const TAKEN_SHOWN_MS = 8000;

/** Whether one's floor was taken back a moment ago. */
function useFloorTaken({ room, me }: CallState): boolean {
  const holds = room !== undefined && me !== undefined && holdsFloor(room.floor, me.participant);
  const [taken, setTaken] = useState(false);
  const held = useRef(false);
  useEffect(() => {
    const lost = held.current && !holds;
    held.current = holds;
    setTaken(lost);
    if (!lost) return;
    const timer = setTimeout(() => setTaken(false), TAKEN_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [holds]);
  return taken;
}
