import { useEffect, useState } from 'preact/hooks';
import { levelMeter } from '../../call/devices';
import { t } from '../../i18n';

/** How the microphone hears; moves at most four times a second. */
const UPDATE_INTERVAL_MS = 250;

export function LevelMeter({ stream }: { stream: MediaStream }) {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    let shown = 0;
    return levelMeter(stream, (now) => {
      const at = performance.now();
      if (at - shown < UPDATE_INTERVAL_MS) return;
      shown = at;
      setLevel(now);
    });
  }, [stream]);
  return (
    <div class="level">
      <span class="t-s strong">{t('devices.level')}</span>
      <meter min={0} max={1} value={level} aria-label={t('devices.level')} />
      <span class="t-xs ink-2">{t('devices.speak')}</span>
    </div>
  );
}
