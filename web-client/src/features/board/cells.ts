/** How many lessons of a tile are in each state; drawn in this order. */
export interface Cells {
  onAir: number;
  late: number;
  notStarted: number;
}

/** The outlines of a tile's cells, one SVG path for each state; coordinates in pixels, rows from the start of the line. */
export interface Outlines {
  onAir: string;
  late: string;
  notStarted: string;
  rows: number;
}

/** More cells than this are not drawn in one tile: the figure beside its name says how many there are. */
export const CELLS_MAX = 4_000;

/** Draws one cell for each lesson: a square on air, a triangle late, a hollow square not started. */
export function outlines({ onAir, late, notStarted }: Cells, perRow: number, pitch: number): Outlines {
  const [a, b, c] = [Math.min(onAir, CELLS_MAX), late, notStarted];
  const total = Math.min(a + b + c, CELLS_MAX);
  const draw = (from: number, to: number, one: (x: number, y: number) => string) => {
    let path = '';
    for (let at = from; at < Math.min(to, total); at += 1) {
      path += one((at % perRow) * pitch, Math.floor(at / perRow) * pitch);
    }
    return path;
  };
  const side = pitch - 2;
  return {
    onAir: draw(0, a, (x, y) => `M${x + 1} ${y + 1}h${side}v${side}h-${side}z`),
    late: draw(a, a + b, (x, y) => `M${x + pitch / 2} ${y}l${pitch / 2} ${pitch - 0.5}h-${pitch}z`),
    notStarted: draw(a + b, a + b + c, (x, y) => hollow(x, y, pitch)),
    rows: Math.max(1, Math.ceil(total / perRow)),
  };
}

/** A square with a hole: its inner outline runs the other way round. */
function hollow(x: number, y: number, pitch: number): string {
  const [outer, inner] = [pitch - 0.5, pitch - 4.5];
  return `M${x + 0.25} ${y + 0.25}h${outer}v${outer}h-${outer}zm2 2v${inner}h${inner}v-${inner}z`;
}
