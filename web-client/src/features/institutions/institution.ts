import type { InstitutionCard, Me } from '../../api/client';

export const KINDS = ['public', 'private', 'partner'] as const;
export type Kind = (typeof KINDS)[number];

/** From the narrowest to the widest. */
export const REACHES = ['institution', 'region', 'ministry'] as const;
export type Reach = (typeof REACHES)[number];

/** What the server says as one of the words that are known here; the first where it says another. */
export function oneOf<Word extends string>(words: readonly [Word, ...Word[]], said: string): Word {
  return words.find((word) => word === said) ?? words[0];
}

/** Whether somebody sees more than their own institution. */
export function isAbove({ reach, roles }: Me): boolean {
  return reach !== 'institution' && (roles.administrator || roles.committee);
}

/** Whether somebody administers the whole country. */
export function isMinistry({ reach, roles }: Me): boolean {
  return reach === 'ministry' && roles.administrator;
}

/** Whether an institution is somebody's own, or one that theirs reaches; nobody reaches up. */
export function reaches(who: Me, institution: InstitutionCard): boolean {
  if (institution.id === who.institution) return true;
  if (!isAbove(who) || rank(institution.reach) > rank(who.reach)) return false;
  return who.reach === 'ministry' || institution.region === who.region;
}

function rank(reach: string): number {
  return REACHES.indexOf(reach as Reach);
}
