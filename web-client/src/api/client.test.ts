import { describe, expect, it } from 'vitest';
import { address, newKey } from './client';
import { refusal } from './problem';

describe('the address of a call', () => {
  it('has its parameters filled in, and none of them leads elsewhere', () => {
    const path = '/api/institutions/{institution}/people/{person}';
    expect(address(path, { institution: 'a', person: '../b?c' })).toBe('/api/institutions/a/people/..%2Fb%3Fc');
  });

  it('leaves out what is not asked', () => {
    expect(address('/api/x', {}, { search: 'كهرباء', after: undefined, kind: ['a', 'b'], none: null })).toBe(
      `/api/x?search=${encodeURIComponent('كهرباء')}&kind=a&kind=b`,
    );
    expect(address('/api/x', {}, { after: undefined })).toBe('/api/x');
  });
});

describe('a refusal', () => {
  it('carries what the server says of it', () => {
    const fields = [{ field: 'name', code: 'empty', detail: 'say a name' }];
    const text = JSON.stringify({ code: 'fields_invalid', detail: 'look', fields });
    expect(refusal(422, text, null)).toMatchObject({ code: 'fields_invalid', status: 422, detail: 'look', fields });
    expect(refusal(412, JSON.stringify({ code: 'stale', current: { id: 1 } }), null).current).toEqual({ id: 1 });
    expect(refusal(429, JSON.stringify({ code: 'rate_limited' }), '90').retryAfter).toBe(90);
  });

  it('of something between us and the server is no fault of it', () => {
    expect(refusal(502, '<h1>Bad gateway</h1>', null).code).toBe('unreachable');
    expect(refusal(500, 'oops', null).code).toBe('internal');
  });
});

it('each act has a key of its own', () => {
  expect(newKey()).toMatch(/^[0-9a-f]{32}$/);
  expect(newKey()).not.toBe(newKey());
});
