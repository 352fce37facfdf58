import { Volume2 } from 'lucide';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { Icon } from '../../ui/icon';
import { Mark, type MarkKind } from '../../ui/mark';
import { playTone } from './tone';

type Heard = 'unknown' | 'playing' | 'asked' | 'heard' | 'unheard';

const MARKS: Record<Heard, MarkKind> = {
  unknown: 'plan',
  playing: 'wait',
  asked: 'wait',
  heard: 'live',
  unheard: 'alarm',
};

/** Plays a signal and asks whether it was heard: no browser knows. */
export function SoundCheck({ speaker }: { speaker?: string }) {
  const [heard, setHeard] = useState<Heard>('unknown');
  const play = async () => {
    setHeard('playing');
    await playTone(speaker).catch(() => undefined);
    setHeard('asked');
  };
  const words: Record<Heard, [string, string]> = {
    unknown: [t('sound.title'), t('sound.explain')],
    playing: [t('sound.title'), t('sound.playing')],
    asked: [t('sound.ask'), t('sound.explain')],
    heard: [t('sound.heard'), t('sound.heardWhere')],
    unheard: [t('sound.unheard'), t('sound.unheardHelp')],
  };
  const [title, hint] = words[heard];
  return (
    <div class="check">
      <Mark kind={MARKS[heard]} />
      <p class="what" role="status">
        <b>{title}</b>
        {heard !== 'asked' && <span class="t-s ink-2">{hint}</span>}
      </p>
      {heard === 'asked' ? (
        <span class="answers">
          <button type="button" class="button small" onClick={() => setHeard('heard')}>
            {t('sound.yes')}
          </button>
          <button type="button" class="button quiet small" onClick={() => setHeard('unheard')}>
            {t('sound.no')}
          </button>
        </span>
      ) : (
        <button type="button" class="button quiet small" disabled={heard === 'playing'} onClick={() => void play()}>
          <Icon of={Volume2} flip />
          {heard === 'unknown' || heard === 'playing' ? t('sound.play') : t('sound.again')}
        </button>
      )}
    </div>
  );
}
