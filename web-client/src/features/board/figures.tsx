import type { ComponentChildren } from 'preact';
import { language } from '../../i18n';
import { number } from '../../i18n/format';
import { Mark, type MarkKind } from '../../ui/mark';
import { Num } from '../../ui/num';
import type { Live, Sums } from './model';
import { T, t } from './words';

/** A share in hundredths; nothing where there is nothing to share. */
export function share(part: number, whole: number): number | undefined {
  return whole > 0 ? (part / whole) * 100 : undefined;
}

/** `84 %`; a dash where there is nothing to measure. Rounded down: all of them is said only of all of them. */
export function Share({ part, whole, decimals = 0 }: { part: number; whole: number; decimals?: number }) {
  const value = share(part, whole);
  if (value === undefined) return <span class="ink-2">–</span>;
  const scale = 10 ** decimals;
  const text = number(Math.floor(value * scale) / scale, decimals);
  return <Num>{language.value === 'en' ? `${text}%` : `${text}\u00a0%`}</Num>;
}

/** What the committee sees first: six figures of all lessons that should be on air. */
export function FiguresStrip({ sums }: { sums: Live<Sums> }) {
  const { planned, onAir, late, notStarted, expected, present, heard, clear, weak } = sums.value;
  return (
    <dl class="figures board-figures" aria-label={t('figures.label')}>
      <Figure mark="live" word={t('figures.onAir')} value={<Num>{onAir}</Num>}>
        <T k="figures.of" v={{ count: <Num>{planned}</Num> }} />
      </Figure>
      <Figure mark="attention" word={t('figures.late')} value={<Num>{late}</Num>}>
        <T k="figures.lateNote" v={{ minutes: <Num>{10}</Num> }} />
      </Figure>
      <Figure mark="alarm" word={t('figures.notStarted')} value={<Num>{notStarted}</Num>}>
        <T k="figures.notStartedNote" v={{ minutes: <Num>{10}</Num> }} />
      </Figure>
      <Figure word={t('figures.present')} value={<Num>{present}</Num>}>
        <Share part={present} whole={expected} />
      </Figure>
      <Figure word={t('figures.clear')} value={<Share part={clear} whole={heard} decimals={1} />}>
        {t('figures.clearNote')}
      </Figure>
      <Figure word={t('figures.reduced')} value={<Num>{weak}</Num>}>
        <Share part={weak} whole={present} />
      </Figure>
    </dl>
  );
}

interface FigureProps {
  mark?: MarkKind;
  word: string;
  value: ComponentChildren;
  children: ComponentChildren;
}

function Figure({ mark, word, value, children }: FigureProps) {
  return (
    <div class="figure">
      <dt>
        {mark && <Mark kind={mark} />}
        <span>{word}</span>
      </dt>
      <dd>
        {value} <small>{children}</small>
      </dd>
    </div>
  );
}
