import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { longestGap, openBrowser, Person } from '../../harness/people.mjs';
import { Server } from '../../harness/server.mjs';
import { spell, until } from '../../harness/wait.mjs';

/** The longest a picture may stand still while the encoding changes. */
const FREEZE_MS_MAX = 500;
const PHONE = { width: 360, height: 640 };
const DESK = { width: 1600, height: 1000 };
/**
 * How many datagrams leave together on average while the full picture shows; sound and all else that goes alone counts.
 * These pictures are drawn and make one or two packets a frame. Browsers let a frame's packets differ by a byte, and only
 * the server's padding lets them leave together: that the picture is read shows that a browser plays it.
 */
const RUN_LENGTH_MIN = 1.1;
/** How long each size is looked at once its pictures have come. */
const LOOK_MS = 2_000;

let server;
const browsers = [];

before(async () => {
  server = await Server.start();
});

after(async () => {
  await Promise.allSettled(browsers.map((browser) => browser.close()));
  await server?.stop();
});

test('a trainee is sent the encoding that fits, and the picture does not stand still when it changes', async (t) => {
  const big = { width: 1280, height: 720, frames: 75 };
  browsers.push(await openBrowser({ camera: big }), await openBrowser());
  const trainer = await Person.arrive(browsers[0]);
  const trainee = await Person.arrive(browsers[1], { viewport: PHONE });
  await trainer.enter(server.demo.links.trainer);
  await trainer.teach();
  await trainee.enter(server.demo.links.trainee, 'Yanis');
  const watch = await trainee.watch('camera');
  const arrives = async (what, fits) => {
    const since = Date.now();
    await until(async () => (await watch.frames(since)).some(({ height }) => fits(height)), { within: 15_000, what });
    await spell(LOOK_MS);
  };
  // The three encodings come up one after another as the sender's estimate of its rate rises.
  await arrives('a small picture', (height) => height <= 360);
  const from = Date.now();
  await trainee.page.setViewportSize(DESK);
  await arrives('the full picture', (height) => height === 720);
  const sent = async () => [await server.counter('datagrams_sent'), await server.counter('runs_sent')];
  const before = await sent();
  await spell(LOOK_MS);
  const after = await sent();
  const runLength = (after[0] - before[0]) / (after[1] - before[1]);
  await trainee.page.setViewportSize(PHONE);
  await arrives('a small picture again', (height) => height <= 360);
  const frames = await watch.frames(from);
  const heights = [...new Set(frames.map(({ height }) => height))];
  t.diagnostic(`heights ${heights.join(', ')}; longest gap ${Math.round(longestGap(frames))} ms of ${frames.length} frames`);
  t.diagnostic(`${runLength.toFixed(2)} datagrams leave together`);
  assert.ok(runLength >= RUN_LENGTH_MIN, `only ${runLength} datagrams leave together`);
  assert.ok(longestGap(frames) < FREEZE_MS_MAX, `the picture stood still for ${longestGap(frames)} ms`);
  const unread = frames.filter(({ number }) => number === null).length;
  assert.ok(unread <= frames.length * 0.05, `${unread} of ${frames.length} pictures could not be read`);
});
