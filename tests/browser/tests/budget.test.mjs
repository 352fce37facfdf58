import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, Person, TONES } from '../harness/people.mjs';
import { freePort, Server } from '../harness/server.mjs';
import { Wire } from '../harness/wire.mjs';

/** What a trainee's join and lesson may transfer on an empty cache, before sound and without the font, in bytes. */
const JOIN_BYTES_MAX = 80_000;
/** The font, and signalling, which goes on as long as the lesson does. */
const NOT_COUNTED = /\.woff2|^GET \/ws/;

let server, wire;
const browsers = [];

before(async () => {
  server = await Server.start();
  wire = await Wire.before(server, await freePort());
  browsers.push(await openBrowser(), await openBrowser({ tone: TONES.first }));
  const trainer = await Person.arrive(browsers[0]);
  await trainer.enter(server.demo.links.trainer);
  await trainer.teach();
});

after(async () => {
  await Promise.allSettled(browsers.map((browser) => browser.close()));
  wire?.close();
  await server?.stop();
});

for (const locale of ['ar', 'fr']) {
  test(`a trainee's join and lesson in ${locale} cost at most ${JOIN_BYTES_MAX / 1_000} kB`, async (t) => {
    const trainee = await Person.arrive(browsers[1], { locale });
    const from = wire.answers.length;
    const link = new URL(server.demo.links.trainee);
    await trainee.enter(`${wire.url}${link.pathname}${link.hash}`, 'Leïla');
    await trainee.listen(TONES.trainer);
    await trainee.hears(TONES.trainer);
    const counted = wire.answers.slice(from).filter(({ request }) => !NOT_COUNTED.test(request));
    for (const { request, bytes } of counted) t.diagnostic(`${bytes} ${request.replace(/[0-9a-f-]{36}/g, '…')}`);
    const sum = counted.reduce((total, { bytes }) => total + bytes, 0);
    t.diagnostic(`${sum} bytes in all`);
    assert.ok(sum <= JOIN_BYTES_MAX, `${sum} bytes`);
    await trainee.context.close();
  });
}
