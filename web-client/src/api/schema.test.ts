import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { typesOf } from '../../scripts/api-types.mjs';

it('the types of the calls are made from the server’s description', () => {
  const description = JSON.parse(readFileSync('src/api/openapi.json', 'utf8'));
  const stored = readFileSync('src/api/schema.gen.ts', 'utf8');
  expect(stored === typesOf(description), 'src/api/schema.gen.ts is stale: run `make generate`').toBe(true);
});
