import './mosaic.css';
import { useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Num } from '../../ui/num';
import { outlines } from './cells';
import { type Layout, layout } from './layout';
import type { Live, Part } from './model';
import { t } from './words';

interface Props {
  label: string;
  tiles: readonly Live<Part>[];
  /** What a tile's name needs, in pixels. */
  tileMin: number;
  /** The tile that is open. */
  open: string | undefined;
  onOpen: (id: string) => void;
}

/** One tile for each region (or institution), one cell in it for each lesson. Arrow keys move, one tab stop. */
export function Mosaic({ label, tiles, tileMin, open, onOpen }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const [place, setPlace] = useState({ width: 0, height: 0 });
  const [stop, setStop] = useState<string>();
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const measure = () => setPlace({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // How many lessons there are changes all the time, what needs room does not: tiles keep their places.
  const [sizes, setSizes] = useState<readonly number[]>([]);
  const now = tiles.map((tile) => tile.peek().sums.planned);
  if (outgrown(sizes, now)) setSizes(now);
  const set = useMemo(() => layout(sizes, { ...place, tileMin }), [sizes, place, tileMin]);
  const ids = tiles.map((tile) => tile.peek().id);
  const current = [stop, open].find((id) => id !== undefined && ids.includes(id)) ?? ids[0];
  const hint = useId();
  return (
    <>
      <p id={hint} class="visually-hidden">
        {t('board.mosaicHint')}
      </p>
      <ul
        ref={list}
        class="mosaic"
        aria-label={label}
        aria-describedby={hint}
        style={{ gridTemplateColumns: `repeat(${set.columns}, minmax(0, 1fr))` }}
        onKeyDown={(event) => {
          const next = neighbour(event);
          if (!next) return;
          event.preventDefault();
          next.focus();
        }}
      >
        {place.width > 0 &&
          tiles.map((tile, at) => {
            const { id } = tile.peek();
            return (
              <li key={id} class={set.wide.has(at) ? 'is-wide' : undefined}>
                <Tile
                  tile={tile}
                  set={set}
                  perRow={set.perRow[set.wide.has(at) ? 1 : 0]}
                  isOpen={id === open}
                  isStop={id === current}
                  onFocus={() => setStop(id)}
                  onOpen={onOpen}
                />
              </li>
            );
          })}
      </ul>
    </>
  );
}

/** Whether tiles came or went, or one of them needs much more or less room than it has. */
function outgrown(before: readonly number[], now: readonly number[]): boolean {
  if (before.length !== now.length) return true;
  return now.some((count, at) => {
    const was = before[at] ?? 0;
    return count > was || count < was / 2 - 4;
  });
}

interface TileProps {
  tile: Live<Part>;
  set: Layout;
  perRow: number;
  isOpen: boolean;
  isStop: boolean;
  onFocus: () => void;
  onOpen: (id: string) => void;
}

/** Drawn again only when its own figures changed. */
function Tile({ tile, set, perRow, isOpen, isStop, onFocus, onOpen }: TileProps) {
  const { id, name, sums } = tile.value;
  const { onAir, late, notStarted } = sums;
  const drawn = useMemo(
    () => outlines({ onAir, late, notStarted }, perRow, set.pitch),
    [onAir, late, notStarted, perRow, set.pitch],
  );
  const [width, height] = [perRow * set.pitch, drawn.rows * set.pitch];
  return (
    <button
      type="button"
      class={isOpen ? 'tile is-on' : 'tile'}
      data-part={id}
      aria-current={isOpen || undefined}
      tabIndex={isStop ? 0 : -1}
      onFocus={onFocus}
      onClick={() => onOpen(id)}
    >
      <span class="tile-name">
        <bdi class={notStarted > 0 ? 'one-line strong' : 'one-line'}>{name}</bdi> <Num>{onAir}</Num>
      </span>
      <span class="visually-hidden"> {said(late, notStarted)}</span>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        <path class="cell-on-air" d={drawn.onAir} />
        <path class="cell-late" d={drawn.late} />
        <path class="cell-not-started" d={drawn.notStarted} />
      </svg>
    </button>
  );
}

function said(late: number, notStarted: number): string {
  const parts = [t('tile.onAir')];
  if (late > 0) parts.push(t('tile.late', { count: late }));
  if (notStarted > 0) parts.push(t('tile.notStarted', { count: notStarted }));
  return parts.join(t('tile.comma'));
}

type Box = Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom'>;

const STEPS: Record<string, (from: Box, to: Box) => boolean> = {
  ArrowLeft: (from, to) => to.right <= from.left + 1 && sameLine(from, to),
  ArrowRight: (from, to) => to.left >= from.right - 1 && sameLine(from, to),
  ArrowUp: (from, to) => to.bottom <= from.top + 1,
  ArrowDown: (from, to) => to.top >= from.bottom - 1,
};

function sameLine(from: Box, to: Box): boolean {
  return Math.abs(from.top - to.top) < 2;
}

/** The tile that an arrow key goes to: the nearest one on that side, whichever way the writing runs. */
function neighbour(event: KeyboardEvent): HTMLElement | undefined {
  const from = (event.target as HTMLElement).closest<HTMLElement>('.tile');
  const all = [...((event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.tile') ?? [])];
  if (event.key === 'Home') return all[0];
  if (event.key === 'End') return all.at(-1);
  const fits = STEPS[event.key];
  if (!from || !fits) return undefined;
  const here = from.getBoundingClientRect();
  const middle = (box: DOMRect) => [(box.left + box.right) / 2, (box.top + box.bottom) / 2] as const;
  const [x, y] = middle(here);
  const distance = (element: HTMLElement) => {
    const [toX, toY] = middle(element.getBoundingClientRect());
    // Up and down stay in their column as far as tiles of two columns let them.
    return Math.abs(toY - y) * (event.key === 'ArrowUp' || event.key === 'ArrowDown' ? 8 : 1) + Math.abs(toX - x);
  };
  return all
    .filter((each) => each !== from && fits(here, each.getBoundingClientRect()))
    .sort((one, other) => distance(one) - distance(other))[0];
}
