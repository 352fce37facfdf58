import { Maximize, Minimize } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { Icon } from '../../ui/icon';

/** Shows the stage alone; nothing where the browser cannot. */
export function FullScreenButton({ withWord = false }: { withWord?: boolean }) {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const update = () => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', update);
    return () => document.removeEventListener('fullscreenchange', update);
  }, []);
  if (!document.fullscreenEnabled) return null;
  const toggle = () => {
    if (document.fullscreenElement) return document.exitFullscreen();
    return document.getElementById('stage')?.requestFullscreen();
  };
  const word = full ? t('room.leaveFullScreen') : t('room.fullScreen');
  return (
    <button
      type="button"
      class={withWord ? 'control' : 'icon-button full'}
      aria-label={withWord ? undefined : word}
      onClick={() => void toggle()?.catch(() => undefined)}
    >
      <Icon of={full ? Minimize : Maximize} />
      {withWord && word}
    </button>
  );
}
