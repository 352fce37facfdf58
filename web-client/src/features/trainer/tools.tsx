import { MicOff, ScreenShare, ScreenShareOff, Settings2 } from 'lucide';
import type { ComponentChildren } from 'preact';
import { t } from '../../i18n';
import { Icon } from '../../ui/icon';
import { useSession } from '../lesson/session';
import { SourceKey } from '../lesson/source-keys';

interface Props {
  onDevices: () => void;
  children?: ComponentChildren;
}

/** What the trainer sends with, and the key that silences everybody else. */
export function Tools({ onDevices, children }: Props) {
  const { call, follow } = useSession();
  return (
    <nav class="tools" aria-label={t('trainer.tools')}>
      <ScreenKey />
      <SourceKey source="microphone" />
      <SourceKey source="camera" />
      <hr />
      <button type="button" class="control" aria-haspopup="dialog" onClick={onDevices}>
        <Icon of={Settings2} />
        {t('devices.dialog')}
      </button>
      <button type="button" class="control" onClick={() => void follow(call.command({ type: 'mute_all' }))}>
        <Icon of={MicOff} />
        {t('people.muteAll')}
      </button>
      {children}
    </nav>
  );
}

function ScreenKey() {
  const { call, state, follow } = useSession();
  const { screen } = state.value.local;
  const on = screen === 'on';
  // A phone's browser has no screen to give.
  if (!navigator.mediaDevices || !('getDisplayMedia' in navigator.mediaDevices)) return null;
  return (
    <button
      type="button"
      class="control"
      aria-pressed={on}
      aria-label={on ? undefined : t('trainer.shareFull')}
      aria-disabled={screen === 'starting'}
      onClick={() => screen === 'starting' || void follow(call.setScreen(!on))}
    >
      <Icon of={on ? ScreenShareOff : ScreenShare} />
      {t('trainer.share')}
    </button>
  );
}
