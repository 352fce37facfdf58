import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { faultsOf } from '../harness/accessible.mjs';
import { Server } from '../harness/server.mjs';
import { ClassAtWork, DESK, PHONE, tour } from '../harness/tour.mjs';

/** Every screen, each language in one of the sizes. */
const TOURS = [
  ['ar', PHONE],
  ['fr', DESK],
];

describe('every screen', () => {
  for (const [language, size] of TOURS) {
    test(`is accessible in ${language}, on a ${size.name}, and no wider than it`, async (t) => {
      const server = await Server.start();
      const room = await ClassAtWork.begin(server, language);
      t.after(async () => {
        await room.end();
        await server.stop();
      });
      const faults = [];
      await tour(room, size, async (name, page) => {
        faults.push(...(await faultsOf(page, name)));
      });
      assert.deepEqual(faults, []);
    });
  }
});
