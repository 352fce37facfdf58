import type { ComponentChildren } from 'preact';
import { number } from '../../i18n/format';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import { bytesParts, hoursOf, hoursText, NOTABLE_POINTS, shown, signed, valueText } from './measures';
import type { Measure } from './query';
import { T, t } from './words';

/** An amount of data; in Arabic the unit is a word of the sentence. */
export function Bytes({ of, sign = '' }: { of: number; sign?: string }) {
  const { figure, unit } = bytesParts(of);
  return (
    <>
      <Num>{sign + figure}</Num>
      {'\u00a0'}
      {unit}
    </>
  );
}

type Kind = Measure | 'hours' | 'bytes' | 'count';

interface Props {
  kind: Kind;
  before: number | null | undefined;
  now: number | null;
  /** What it was before stands beside it. */
  whole?: boolean;
}

/** How much a figure went up or down since the period before, in words; a rate that fell by much is marked. */
export function Change({ kind, before, now, whole }: Props) {
  if (before === null || before === undefined || now === null) return null;
  const isRate = kind === 'attendance' || kind === 'punctual' || kind === 'speech';
  // Between what is read, so that who subtracts finds the same.
  const by = isRate ? shown(now) - shown(before) : now - before;
  const change = difference(kind, isRate, by);
  const isNotable = isRate && by <= -NOTABLE_POINTS;
  return (
    <span class={isNotable ? 'report-change state is-attention' : 'report-change'}>
      {isNotable && <Mark kind="attention" />}
      <span>
        {change === null ? (
          t('change.none')
        ) : whole ? (
          <T k="change.from" v={{ change, before: <Before kind={kind} of={before} /> }} />
        ) : (
          change
        )}
      </span>
    </span>
  );
}

/** With its sign; nothing where what is read is the same. */
function difference(kind: Kind, isRate: boolean, by: number): ComponentChildren {
  if (kind === 'bytes') {
    const { figure } = bytesParts(by);
    return Number(figure.replace(',', '.')) === 0 ? null : <Bytes of={by} sign={by < 0 ? '\u2212' : '+'} />;
  }
  if (kind === 'hours') {
    const hours = hoursOf(by);
    const text = signed(hours, Math.abs(hours) < 100 ? 1 : 0);
    return text && <Num>{`${text}\u00a0h`}</Num>;
  }
  const text = signed(by, isRate ? 1 : 0);
  if (!isRate) return text && <Num>{text}</Num>;
  return text && <T k={Math.abs(by) < 2 ? 'change.point' : 'change.points'} v={{ by: <Num>{text}</Num> }} />;
}

function Before({ kind, of }: { kind: Kind; of: number }) {
  if (kind === 'bytes') return <Bytes of={of} />;
  if (kind === 'hours') return <Num>{hoursText(of)}</Num>;
  if (kind === 'count') return <Num>{number(of)}</Num>;
  return <Num>{valueText(kind, of)}</Num>;
}
