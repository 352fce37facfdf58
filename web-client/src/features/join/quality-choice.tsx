import { useId } from 'preact/hooks';
import type { Quality } from '../../call';
import { T, t } from '../../i18n';
import { Size } from '../../ui/size';
import { BYTES_PER_HOUR } from './network';

const QUALITIES: readonly Quality[] = ['automatic', 'economy', 'voice_only'];

const KEYS = { automatic: 'quality.automatic', economy: 'quality.economy', voice_only: 'quality.voiceOnly' } as const;

interface Props {
  label: string;
  value: Quality;
  recommended: Quality | null;
  onChange: (quality: Quality) => void;
}

/** What to receive, each with what it costs in an hour. */
export function QualityChoice({ label, value, recommended, onChange }: Props) {
  const name = useId();
  return (
    <div class="choices" role="radiogroup" aria-label={label}>
      {QUALITIES.map((quality) => (
        <label key={quality} class={quality === value ? 'choice is-on' : 'choice'}>
          <input type="radio" name={name} checked={quality === value} onChange={() => onChange(quality)} />
          <span class="choice-what">
            <span class="name">{t(KEYS[quality])}</span>
            <span class="t-xs ink-2 hint">
              {quality === recommended ? t('quality.recommended') : t(`${KEYS[quality]}Hint`)}
            </span>
          </span>
          <span class="cost">
            <T
              k={quality === 'automatic' ? 'quality.upToPerHour' : 'quality.perHour'}
              v={{ size: <Size bytes={BYTES_PER_HOUR[quality]} /> }}
            />
          </span>
        </label>
      ))}
    </div>
  );
}
