import type { IconNode } from 'lucide';
import { h } from 'preact';

interface Props {
  of: IconNode;
  /** For what points along the line: arrows, doors, loudspeakers. */
  flip?: boolean;
  large?: boolean;
}

/** A drawing beside a word; the word says it to screen readers. */
export function Icon({ of, flip, large }: Props) {
  const names = ['icon', flip && 'icon-flip', large && 'icon-l'].filter(Boolean).join(' ');
  return (
    <svg class={names} viewBox="0 0 24 24" aria-hidden="true">
      {of.map(([tag, attributes]) => h(tag, attributes as Record<string, string>))}
    </svg>
  );
}
