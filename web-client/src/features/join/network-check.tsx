import { useEffect, useState } from 'preact/hooks';
import { T, t } from '../../i18n';
import { rate } from '../../i18n/format';
import { Mark, type MarkKind } from '../../ui/mark';
import { Num } from '../../ui/num';
import { Size } from '../../ui/size';
import { classify, measure, type NetworkClass, PROBE_BYTES } from './network';

type State = { kind: 'measuring' } | { kind: 'none' } | { kind: NetworkClass; bitsPerSecond: number };

const MARKS: Record<State['kind'], MarkKind> = {
  measuring: 'wait',
  none: 'alarm',
  good: 'live',
  medium: 'attention',
  weak: 'attention',
};

/** Above this a figure says nothing about a class any more; bit/s. */
const SHOWN_MAX = 20_000_000;

/** Measures once by itself, and again when asked. */
export function NetworkCheck({ onMeasured }: { onMeasured: (network: NetworkClass) => void }) {
  const [state, setState] = useState<State>({ kind: 'measuring' });
  const run = async () => {
    setState({ kind: 'measuring' });
    try {
      const bitsPerSecond = await measure();
      const kind = classify(bitsPerSecond);
      setState({ kind, bitsPerSecond });
      onMeasured(kind);
    } catch {
      setState({ kind: 'none' });
    }
  };
  // Once, when the check appears
  useEffect(() => {
    void run();
  }, []);
  return (
    <div class="check">
      <Mark kind={MARKS[state.kind]} />
      <p class="what" role="status">
        <b>{t(`network.${state.kind}`)}</b>
        <span class="t-s ink-2">{hint(state)}</span>
      </p>
      {state.kind !== 'measuring' && (
        <button type="button" class="button quiet small" aria-label={t('network.againFull')} onClick={() => void run()}>
          {t('network.again')}
        </button>
      )}
    </div>
  );
}

function hint(state: State) {
  if (state.kind === 'measuring') return <T k="network.measuringHint" v={{ size: <Size bytes={PROBE_BYTES} /> }} />;
  if (state.kind === 'none') return t('network.noneFor');
  const shown = rate(Math.min(state.bitsPerSecond, SHOWN_MAX));
  const prefix = state.bitsPerSecond > SHOWN_MAX ? '> ' : '';
  return <T k={`network.${state.kind}For`} v={{ rate: <Num>{prefix + shown}</Num> }} />;
}
