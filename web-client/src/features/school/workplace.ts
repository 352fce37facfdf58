import { signal } from '@preact/signals';
import { api, type InstitutionCard, type Me, problemOf } from '../../api/client';
import { keepWorkplace, keptWorkplace } from '../../memory';
import { isAbove } from '../institutions/institution';

/** The institution that somebody of a region or the ministry works in, in this tab, in place of their own. */
export const workplace = signal<InstitutionCard | null>(null);

/** Goes to work in an institution that theirs reaches; in their own they are at home. */
export function enter(who: Me, institution: InstitutionCard): void {
  const isOwn = institution.id === who.institution;
  workplace.value = isOwn ? null : institution;
  keepWorkplace(isOwn ? null : { person: who.id, institution: institution.id });
}

export function goHome(): void {
  workplace.value = null;
  keepWorkplace(null);
}

/** After a reload: back to where they worked, as it is now and if it still is for them. Throws `ApiProblem`. */
export async function returnToWork(who: Me): Promise<void> {
  const kept = keptWorkplace();
  if (!kept) return;
  if (kept.person !== who.id || !isAbove(who) || who.needs_second_factor) return goHome();
  try {
    enter(who, await api.get('/api/institutions/{institution}', { path: { institution: kept.institution } }));
  } catch (error) {
    const problem = problemOf(error);
    if (problem.code !== 'not_found' && problem.code !== 'forbidden') throw problem;
    goHome();
  }
}

/** Who somebody is where they work: what they oversee they oversee there too, and nothing else. */
export function at(who: Me, place: InstitutionCard | null): Me {
  if (!place) return who;
  const { id, name, region, time_zone } = place;
  const roles = { ...who.roles, trainer: false, trainee: false };
  // For regions and the country they speak at home only.
  return { ...who, roles, institution: id, institution_name: name, region, time_zone, reach: 'institution' };
}
