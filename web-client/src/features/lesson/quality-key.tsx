import '../join/join.css';
import { ChevronLeft, Wifi } from 'lucide';
import { useId } from 'preact/hooks';
import type { Quality } from '../../call';
import { T, t } from '../../i18n';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icon';
import { Mark } from '../../ui/mark';
import { Size } from '../../ui/size';
import { QualityChoice } from '../join/quality-choice';
import { useSession } from './session';

const NAMES = { automatic: 'quality.everything', economy: 'quality.economy', voice_only: 'quality.voiceOnly' } as const;

/** What arrives, why, and what it has cost so far. */
export function QualityKey({ onOpen }: { onOpen: () => void }) {
  const { state, quality, stats } = useSession();
  const weak = state.value.reception.limitedBy === 'network';
  const size = <Size bytes={stats.value?.bytesReceived ?? 0} />;
  return (
    <button type="button" class={weak ? 'quality is-weak' : 'quality'} aria-haspopup="dialog" onClick={onOpen}>
      {weak ? <Mark kind="attention" /> : <Icon of={Wifi} />}
      <span class="quality-words">
        <b>{t(weak && quality.value === 'automatic' ? 'quality.limited' : NAMES[quality.value])}</b>
        <span>{used(quality.value, weak, size)}</span>
      </span>
      <Icon of={ChevronLeft} />
    </button>
  );
}

function used(quality: Quality, weak: boolean, size: preact.JSX.Element) {
  if (weak) return <T k="quality.limitedUsed" v={{ size }} />;
  return quality === 'automatic' ? <T k="quality.automaticUsed" v={{ size }} /> : <T k="quality.used" v={{ size }} />;
}

export function QualityDialog({ onClose }: { onClose: () => void }) {
  const { quality, chooseQuality, stats, tellsReception, chooseTellReception } = useSession();
  const id = useId();
  return (
    <Dialog kind="sheet" title={t('quality.title')} onClose={onClose}>
      <div class="quality-dialog">
        <QualityChoice label={t('quality.title')} value={quality.value} recommended={null} onChange={chooseQuality} />
        <p class="t-s ink-2">
          <T k="quality.used" v={{ size: <Size bytes={stats.value?.bytesReceived ?? 0} /> }} />
        </p>
        <div class="tell">
          <input
            id={id}
            type="checkbox"
            checked={tellsReception.value}
            aria-describedby={`${id}-hint`}
            onChange={(event) => chooseTellReception(event.currentTarget.checked)}
          />
          <label for={id}>{t('quality.tell')}</label>
          <span class="t-xs ink-2 hint" id={`${id}-hint`}>
            {t('quality.tellHint')}
          </span>
        </div>
      </div>
    </Dialog>
  );
}
