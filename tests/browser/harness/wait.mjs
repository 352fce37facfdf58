/** How often a condition is looked at, in milliseconds. */
const LOOK_MS = 50;

/** Waits until `condition` gives something, and gives it back; fails after `within` milliseconds. */
export async function until(condition, { within = 10_000, what = 'a condition' } = {}) {
  const deadline = Date.now() + within;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > deadline) {
      throw new Error(`Waited ${within} ms in vain for ${typeof what === 'function' ? what() : what}`);
    }
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

/** Lets `ms` of the lesson go by, where a test measures over a span of time. */
export function spell(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
