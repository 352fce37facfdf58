import { describe, expect, it } from 'vitest';
import type { InstitutionCard, Me } from '../../api/client';
import { isAbove, reaches } from './institution';

const who = (reach: string, role: 'administrator' | 'committee' | 'trainer') =>
  ({
    institution: 'own',
    region: 'north',
    reach,
    roles: { administrator: false, committee: false, [role]: true },
  }) as unknown as Me;
const at = (region: string, reach = 'institution', id = 'other') => ({ id, region, reach }) as InstitutionCard;

describe('what somebody reaches', () => {
  it('is their own institution, whatever they are there', () => {
    expect(reaches(who('institution', 'trainer'), at('north', 'institution', 'own'))).toBe(true);
    expect(reaches(who('institution', 'administrator'), at('north'))).toBe(false);
  });

  it('of a region is what lies in it and below it', () => {
    expect(reaches(who('region', 'administrator'), at('north'))).toBe(true);
    expect(reaches(who('region', 'committee'), at('north', 'region'))).toBe(true);
    expect(reaches(who('region', 'administrator'), at('north', 'ministry'))).toBe(false);
    expect(reaches(who('region', 'administrator'), at('south'))).toBe(false);
  });

  it('of the ministry is everything, for those who oversee', () => {
    expect(reaches(who('ministry', 'committee'), at('south', 'ministry'))).toBe(true);
    expect(reaches(who('ministry', 'trainer'), at('south'))).toBe(false);
    expect(isAbove(who('ministry', 'trainer'))).toBe(false);
  });
});
