import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { FirefoxPerson } from '../../harness/firefox.mjs';
import { CAN_MAKE_NETWORKS, Cable } from '../../harness/network.mjs';
import { openBrowser, Person, TONES } from '../../harness/people.mjs';
import { Server } from '../../harness/server.mjs';
import { until } from '../../harness/wait.mjs';

/** The tone of Firefox's fake microphone. */
const FIREFOX_HERTZ = 1_000;

describe('Firefox beside Chromium', { skip: CAN_MAKE_NETWORKS ? false : 'needs root, to make networks' }, () => {
  let cable, server;
  let people = [];

  before(async () => {
    cable = new Cable();
    server = await Server.start({ host: cable.address });
  });

  afterEach(async () => {
    await Promise.allSettled(people.map((person) => person.close()));
    people = [];
  });

  after(async () => {
    await server?.stop();
    cable?.remove();
  });

  const chromium = async (tone) => {
    const person = await Person.arrive(await openBrowser({ tone, url: server.url }));
    people.push(person);
    return person;
  };
  const firefox = async () => {
    const person = await FirefoxPerson.arrive(cable);
    people.push(person);
    return person;
  };

  test('a trainee in Firefox sees and hears a trainer in Chromium, and is heard when given the floor', async () => {
    const trainer = await chromium(TONES.trainer);
    await trainer.enter(server.demo.links.trainer);
    await trainer.openScreen(server.url);
    await trainer.teach({ screen: true });
    const trainee = await firefox();
    await trainee.enter(server.demo.links.trainee, 'Firefox');
    const [screen, camera] = [await trainee.watch('screen'), await trainee.watch('camera')];
    await screen.advances();
    await camera.advances();
    await trainee.hears(TONES.trainer);
    await trainer.listen(FIREFOX_HERTZ);
    await trainee.press('Raise hand');
    await trainer.press('Give the floor');
    await trainee.press('Muted');
    await trainee.has('You are heard');
    await trainer.hears(FIREFOX_HERTZ);
  });

  test('a trainer in Firefox is seen and heard in Chromium', async () => {
    const trainer = await firefox();
    await trainer.enter(server.demo.links.trainer);
    await trainer.teach();
    const trainee = await chromium(TONES.first);
    await trainee.enter(server.demo.links.trainee, 'Chromium');
    const camera = await trainee.watch('camera');
    await until(async () => (await camera.frames()).length > 30, { within: 20_000, what: '30 pictures of Firefox' });
    const { width, height } = (await camera.frames()).at(-1);
    assert.ok(width > 0 && height > 0);
    await trainee.listen(FIREFOX_HERTZ);
    await trainee.hears(FIREFOX_HERTZ);
  });
});
