import type { ComponentChildren } from 'preact';
import type { Pages } from './loaded';
import { ProblemNote } from './problem';
import { T, t } from './words';

/** How many rows a list has before its content is there. */
const BONES = [0, 1, 2, 3];

export interface Nothing {
  /** What will be here. */
  title: string;
  /** When, or how it gets here. */
  text?: ComponentChildren;
  /** The one thing to do about it. */
  act?: { word: string; run: () => void };
}

interface States<Item> {
  pages: Pages<Item>;
  empty: Nothing;
  /** What was searched for, and how to search for nothing. */
  search?: string;
  clear?: () => void;
  /** Set where filters other than the search are on. */
  filtered?: boolean;
}

interface ListProps<Item> extends States<Item> {
  label: string;
  row: (item: Item) => ComponentChildren;
  keyOf: (item: Item) => string;
}

/** Records one below the other: for what is read on a phone. */
export function DataList<Item>({ label, row, keyOf, ...states }: ListProps<Item>) {
  const { pages } = states;
  return (
    <ListFrame {...states} label={label} bones={<BoneRows />}>
      <ul class="rows" aria-label={label} aria-busy={pages.state === 'loading'}>
        {pages.items.map((item) => (
          <li key={keyOf(item)}>{row(item)}</li>
        ))}
      </ul>
    </ListFrame>
  );
}

export interface Column<Item> {
  word: string;
  cell: (item: Item) => ComponentChildren;
  /** Figures stand at the end. */
  figures?: boolean;
  /** Left out where the screen is narrow. */
  wideOnly?: boolean;
}

interface TableProps<Item> extends States<Item> {
  caption: string;
  columns: readonly Column<Item>[];
  keyOf: (item: Item) => string;
}

/** Records as a table; it scrolls in its own frame where it is too wide. */
export function DataTable<Item>({ caption, columns, keyOf, ...states }: TableProps<Item>) {
  const name = (column: Column<Item>) =>
    [column.figures && 'n', column.wideOnly && 'wide-only'].filter(Boolean).join(' ') || undefined;
  return (
    <ListFrame {...states} label={caption} bones={<BoneRows />}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too */}
      <section class="table-frame" tabIndex={0} aria-label={caption}>
        <table class="table">
          <caption class="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.word} scope="col" class={name(column)}>
                  {column.word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {states.pages.items.map((item) => (
              <tr key={keyOf(item)}>
                {columns.map((column) => (
                  <td key={column.word} class={name(column)}>
                    {column.cell(item)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </ListFrame>
  );
}

interface FrameProps<Item> extends States<Item> {
  label: string;
  bones: ComponentChildren;
  children: ComponentChildren;
}

/** The states of every list: bones, nothing yet, nothing found, failed (what came stays), and the next page. */
function ListFrame<Item>({ pages, empty, search, clear, filtered, label, bones, children }: FrameProps<Item>) {
  const nothing = pages.items.length === 0;
  return (
    <div class="list">
      <p class="visually-hidden" role="status">
        {pages.state === 'loading' ? t('list.loading') : ''}
      </p>
      {pages.state === 'failed' && pages.problem && (
        <ProblemNote problem={pages.problem} retry={nothing ? pages.again : pages.next} />
      )}
      {nothing && pages.state === 'loading' && (
        <div class="panel" aria-hidden="true">
          {bones}
        </div>
      )}
      {nothing && pages.state === 'here' && <NothingHere {...{ empty, search, clear, filtered, label }} />}
      {!nothing && <div class="panel">{children}</div>}
      {!nothing && pages.more && (
        <button
          type="button"
          class="button list-more"
          aria-disabled={pages.state === 'loading'}
          onClick={() => pages.state !== 'loading' && pages.next()}
        >
          {pages.state === 'loading' ? t('list.moreLoading') : t('list.more')}
        </button>
      )}
    </div>
  );
}

function NothingHere({ empty, search, clear, filtered }: Omit<FrameProps<unknown>, 'pages' | 'bones' | 'children'>) {
  if (search || filtered) {
    return (
      <div class="panel empty" role="status">
        <b>{search ? <T k="list.noResult" v={{ search: <bdi>{search}</bdi> }} /> : t('list.noFiltered')}</b>
        {clear && (
          <button type="button" class="button small" onClick={clear}>
            {search ? t('list.clear') : t('list.clearFilters')}
          </button>
        )}
      </div>
    );
  }
  return <EmptyPanel {...empty} />;
}

/** A place that has nothing in it yet: what will come, when, and one act. */
export function EmptyPanel({ title, text, act }: Nothing) {
  return (
    <div class="panel empty">
      <b>{title}</b>
      {text && <p>{text}</p>}
      {act && (
        <button type="button" class="button" onClick={act.run}>
          {act.word}
        </button>
      )}
    </div>
  );
}

/** Rows before their content is there; they don't move. */
export function BoneRows() {
  return (
    <div class="rows is-bones">
      {BONES.map((each) => (
        <div key={each} class="row">
          <span class="bone" />
          <span class="bone is-short" />
        </div>
      ))}
    </div>
  );
}
