import { useEffect, useRef } from 'preact/hooks';
import type { Session } from './session';
import { holdsFloor } from './view';

/** Which sources this tab had open: a reload opens them again, and the device check asks for them at the start. */
const KEPT = 'qism.open';

export type Kept = 'microphone' | 'camera';

export function keptOpen(): readonly Kept[] {
  try {
    const kept = sessionStorage.getItem(KEPT)?.split(' ') ?? [];
    return (['microphone', 'camera'] as const).filter((source) => kept.includes(source));
  } catch {
    return [];
  }
}

export function keepOpen(open: readonly Kept[]): void {
  try {
    sessionStorage.setItem(KEPT, open.join(' '));
  } catch {
    // Then a reload comes back without them, and the keys say so.
  }
}

/** Opens again, once, what was open before a reload; keeps what is open from then on. */
export function useRestoredSources(session: Session): void {
  const restored = useRef(false);
  const { phase, mediaConnected, me, room, local } = session.state.value;
  const live = room?.phase.state === 'live';
  const mayPublish =
    me !== undefined && (me.role === 'trainer' || (room !== undefined && holdsFloor(room.floor, me.participant)));
  const ready = phase === 'connected' && mediaConnected && live && mayPublish;
  useEffect(() => {
    if (!ready || restored.current) return;
    restored.current = true;
    for (const source of keptOpen()) {
      const open = source === 'microphone' ? session.call.setMicrophone(true) : session.call.setCamera(true);
      open.catch(() => undefined);
    }
  }, [ready, session]);
  const { microphone, camera } = local;
  useEffect(() => {
    if (!restored.current || phase !== 'connected') return;
    if (microphone === 'starting' || camera === 'starting') return;
    keepOpen([
      ...(microphone === 'on' ? ['microphone' as const] : []),
      ...(camera === 'on' ? ['camera' as const] : []),
    ]);
  }, [microphone, camera, phase]);
}
