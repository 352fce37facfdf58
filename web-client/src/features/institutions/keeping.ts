import type { RetentionCard, RetentionChange } from '../../api/schema.gen';

/** Kinds of records, as the server names them. */
const KINDS = ['room', 'quality', 'attendance', 'alarms', 'applications', 'mail', 'deliveries', 'audit'] as const;
export type Kind = (typeof KINDS)[number];

/** How long one kind is kept, as the form has it; `minors` is null where that makes no difference. */
interface KeptKind {
  kind: Kind;
  days: string;
  minors: string | null;
  least: number;
  most: number;
}

export interface Kept {
  minors: boolean;
  kinds: readonly KeptKind[];
}

/** The kind that a word names; the first where it is none that this page knows. */
export function oneOfKinds(word: string): Kind {
  return KINDS.find((kind) => kind === word) ?? KINDS[0];
}

/** What the server says, as fields; kinds that this page does not know stay as they are. */
export function keptOf(card: RetentionCard): Kept {
  const kinds = card.kinds.flatMap(({ kind, days, minors_days, least, most }) => {
    const known = KINDS.find((each) => each === kind);
    return known
      ? [{ kind: known, days: `${days}`, minors: minors_days == null ? null : `${minors_days}`, least, most }]
      : [];
  });
  return { minors: card.minors, kinds };
}

/** Days as a number; what is none is 0, which is out of every kind's bounds. */
function daysOf(text: string): number {
  return /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
}

/** The fields, as the server takes them. */
export function changeOf({ minors, kinds }: Kept): RetentionChange {
  return {
    minors,
    kinds: kinds.map(({ kind, days, minors: ofMinors }) => ({
      kind,
      days: daysOf(days),
      minors_days: ofMinors === null ? null : daysOf(ofMinors),
    })),
  };
}
