import { api, type Me } from '../../api/client';
import { isAbove } from '../institutions/institution';
import type { Query } from './query';

/** What the ids of an address are called; what is not known has no name. */
export interface Names {
  region?: string | undefined;
  institution?: string | undefined;
  course?: string | undefined;
  group?: string | undefined;
  trainer?: string | undefined;
  /** The region that an institution is in. */
  regionId?: string | undefined;
}

/** Asks for the names of what an address speaks of. Whether somebody may see it, its report says. */
export async function namesOf(me: Me, query: Query, signal: AbortSignal): Promise<Names> {
  const above = isAbove(me);
  const institution = above ? query.institution : me.institution;
  const of = { path: { institution: institution ?? '' }, signal };
  const card = query.institution && above ? await named(api.get('/api/institutions/{institution}', of)) : undefined;
  const regionId = me.reach === 'region' ? me.region : (query.region ?? card?.region);
  const { course, group, trainer } = query;
  const call = '/api/institutions/{institution}' as const;
  const [regions, courseCard, groupCard, person] = await Promise.all([
    regionId && above ? named(api.get('/api/regions', { signal })) : undefined,
    course && institution
      ? named(api.get(`${call}/courses/{course}`, { path: { institution, course }, signal }))
      : undefined,
    group && institution
      ? named(api.get(`${call}/groups/{group}`, { path: { institution, group }, signal }))
      : undefined,
    trainer && institution && trainer !== me.id
      ? named(api.get(`${call}/people/{person}`, { path: { institution, person: trainer }, signal }))
      : undefined,
  ]);
  return {
    regionId,
    region: regions?.items.find(({ id }) => id === regionId)?.name,
    institution: card?.name ?? (institution === me.institution ? me.institution_name : undefined),
    course: courseCard?.course.title,
    group: groupCard?.name,
    trainer: trainer === me.id ? me.name : person?.name,
  };
}

/** An answer, or nothing where there is none: a name that is missing is no reason to show no figures. */
async function named<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch {
    return undefined;
  }
}
