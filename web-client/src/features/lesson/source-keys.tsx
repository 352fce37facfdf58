import { Lock, Mic, MicOff, Video, VideoOff } from 'lucide';
import { useId } from 'preact/hooks';
import type { LocalSource } from '../../call';
import { type PlainKey, t } from '../../i18n';
import { Icon } from '../../ui/icon';
import { useSession } from './session';

const ICONS = { microphone: { on: Mic, off: MicOff }, camera: { on: Video, off: VideoOff } };
const KEY = { microphone: 'mic', camera: 'camera' } as const;

/** The microphone's or the camera's key: its word says whether it is off or on. */
export function SourceKey({ source }: { source: 'microphone' | 'camera' }) {
  const { call, state, follow } = useSession();
  const key = KEY[source];
  const local: LocalSource = state.value.local[source];
  const on = local === 'on';
  const set = () => follow(source === 'microphone' ? call.setMicrophone(!on) : call.setCamera(!on));
  const word: PlainKey = local === 'starting' ? 'mic.starting' : on ? `${key}.on` : `${key}.off`;
  const starting = local === 'starting';
  return (
    <button
      type="button"
      class="control"
      aria-pressed={on}
      aria-disabled={starting}
      onClick={() => starting || void set()}
    >
      <Icon of={on ? ICONS[source].on : ICONS[source].off} />
      {t(word)}
    </button>
  );
}

/** Stands for both keys until the floor is given, and says so. */
export function LockedKey() {
  const why = useId();
  return (
    <button type="button" class="control" aria-disabled="true" aria-describedby={why}>
      <Icon of={Lock} />
      {t('mic.locked')}
      <span id={why} class="visually-hidden">
        {t('mic.lockedWhy')}
      </span>
    </button>
  );
}
