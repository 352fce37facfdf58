import type { Head } from './model';

/** What is open on the board: how far somebody went down from what they oversee. */
export interface Place {
  region?: string;
  institution?: string;
  lesson?: string;
}

/** What an address behind `/board` names: `[region, institution, lesson]`, as far as it goes. */
export function placeOf([region, institution, lesson]: readonly string[]): Place {
  return {
    ...(region && { region }),
    ...(region && institution && { institution }),
    ...(region && institution && lesson && { lesson }),
  };
}

/** The address of a place. */
export function pathOf({ region, institution, lesson }: Place): string {
  const parts = [region, institution, lesson];
  const end = parts.indexOf(undefined);
  return ['/board', ...parts.slice(0, end === -1 ? 3 : end).map((part) => encodeURIComponent(part ?? ''))].join('/');
}

/** How many levels below the country a board begins. */
const DEPTHS = { ministry: 0, region: 1, institution: 2 } as const;

/** A place as parts, those above the board's beginning filled in. */
function partsOf(place: Place, head: Head): string[] {
  const start = [head.region, head.institution].slice(0, DEPTHS[head.level]);
  const own = [place.region, place.institution, place.lesson];
  return own.map((part, at) => start[at] ?? part).filter((part): part is string => part !== undefined);
}

/** Whether anything below the board's beginning is open. */
export function isOpen(place: Place, head: Head): boolean {
  return partsOf(place, head).length > DEPTHS[head.level];
}

/** A place within what this board shows. */
export function within(place: Place, head: Head): Place {
  return placeOf(partsOf(place, head));
}

/** One level up; nowhere from where the board begins. */
export function above(place: Place, head: Head): Place | undefined {
  const parts = partsOf(place, head);
  const depth = DEPTHS[head.level];
  if (parts.length <= depth) return undefined;
  return parts.length - 1 <= depth ? {} : placeOf(parts.slice(0, -1));
}

/** What is open, by its own id. */
export function last({ region, institution, lesson }: Place): string | undefined {
  return lesson ?? institution ?? region;
}
