import { useState } from 'preact/hooks';
import { language } from '../../i18n';
import { Mark } from '../../ui/mark';
import { Figures as FiguresIn, Num } from '../../ui/num';
import { SearchField } from '../../ui/parts/search-field';
import { plainText } from '../lessons/search';
import type { ReportRow } from './calls';
import { Bytes, Change } from './change';
import { hoursText, LOW_PERCENT, rateOf, sortedBy, valueText } from './measures';
import { addressOf, type By, COLUMNS, type ColumnName, into, type Query, WITH_MAX } from './query';
import { T, t } from './words';

/** How many rows are shown until all are asked for. */
const SHOWN = 25;

/** From how many rows on they can be searched. */
const SEARCHED_MIN = 12;

interface Props {
  rows: readonly ReportRow[];
  by: By;
  choices: readonly By[];
  query: Query;
  /** Whether the server has more rows than it gives out. */
  isCut: boolean;
  isBusy: boolean;
  onChange: (query: Query) => void;
  onOpen: (address: string) => void;
}

/** The regions, institutions, courses, groups or trainers: what each comes to, and the way into each. */
export function Subjects({ rows, by, choices, query, isCut, isBusy, onChange, onOpen }: Props) {
  const [search, setSearch] = useState('');
  const [isWhole, setWhole] = useState(false);
  const sort = query.sort ?? 'name';
  const wanted = plainText(search);
  // Who sees no names sees trainers under numbers, and no further.
  const said = rows.map((row, at) => ({ ...row, name: row.name ?? t('table.numbered', { number: at + 1 }) }));
  const found = sortedBy(said, sort, language.value).filter(({ name }) => plainText(name).includes(wanted));
  const seen = isWhole ? found : found.slice(0, SHOWN);
  return (
    <section class="panel report-subjects" aria-busy={isBusy} aria-labelledby="subjects">
      <header class="panel-head">
        <h2 id="subjects">{t(`by.${by}`)}</h2>
        {choices.length > 1 && (
          <fieldset class="segments" aria-label={t('by.label')}>
            {choices.map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={each === by}
                onClick={() => onChange({ ...query, by: each, with: [] })}
              >
                {t(`by.${each}`)}
              </button>
            ))}
          </fieldset>
        )}
      </header>
      <div class="report-tools-row">
        {rows.length >= SEARCHED_MIN && <SearchField value={search} label={t('table.search')} onSearch={setSearch} />}
        {rows.filter(({ id }) => id).length > 1 && <p class="t-s ink-2">{t('table.tick', { count: WITH_MAX })}</p>}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too */}
      <section class="table-frame" tabIndex={0} aria-label={t(`by.${by}`)}>
        <table class="table report-table">
          <caption class="visually-hidden">{t(`by.${by}`)}</caption>
          <thead>
            <tr>
              <td class="report-tick" />
              {COLUMNS.map((column) => (
                <Sorting
                  key={column}
                  column={column}
                  by={by}
                  sort={sort}
                  onSort={(next) => onChange({ ...query, sort: next })}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {seen.map((row) => (
              <Row key={row.id ?? row.name} of={row} by={by} query={query} onChange={onChange} onOpen={onOpen} />
            ))}
          </tbody>
        </table>
      </section>
      {found.length === 0 && (
        <div class="empty" role="status">
          {search ? (
            <b>
              <T k="table.noResult" v={{ search: <bdi>{search}</bdi> }} />
            </b>
          ) : (
            <b>{t('table.none')}</b>
          )}
        </div>
      )}
      {isCut && <p class="report-cut t-s ink-2">{t('table.cut')}</p>}
      {found.length > seen.length && (
        <div class="report-more">
          <button type="button" class="button quiet small" onClick={() => setWhole(true)}>
            <span>
              <T k="table.all" v={{ count: found.length }} />
            </span>
          </button>
        </div>
      )}
    </section>
  );
}

/** Where the screen is narrow, a row says its hours and its attendance; all else is on the row's own page. */
const COLUMN_CLASSES: Record<ColumnName, string | undefined> = {
  name: undefined,
  given: 'n is-given',
  attendance: 'n is-attendance',
  punctual: 'n wide-only',
  speech: 'n wide-only',
  data: 'n wide-only',
};

interface SortingProps {
  column: ColumnName;
  by: By;
  sort: string;
  onSort: (sort: string) => void;
}

/** A column's name, which orders the table: the lowest first, pressed again the highest. */
function Sorting({ column, by, sort, onSort }: SortingProps) {
  const isOn = sort.replace(/^-/, '') === column;
  const isDown = isOn && sort.startsWith('-');
  return (
    <th scope="col" class={COLUMN_CLASSES[column]} aria-sort={isOn ? (isDown ? 'descending' : 'ascending') : undefined}>
      <button type="button" class="report-sort" onClick={() => onSort(isOn && !isDown ? `-${column}` : column)}>
        {column === 'name' ? t(`one.${by}`) : t(`column.${column}`)}
        {isOn && <span aria-hidden="true"> {isDown ? '▾' : '▴'}</span>}
      </button>
    </th>
  );
}

interface RowProps {
  of: ReportRow & { name: string };
  by: By;
  query: Query;
  onChange: (query: Query) => void;
  onOpen: (address: string) => void;
}

function Row({ of: { id, name, within, figures, before }, by, query, onChange, onOpen }: RowProps) {
  const isTicked = !!id && query.with.includes(id);
  const address = id && addressOf(into(query, by, id));
  return (
    <tr
      class={[isTicked && 'is-on', address && 'is-link'].filter(Boolean).join(' ') || undefined}
      data-subject={id ?? undefined}
      onClick={(event) => {
        if (address && !(event.target as Element).closest('a, input, label')) onOpen(address);
      }}
    >
      <td class="report-tick">{id && <Tick id={id} name={name} query={query} onChange={onChange} />}</td>
      <th scope="row">
        {address ? (
          <a href={address}>
            <bdi>{name}</bdi>
          </a>
        ) : (
          <FiguresIn text={name} />
        )}
        {within && (
          <span class="report-within">
            <bdi>{within}</bdi>
          </span>
        )}
      </th>
      <td class="n is-given">
        <Barred value={rateOf('given', figures)}>
          <Num>{hoursText(figures.given_us)}</Num>
          <span class="ink-2">
            {' '}
            <T k="figure.ofPlanned" v={{ planned: <Num>{hoursText(figures.planned_us)}</Num> }} />
          </span>
        </Barred>
      </td>
      <td class="n is-attendance">
        <Barred value={rateOf('attendance', figures)} marked>
          <Measured measure="attendance" value={rateOf('attendance', figures)} />
        </Barred>
        {before && (
          <Change kind="attendance" before={rateOf('attendance', before)} now={rateOf('attendance', figures)} />
        )}
      </td>
      <td class="n wide-only">
        <Measured measure="punctual" value={rateOf('punctual', figures)} />
      </td>
      <td class="n wide-only">
        <Measured measure="speech" value={rateOf('speech', figures)} />
      </td>
      <td class="n wide-only">{figures.bytes > 0 ? <Bytes of={figures.bytes} /> : <span class="ink-2">–</span>}</td>
    </tr>
  );
}

/** Whether a subject stands beside others. */
function Tick({ id, name, query, onChange }: { id: string; name: string } & Pick<RowProps, 'query' | 'onChange'>) {
  const isTicked = query.with.includes(id);
  const isFull = !isTicked && query.with.length >= WITH_MAX;
  return (
    <label>
      <input
        type="checkbox"
        checked={isTicked}
        disabled={isFull}
        aria-label={t('table.compare', { name })}
        onChange={() => {
          const others = query.with.filter((each) => each !== id);
          onChange({ ...query, with: isTicked ? others : [...others, id] });
        }}
      />
    </label>
  );
}

function Measured({ measure, value }: { measure: 'attendance' | 'punctual' | 'speech'; value: number | null }) {
  return value === null ? <span class="ink-2">–</span> : <Num>{valueText(measure, value)}</Num>;
}

/** A figure with a bar below it; with a mark where it is low. */
function Barred({
  value,
  marked,
  children,
}: {
  value: number | null;
  marked?: boolean;
  children: preact.ComponentChildren;
}) {
  const isLow = marked && value !== null && value < LOW_PERCENT;
  return (
    <span class="report-barred">
      <span class={isLow ? 'state is-attention' : undefined}>
        {isLow && <Mark kind="attention" />}
        <span>{children}</span>
      </span>
      <span class={isLow ? 'bar is-attention' : 'bar'} aria-hidden="true">
        <i style={{ inlineSize: `${Math.min(100, value ?? 0)}%` }} />
      </span>
    </span>
  );
}
