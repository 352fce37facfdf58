import './drill.css';
import type { ComponentChildren } from 'preact';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { Share } from './figures';
import { CLEAR_SHARE, type Live, type Part, type Sums } from './model';
import { T, t } from './words';

interface Props {
  caption: string;
  /** What the parts are: regions, or institutions. */
  word: string;
  parts: readonly Live<Part>[];
  open: string | undefined;
  href: (id: string) => string;
  /** All figures, where the table stands for the mosaic; else those that the panel beside it has room for. */
  whole?: boolean;
}

/** Regions or institutions with their figures: the mosaic's twin, and what the panel beside it shows of a region. */
export function PartsTable({ caption, word, parts, open, href, whole = false }: Props) {
  return (
    <table class={whole ? 'table board-table is-whole' : 'table board-table'}>
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{word}</th>
          <th scope="col" class="n">
            {t('table.onAir')}
          </th>
          {whole && <Head word={t('table.late')} />}
          {whole && <Head word={t('table.notStarted')} />}
          <th scope="col" class="n">
            {t('table.present')}
          </th>
          {whole && <Head word={t('table.reduced')} />}
          <th scope="col">{t('table.voice')}</th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => {
          const { id } = part.peek();
          return <PartRow key={id} part={part} isOpen={id === open} href={href(id)} whole={whole} />;
        })}
      </tbody>
    </table>
  );
}

/** Left out where the screen is narrow: the row's own page has it. */
function Head({ word }: { word: string }) {
  return (
    <th scope="col" class="n wide-only">
      {word}
    </th>
  );
}

/** Drawn again only when its own figures changed. */
function PartRow({ part, isOpen, href, whole }: { part: Live<Part>; isOpen: boolean; href: string; whole: boolean }) {
  const { id, name, sums } = part.value;
  return (
    <tr class={isOpen ? 'is-on' : undefined}>
      <th scope="row">
        <a href={href} data-part={id} aria-current={isOpen || undefined}>
          <span class={isOpen || sums.notStarted > 0 ? 'strong' : undefined}>
            <bdi>{name}</bdi>
          </span>
        </a>
      </th>
      <td class="n">
        <OnAir sums={sums} />
      </td>
      {whole && <Count of={sums.late} />}
      {whole && <Count of={sums.notStarted} />}
      <td class="n">
        <Share part={sums.present} whole={sums.expected} />
      </td>
      {whole && (
        <td class="n wide-only">
          <Share part={sums.weak} whole={sums.present} />
        </td>
      )}
      <td>
        <PartState sums={sums} />
      </td>
    </tr>
  );
}

function Count({ of }: { of: number }) {
  return <td class="n wide-only">{of > 0 ? <Num>{of}</Num> : <span class="ink-2">–</span>}</td>;
}

/** `6/7` where not all that should be on air are. */
function OnAir({ sums: { onAir, planned } }: { sums: Sums }) {
  if (onAir === planned) return <Num>{onAir}</Num>;
  return <Num>{`${onAir}/${planned}`}</Num>;
}

/** Of what needs a look, the worst. */
export function PartState({ sums }: { sums: Sums }) {
  if (sums.alarms > 0) return <State kind="alarm">{t('state.alarm')}</State>;
  if (sums.notStarted > 0) return <State kind="alarm">{t('state.notStarted')}</State>;
  if (sums.late > 0) return <State kind="attention">{t('state.late')}</State>;
  if (sums.heard > 0 && sums.clear / sums.heard < CLEAR_SHARE)
    return <State kind="attention">{t('state.rough')}</State>;
  if (sums.heard > 0) return <>{t('state.clear')}</>;
  return <span class="ink-2">–</span>;
}

export function State({ kind, children }: { kind: 'alarm' | 'attention'; children: ComponentChildren }) {
  return (
    <span class={`state t-xs is-${kind}`}>
      <Mark kind={kind} />
      <span>{children}</span>
    </span>
  );
}

/** `9 établissements · 49 séances` */
export function Counts({ institutions, lessons }: { institutions?: number; lessons: number }) {
  return (
    <>
      {institutions !== undefined && (
        <>
          <T k="count.institutions" v={{ count: institutions }} />
          {'\u00a0· '}
        </>
      )}
      <T k="count.lessons" v={{ count: lessons }} />
    </>
  );
}
