import { AxeBuilder } from '@axe-core/playwright';

/** What every screen is held to: WCAG 2.2, A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** How long colours may take to change; half-way between two of them a text has neither's contrast. */
const COLOURS_SETTLE_MS = 1_000;

/** In the page: waits until what changes gradually has changed. What moves for good is not waited for. */
function settled(withinMs) {
  const ends = document.getAnimations().map(({ finished }) => finished);
  return Promise.race([Promise.allSettled(ends).then(() => {}), new Promise((done) => setTimeout(done, withinMs))]);
}

/** What is wrong with what a page shows now, each fault after the screen's name: what axe finds, and what is too wide. */
export async function faultsOf(page, name) {
  await page.evaluate(settled, COLOURS_SETTLE_MS);
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const faults = violations.map(({ id, nodes }) => `${name}: ${id} at ${nodes.map(({ target }) => target).join(', ')}`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wider > 0) faults.push(`${name}: ${wider} pixels wider than the screen`);
  return faults;
}
