import { api } from '../../api/client';
import type { UnitCard } from '../../api/schema.gen';
import { useLoaded } from '../../ui/parts/loaded';

/** The programme that lessons of a group are of, or of a course where that is known; nothing until it has come. */
export function useUnits(institution: string, group: string, course: string | undefined): readonly UnitCard[] {
  const loaded = useLoaded(
    async (signal) => {
      if (!course && !group) return [];
      const path = { institution };
      const one = '/api/institutions/{institution}/groups/{group}' as const;
      const of = course ?? (await api.get(one, { path: { ...path, group }, signal })).course;
      const found = '/api/institutions/{institution}/courses/{course}' as const;
      return (await api.get(found, { path: { ...path, course: of }, signal })).units;
    },
    [institution, group, course],
  );
  return loaded.state === 'here' ? loaded.value : [];
}
