export type MarkKind = 'live' | 'plan' | 'wait' | 'ended' | 'attention' | 'alarm';

const SHAPES: Record<MarkKind, preact.JSX.Element> = {
  live: <path d="M6 .6 11.4 6 6 11.4.6 6Z" />,
  plan: <path d="M6 .9 11.1 6 6 11.1.9 6Z" />,
  wait: <circle cx="6" cy="6" r="5" />,
  ended: <path d="M1.5 6h9" />,
  attention: <path d="M6 1 11.4 11H.6Z" />,
  alarm: <rect x="1" y="1" width="10" height="10" />,
};

/** The shape of a state; a word stands beside it. */
export function Mark({ kind }: { kind: MarkKind }) {
  return (
    <svg class={`mark mark-${kind}`} viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[kind]}
    </svg>
  );
}

/** Bars of a voice; they move while it is heard. */
export function Voice({ speaking }: { speaking: boolean }) {
  return (
    <span class={speaking ? 'voice is-speaking' : 'voice'} aria-hidden="true">
      <i />
      <i />
      <i />
      <i />
    </span>
  );
}
