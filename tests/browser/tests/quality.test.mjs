import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CAN_MAKE_NETWORKS, Cable } from '../harness/network.mjs';
import { openBrowser, Person, TONES } from '../harness/people.mjs';
import { Server } from '../harness/server.mjs';
import { until } from '../harness/wait.mjs';

/** What the trainee's network loses of what comes in. */
const LOST_PERCENT = 15;
/** A minute of the clock has to end, and another one with it where the first was all but over. */
const MINUTES_MS = 150_000;

/** What the demo's administrator reads of the lesson. */
async function reader(server) {
  const { sign_in, password } = server.demo.accounts.administrator;
  const answer = await fetch(`${server.url}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({ sign_in, password }),
  });
  assert.ok(answer.ok, await answer.text());
  const cookie = answer.headers.getSetCookie().map((text) => text.split(';')[0]).join('; ');
  const get = async (path) => {
    const found = await fetch(server.url + path, { headers: { cookie } });
    assert.ok(found.ok, `${path}: ${found.status}`);
    return found.json();
  };
  const { institution } = await get('/api/me');
  return () => get(`/api/institutions/${institution}/lessons/${server.demo.lesson}/quality`);
}

describe('a network that loses packets', { skip: CAN_MAKE_NETWORKS ? false : 'needs root, to make networks' }, () => {
  let cable, server, browsers, trainee;

  before(async () => {
    cable = new Cable();
    server = await Server.start({ host: cable.address });
    const { url } = server;
    browsers = [await openBrowser({ url }), await openBrowser({ tone: TONES.first, cable, url })];
    const trainer = await Person.arrive(browsers[0]);
    trainee = await Person.arrive(browsers[1]);
    await trainer.enter(server.demo.links.trainer);
    await trainer.teach();
    await trainee.enter(server.demo.links.trainee, 'Yanis');
    await trainee.listen(TONES.trainer);
    await trainee.hears(TONES.trainer);
  });

  after(async () => {
    await Promise.allSettled(browsers?.map((browser) => browser.close()) ?? []);
    await server?.stop();
    cable?.remove();
  });

  test('shows in the minutes of the lesson: speech that was missing, and why', async (t) => {
    const quality = await reader(server);
    const udp = 'input iifname != "lo" meta l4proto udp numgen random mod 100';
    cable.inside('nft', `add rule inet cut ${udp} < ${LOST_PERCENT} drop`);
    const bad = await until(
      async () => {
        const { minutes } = await quality();
        return minutes.find(({ speech }) => speech?.measured === 'client' && speech.missing_percent > 1);
      },
      { within: MINUTES_MS, what: 'a minute in which speech was missing' },
    );
    t.diagnostic(JSON.stringify(bad));
    assert.ok(bad.speech.score < 90, 'what is missing costs points');
    assert.ok(bad.speech.lost_percent > LOST_PERCENT / 3, 'the loss is seen');
    assert.equal(bad.causes[0]?.code, 'downlink_loses');
    assert.ok(bad.trainer_uplink.lost_percent < 2, 'and it is not the trainer’s');
    const { participants } = await quality();
    const hers = participants.find(({ part }) => part === 'trainee');
    assert.equal(hers.cause.code, 'downlink_loses');
    assert.deepEqual(trainee.complaints, []);
  });

  test('and is told by nobody who does not want to', async () => {
    const quality = await reader(server);
    await trainee.page.locator('button.quality').click();
    const box = trainee.page.getByRole('checkbox', { name: trainee.words['quality.tell'] });
    assert.ok(await box.isChecked());
    await box.uncheck();
    const before = Date.now();
    const told = await until(
      async () => {
        const { minutes } = await quality();
        return minutes.find(({ minute, speech }) => minute / 1_000 > before && speech)?.speech;
      },
      { within: MINUTES_MS, what: 'a minute that began after that' },
    );
    assert.equal(told.measured, 'server');
    await trainee.page.reload();
    await trainee.inRoom();
    await trainee.page.locator('button.quality').click();
    assert.equal(await box.isChecked(), false, 'this device remembers');
  });
});
