import { useEffect, useId, useState } from 'preact/hooks';
import type { Day } from '../week/dates';
import { COMPARES, type Compare, isSpan, PERIODS, type Period, type Span } from './period';
import type { Query } from './query';
import { t } from './words';

interface Props {
  query: Query;
  /** The days that are shown now: where others are chosen, one begins with these. */
  days: Span;
  today: Day;
  onChange: (query: Query) => void;
}

/** Of when the figures are, and what they are held against. */
export function PeriodPicker({ query, days, today, onChange }: Props) {
  const id = useId();
  const [isOpen, setOpen] = useState(query.period === 'dates');
  useEffect(() => setOpen(query.period === 'dates'), [query.period]);
  const shown: Period = isOpen ? 'dates' : query.period;
  const choose = (period: Period) => {
    setOpen(period === 'dates');
    if (period === 'dates') return;
    const { from: _from, to: _to, ...rest } = query;
    onChange({ ...rest, period });
  };
  return (
    <div class="report-period">
      <div class="field">
        <label for={`${id}-period`}>{t('period.label')}</label>
        <select
          id={`${id}-period`}
          class="input"
          value={shown}
          onChange={(event) => choose(event.currentTarget.value as Period)}
        >
          {PERIODS.map((each) => (
            <option key={each} value={each} selected={each === shown}>
              {t(`period.${each}`)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-compare`}>{t('compare.label')}</label>
        <select
          id={`${id}-compare`}
          class="input"
          value={query.compare}
          onChange={(event) => onChange({ ...query, compare: event.currentTarget.value as Compare })}
        >
          {COMPARES.map((each) => (
            <option key={each} value={each} selected={each === query.compare}>
              {t(`compare.${each}`)}
            </option>
          ))}
        </select>
      </div>
      {isOpen && (
        <Dates days={days} today={today} onChoose={(span) => onChange({ ...query, ...span, period: 'dates' })} />
      )}
    </div>
  );
}

/** From one day to another; taken once both are days, in order and not too far apart. */
function Dates({ days, today, onChoose }: { days: Span; today: Day; onChoose: (span: Span) => void }) {
  const id = useId();
  const [from, setFrom] = useState(days.from);
  const [to, setTo] = useState(days.to);
  const isWrong = !isSpan(from, to);
  const input = (name: 'from' | 'to', value: Day, set: (day: Day) => void) => (
    <div class={isWrong ? 'field is-error' : 'field'}>
      <label for={`${id}-${name}`}>{t(`dates.${name}`)}</label>
      <input
        id={`${id}-${name}`}
        name={name}
        class="input"
        value={value}
        max={today}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-fault` : undefined}
        {...({ type: 'date' } as object)}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </div>
  );
  return (
    <form
      class="report-dates"
      aria-label={t('period.dates')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isWrong) onChoose({ from, to });
      }}
    >
      {input('from', from, setFrom)}
      {input('to', to, setTo)}
      <button type="submit" class="button" aria-disabled={isWrong}>
        {t('dates.show')}
      </button>
      <p class="report-dates-fault t-s" id={`${id}-fault`} role="status">
        {isWrong && t('dates.wrong')}
      </p>
    </form>
  );
}
