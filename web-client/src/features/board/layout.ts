/** How the mosaic is set out: pixels throughout. */
export interface Layout {
  columns: number;
  /** From one lesson's cell to the next; the cell itself is 2 px smaller. */
  pitch: number;
  /** Cells in a row of a tile of one column, and of two. */
  perRow: readonly [number, number];
  /** The tiles that take two columns, by their place. */
  wide: ReadonlySet<number>;
}

export interface Place {
  width: number;
  height: number;
  /** What a tile's name needs. */
  tileMin: number;
}

/** Room beside the cells of a tile. */
const TILE_PADDING = 16;
/** The line with a tile's name, and the gaps around its cells. */
const NAME_HEIGHT = 27;
const GAP = 2;
const COLUMNS_MAX = 8;
/** Squares stay crisp: whole pixels only. */
const PITCHES = [14, 12, 11, 10, 9, 8, 7, 6] as const;
const SMALLEST = 6;
/** A tile with so many times the average takes two columns. */
const WIDE_FROM = 2;

/** The largest cells with which all lessons have room; with the smallest ones, where even they have not, it scrolls. */
export function layout(lessons: readonly number[], place: Place): Layout {
  const wide = wideTiles(lessons);
  const most = Math.max(1, Math.min(COLUMNS_MAX, Math.floor(place.width / place.tileMin)));
  let best: Layout | undefined;
  for (const pitch of PITCHES) {
    for (let columns = most; columns >= 1; columns -= 1) {
      const tried = shape(columns, pitch, wide, place.width);
      if (heightOf(tried, lessons) <= place.height) return tried;
      if (pitch === SMALLEST && columns === most) best = tried;
    }
  }
  return best ?? shape(most, SMALLEST, wide, place.width);
}

function wideTiles(lessons: readonly number[]): ReadonlySet<number> {
  const average = lessons.reduce((sum, each) => sum + each, 0) / Math.max(1, lessons.length);
  const found = lessons.flatMap((count, at) => (count > average * WIDE_FROM && count > 20 ? [at] : []));
  return new Set(found);
}

function shape(columns: number, pitch: number, found: ReadonlySet<number>, width: number): Layout {
  const wide = columns > 1 ? found : new Set<number>();
  const column = Math.floor((width - GAP * (columns - 1)) / columns);
  const cells = (room: number) => Math.max(1, Math.floor((room - TILE_PADDING) / pitch));
  return { columns, pitch, perRow: [cells(column), cells(2 * column + GAP)], wide };
}

/** Each row of the grid is as high as its highest tile. */
function heightOf({ columns, pitch, perRow, wide }: Layout, lessons: readonly number[]): number {
  const rows: { free: number; cells: number }[] = [];
  lessons.forEach((count, at) => {
    const span = wide.has(at) ? 2 : 1;
    // As the grid places them: in the first row that has room.
    let row = rows.find(({ free }) => free >= span);
    if (!row) {
      row = { free: columns, cells: 1 };
      rows.push(row);
    }
    row.free -= span;
    row.cells = Math.max(row.cells, Math.ceil(count / perRow[span === 1 ? 0 : 1]));
  });
  return rows.reduce((sum, { cells }) => sum + NAME_HEIGHT + cells * pitch + GAP, 0);
}
