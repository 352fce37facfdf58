interface Props {
  /** Rows from top to bottom: `1` for each dark square. */
  rows: readonly string[];
  label: string;
}

/** A QR code, dark on white in every theme, with the margin that readers need. */
export function QrCode({ rows, label }: Props) {
  const side = rows.length + 8;
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={rows.map(lineOf).join('')} fill="#000" />
    </svg>
  );
}

/** One row as rectangles, one for each run of dark squares. */
export function lineOf(row: string, y: number): string {
  return [...row.matchAll(/1+/g)]
    .map((run) => `M${run.index + 4} ${y + 4}h${run[0].length}v1h-${run[0].length}z`)
    .join('');
}
