import { X } from 'lucide';
import { Icon } from '../../ui/icon';
import { Num } from '../../ui/num';
import type { Figures } from './calls';
import { Bytes } from './change';
import { Key } from './chart';
import type { Ticked } from './charts';
import { hoursText, rateOf, valueText } from './measures';
import { t } from './words';

const RATES = ['attendance', 'punctual', 'speech'] as const;

/** Subjects that are ticked, side by side: a column each, in the order and with the look of their lines. */
export function Beside({ ticked, onDrop }: { ticked: readonly Ticked[]; onDrop: (id: string) => void }) {
  const row = (word: string, cell: (figures: Figures) => preact.ComponentChildren) => (
    <tr>
      <th scope="row">{word}</th>
      {ticked.map(({ id, report }) => (
        <td key={id} class="n">
          {cell(report.total)}
        </td>
      ))}
    </tr>
  );
  return (
    <section class="panel report-beside" aria-labelledby="beside">
      <header class="panel-head">
        <h2 id="beside">{t('beside.title')}</h2>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too */}
      <section class="table-frame" tabIndex={0} aria-label={t('beside.title')}>
        <table class="table">
          <caption class="visually-hidden">{t('beside.title')}</caption>
          <thead>
            <tr>
              <td />
              {ticked.map(({ id, name }, look) => (
                <th key={id} scope="col" class="n">
                  <span class="report-beside-name">
                    <Key look={look} />
                    <bdi>{name}</bdi>
                    <button
                      type="button"
                      class="icon-button"
                      aria-label={t('beside.drop', { name })}
                      onClick={() => onDrop(id)}
                    >
                      <Icon of={X} />
                    </button>
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {row(t('hours.given'), ({ given_us }) => (
              <Num>{hoursText(given_us)}</Num>
            ))}
            {row(t('hours.planned'), ({ planned_us }) => (
              <Num>{hoursText(planned_us)}</Num>
            ))}
            {RATES.map((measure) =>
              row(t(`measure.${measure}`), (figures) => {
                const value = rateOf(measure, figures);
                return value === null ? <span class="ink-2">–</span> : <Num>{valueText(measure, value)}</Num>;
              }),
            )}
            {row(t('figure.lessons'), ({ given }) => (
              <Num>{given}</Num>
            ))}
            {row(t('figure.data'), ({ bytes }) => (
              <Bytes of={bytes} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
