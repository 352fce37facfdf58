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
        const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
        for (const { id, nodes } of violations) faults.push(`${name}: ${id} at ${nodes.map(({ target }) => target).join(', ')}`);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wider > 0) faults.push(`${name}: ${wider} pixels wider than the screen`);
      });
      assert.deepEqual(faults, []);
    });
  }
});
