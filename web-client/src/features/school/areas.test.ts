import { describe, expect, it } from 'vitest';
import { isPage, PAGES } from '../../pages';
import { AREAS, areaOf, PUBLIC_AREAS, restOf } from './areas';

describe('an area', () => {
  const areas = [{ path: '/admin' }, { path: '/admin/keys' }, { path: '/people' }];

  it('has its own address and all below it; the longest that fits wins', () => {
    expect(areaOf(areas, '/admin')).toEqual({ path: '/admin' });
    expect(areaOf(areas, '/admin/keys/1')).toEqual({ path: '/admin/keys' });
    expect(areaOf(areas, '/peoples')).toBeUndefined();
  });

  it('is given the address behind its path', () => {
    expect(restOf({ path: '/people' }, '/people/p/a%20b/')).toEqual(['p', 'a b']);
    expect(restOf({ path: '/people' }, '/people/%')).toEqual(['%']);
  });

  it('has an address that the server serves', () => {
    for (const { path } of [...AREAS, ...PUBLIC_AREAS]) expect([path, isPage(path)]).toEqual([path, true]);
    expect(isPage('/')).toBe(false);
    expect(isPage('/api/people')).toBe(false);
    expect(isPage(`/${PAGES[0]}/below`)).toBe(true);
  });
});
