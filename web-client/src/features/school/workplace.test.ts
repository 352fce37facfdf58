import { describe, expect, it } from 'vitest';
import type { InstitutionCard, Me } from '../../api/client';
import { AREAS, meAt, placesOf } from './areas';
import { at } from './workplace';

const home = {
  id: 'ministry-administrator',
  institution: 'ministry',
  reach: 'ministry',
  time_zone: 'Africa/Casablanca',
  roles: { administrator: true, committee: false, trainer: true, trainee: false },
} as unknown as Me;
const lyon = { id: 'lyon', name: 'Lycée', region: 'abroad', time_zone: 'Europe/Paris' } as InstitutionCard;
const here = at(home, lyon);
const given = (path: string) => {
  const area = AREAS.find((each) => each.path === path);
  return area && meAt(area, { home, here })?.institution;
};

describe('working in another institution', () => {
  it('is by its clock, as who oversees it and as no one else', () => {
    expect(here).toMatchObject({
      id: home.id,
      institution: 'lyon',
      institution_name: 'Lycée',
      time_zone: 'Europe/Paris',
    });
    expect(here.roles).toEqual({ administrator: true, committee: false, trainer: false, trainee: false });
    expect(here.reach).toBe('institution');
    expect(at(home, null)).toBe(home);
  });

  it('takes areas there, but not one’s own things nor the list of institutions', () => {
    expect(given('/week')).toBe('lyon');
    expect(given('/admin/keys')).toBe('lyon');
    expect(given('/today')).toBe('ministry');
    expect(given('/account')).toBe('ministry');
    expect(given('/admin/institutions')).toBe('ministry');
  });

  it('a committee sees no administration there, and finds its way back', () => {
    const observer = { ...home, roles: { ...home.roles, administrator: false, trainer: false, committee: true } };
    const places = placesOf({ home: observer, here: at(observer, lyon) }).map(({ path }) => path);
    expect(places).toContain('/admin');
    const keys = AREAS.find(({ path }) => path === '/admin/keys');
    expect(keys && meAt(keys, { home: observer, here: at(observer, lyon) })).toBeUndefined();
  });
});
