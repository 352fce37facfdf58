import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Classes } from '../harness/classes.mjs';
import { tabTo } from '../harness/keyboard.mjs';
import { School } from '../harness/school.mjs';
import { Server } from '../harness/server.mjs';

const PHONE = { width: 360, height: 740 };

describe('the calendar feed of a trainee', () => {
  let server;
  let school;
  let seat;
  before(async () => {
    server = await Server.start({ demo: false });
    school = await School.begin(server);
    const classes = await Classes.begin(school);
    await school.call('POST', '/api/institutions/{institution}/lessons', {
      ...{ group: classes.group.id, trainer: classes.trainer.id, title: 'Le circuit de charge', minutes: 90 },
      starts: school.wallNow(),
    });
    seat = await classes.arrive(classes.trainee, 'fr', PHONE);
  });
  after(async () => {
    await school?.end();
    await server?.stop();
  });

  test('is made on the account page, replaced and removed; an older address opens nothing', async () => {
    const { page, complaints } = seat;
    const part = page.locator('section', { has: page.getByRole('heading', { name: 'Dans mon agenda' }) });
    const address = part.getByLabel('Adresse de l’agenda');
    const read = async (url) => await fetch(server.url + new URL(url).pathname);
    await page.goto(`${server.url}/account`);
    await part.getByRole('button', { name: 'Créer une adresse' }).focus();
    await page.keyboard.press('Enter');
    const first = await address.inputValue();
    assert.equal(await part.getByRole('link', { name: /Ajouter/ }).getAttribute('href'), first.replace(/^http:/, 'webcal:'));
    const feed = await read(first);
    assert.match(feed.headers.get('content-type'), /^text\/calendar/);
    assert.match(await feed.text(), /Le circuit de charge/);

    await part.getByRole('button', { name: 'Remplacer l’adresse' }).focus();
    await page.keyboard.press('Enter');
    await tabTo(page, 'dialog [type="submit"]');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const second = await address.inputValue();
    assert.deepEqual([(await read(first)).status, (await read(second)).status], [404, 200]);

    // It is shown once; Today knows of it too.
    await page.goto(`${server.url}/today`);
    await part.getByText('Une adresse est active').waitFor();
    assert.equal(await address.count(), 0);
    await part.getByRole('button', { name: 'Supprimer l’adresse' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Supprimer l’adresse' }).click();
    await part.getByRole('button', { name: 'Créer une adresse' }).waitFor();
    assert.equal((await read(second)).status, 404);
    assert.deepEqual(complaints, []);
  });
});
