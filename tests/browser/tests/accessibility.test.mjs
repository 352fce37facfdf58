import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { Server } from '../harness/server.mjs';
import { ClassAtWork, DESK, PHONE, tour } from '../harness/tour.mjs';

/** WCAG 2.2, levels A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Every screen, each language in one of the sizes. */
const TOURS = [
  ['ar', PHONE],
  ['fr', DESK],
];

/** How long colours may take to change; half-way between two of them a text has neither's contrast. */
const COLOURS_SETTLE_MS = 1_000;

/** In the page: waits until what changes gradually has changed. What moves for good is not waited for. */
function settled(withinMs) {
  const ends = document.getAnimations().map(({ finished }) => finished);
  return Promise.race([Promise.allSettled(ends).then(() => {}), new Promise((done) => setTimeout(done, withinMs))]);
}

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
        await page.evaluate(settled, COLOURS_SETTLE_MS);
        const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
        for (const { id, nodes } of violations) faults.push(`${name}: ${id} at ${nodes.map(({ target }) => target).join(', ')}`);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wider > 0) faults.push(`${name}: ${wider} pixels wider than the screen`);
      });
      assert.deepEqual(faults, []);
    });
  }
});
