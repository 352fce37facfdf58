import { Info } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Icon } from '../../ui/icon';
import { Mark } from '../../ui/mark';
import { Num } from '../../ui/num';
import type { AtRisk, Figures } from './calls';
import { Bytes, Change } from './change';
import { bytesPerHour, hoursText, rateOf, valueText } from './measures';
import { T, t } from './words';

const KINDS = ['hours', 'attendance', 'punctual', 'speech', 'data', 'lessons', 'risk'] as const;
type Kind = (typeof KINDS)[number];

interface Props {
  now: Figures;
  before: Figures | null;
  /** Of an institution: who may be falling behind. */
  risk: AtRisk | undefined;
}

/** What all lessons of the period come to, each figure with its change and, on demand, how it is worked out. */
export function FigureStrip({ now, before, risk }: Props) {
  const id = useId();
  const [open, setOpen] = useState<Kind | null>(null);
  const asked = (kind: Kind) => ({
    ...{ kind, id, isOpen: open === kind },
    onAsk: () => setOpen(open === kind ? null : kind),
  });
  const perHour = bytesPerHour(now);
  return (
    <div class="report-head-figures">
      <dl class="figures report-figures">
        <Figure {...asked('hours')} value={<Num>{hoursText(now.given_us)}</Num>}>
          <span>
            <T k="figure.ofPlanned" v={{ planned: <Num>{hoursText(now.planned_us)}</Num> }} />
          </span>
          <Change kind="hours" before={before?.given_us} now={now.given_us} whole />
        </Figure>
        {(['attendance', 'punctual', 'speech'] as const).map((measure) => {
          const value = rateOf(measure, now);
          return (
            <Figure key={measure} {...asked(measure)} value={<Measured measure={measure} of={value} />}>
              {value !== null && (
                <span>
                  <Parts measure={measure} of={now} />
                </span>
              )}
              <Change kind={measure} before={before && rateOf(measure, before)} now={value} whole />
            </Figure>
          );
        })}
        <Figure {...asked('data')} value={<Bytes of={now.bytes} />}>
          {perHour !== null && (
            <span>
              <T k="figure.perHour" v={{ amount: <Bytes of={perHour} /> }} />
            </span>
          )}
          <Change kind="bytes" before={before?.bytes} now={now.bytes} whole />
        </Figure>
        {risk ? (
          <Figure {...asked('risk')} value={<Num>{risk.count}</Num>} mark={risk.count > 0}>
            {risk.count > 0 && <a href="#at-risk">{t('figure.riskList')}</a>}
            <Change kind="count" before={risk.before_count} now={risk.count} whole />
          </Figure>
        ) : (
          <Figure {...asked('lessons')} value={<Num>{now.given}</Num>}>
            <span>
              <T k="figure.ofLessons" v={{ count: now.planned }} />
            </span>
            <Change kind="count" before={before?.given} now={now.given} whole />
          </Figure>
        )}
      </dl>
      <p class="report-rule t-s" id={id} role="status">
        {open && <T k="figure.rule" v={{ figure: <b>{t(`figure.${open}`)}</b>, how: t(`how.${open}`) }} />}
      </p>
    </div>
  );
}

interface FigureProps {
  kind: Kind;
  id: string;
  isOpen: boolean;
  onAsk: () => void;
  value: ComponentChildren;
  mark?: boolean;
  children: ComponentChildren;
}

function Figure({ kind, id, isOpen, onAsk, value, mark, children }: FigureProps) {
  return (
    <div class="figure">
      <dt>
        {mark && <Mark kind="attention" />}
        <span>{t(`figure.${kind}`)}</span>
        <button
          type="button"
          class="icon-button report-how"
          aria-expanded={isOpen}
          aria-controls={id}
          aria-label={t('figure.how', { figure: t(`figure.${kind}`) })}
          onClick={onAsk}
        >
          <Icon of={Info} />
        </button>
      </dt>
      <dd data-figure={kind}>
        {value}
        <small>{children}</small>
      </dd>
    </div>
  );
}

function Measured({ measure, of }: { measure: 'attendance' | 'punctual' | 'speech'; of: number | null }) {
  return of === null ? <span class="ink-2">–</span> : <Num>{valueText(measure, of)}</Num>;
}

/** Of what a rate is made. */
function Parts({ measure, of }: { measure: 'attendance' | 'punctual' | 'speech'; of: Figures }) {
  if (measure === 'speech') return <>{t('figure.outOf')}</>;
  if (measure === 'attendance') {
    return (
      <T
        k="figure.hoursOf"
        v={{ of: <Num>{hoursText(of.expected_us)}</Num>, there: <Num>{hoursText(of.present_us)}</Num> }}
      />
    );
  }
  return <T k="figure.onTime" v={{ given: <Num>{of.given}</Num>, count: of.given - of.late }} />;
}
