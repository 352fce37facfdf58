import type { Stretch } from './presence';
import type { Spell } from './report';

/** What is there at all is seen, however short it was; in hundredths of the line. */
const LEAST = { present: 0.15, away: 0.6, dropped: 0.6 };

/** The hatching of what was away; each page has it once, for all its lines. */
export function Hatching() {
  return (
    <svg class="hatching" aria-hidden="true">
      <defs>
        <pattern id="away" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0v6" />
        </pattern>
      </defs>
    </svg>
  );
}

/** Somebody's presence over a lesson. It runs with the writing; the values beside it say it to screen readers. */
export function PresenceLine({ spells, axis }: { spells: readonly Spell[]; axis: Stretch }) {
  return (
    <svg class="presence" aria-hidden="true">
      <line class="is-absent" x1="0" x2="100%" y1="9" y2="9" />
      {inDrawingOrder(spells).map(({ kind, from, to }) => {
        const start = place(from, axis);
        const [y, height] = kind === 'dropped' ? [7, 4] : [2, 14];
        const least = LEAST[kind as keyof typeof LEAST] ?? 0;
        const width = Math.max(least, place(to, axis) - start);
        return <rect key={from} class={`is-${kind}`} x={`${start}%`} y={y} width={`${width}%`} height={height} />;
      })}
    </svg>
  );
}

/** Who was there first: what interrupted it is drawn over it. */
function inDrawingOrder(spells: readonly Spell[]): Spell[] {
  return [...spells].sort((a, b) => Number(b.kind === 'present') - Number(a.kind === 'present'));
}

/** Where an instant is on the axis, in hundredths of it. */
export function place(at: number, axis: Stretch): number {
  const part = (at - axis.from) / Math.max(1, axis.to - axis.from);
  return Math.round(Math.max(0, Math.min(1, part)) * 100_000) / 1000;
}

/** The key of the lines. */
export function LineKey({ words }: { words: { present: string; away: string; dropped: string } }) {
  return (
    <ul class="line-key">
      {(['present', 'away', 'dropped'] as const).map((kind) => (
        <li key={kind}>
          <svg class="presence" viewBox="0 0 28 18" aria-hidden="true">
            <rect
              class={`is-${kind}`}
              x={kind === 'away' ? 0.5 : 0}
              y={kind === 'dropped' ? 7 : 3}
              width={kind === 'away' ? 27 : 28}
              height={kind === 'dropped' ? 4 : 12}
            />
          </svg>
          {words[kind]}
        </li>
      ))}
    </ul>
  );
}
