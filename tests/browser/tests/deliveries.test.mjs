import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { Classes } from '../harness/classes.mjs';
import { tabTo } from '../harness/keyboard.mjs';
import { School } from '../harness/school.mjs';
import { freePort, Server } from '../harness/server.mjs';
import { until } from '../harness/wait.mjs';

const DESK = { width: 1280, height: 800 };

/** The school's software: it is in maintenance until it is `ready`. */
class Software {
  told = [];
  ready = false;

  async listen() {
    const port = await freePort();
    this.origin = `http://127.0.0.1:${port}`;
    this.server = createServer((request, response) => {
      this.told.push(request.headers['webhook-id']);
      response.writeHead(this.ready ? 204 : 503).end(this.ready ? undefined : 'maintenance');
    });
    await new Promise((done) => this.server.listen(port, '127.0.0.1', done));
  }
}

describe('what a webhook was told', () => {
  const software = new Software();
  let server;
  let school;
  let classes;
  before(async () => {
    await software.listen();
    server = await Server.start({ demo: false, config: `[webhooks]\nallow = ["${software.origin}"]\n` });
    school = await School.begin(server);
    classes = await Classes.begin(school);
  });
  after(async () => {
    await school?.end();
    await server?.stop();
    software.server?.close();
  });

  test('is listed with its answer, and is sent again by keyboard', async () => {
    const url = `${software.origin}/qism`;
    const hook = await school.call('POST', '/api/institutions/{institution}/webhooks', { url, events: ['lesson.started'] });
    const trainer = await classes.arrive(classes.trainer, 'fr', DESK);
    await trainer.page.goto(`${server.url}/today`);
    await trainer.page.getByRole('button', { name: 'Séance improvisée' }).click();
    await trainer.page.getByRole('dialog').getByLabel('Titre').fill('Questions avant l’examen');
    await trainer.page.keyboard.press('Enter');
    await trainer.page.waitForURL(/\/lesson\//);
    await trainer.page.getByRole('button', { name: 'Commencer la séance' }).click();
    await until(() => software.told.length > 0, { within: 20_000, what: () => 'the first delivery' });

    const { page, complaints } = await school.arrive('fr', DESK, { signedIn: true });
    const row = page.locator('.record');
    await until(async () => {
      await page.goto(`${server.url}/admin/webhooks/${hook.id}`);
      await row.getByText('Une séance commence').waitFor();
      return (await row.getByText('503', { exact: true }).count()) === 1;
    }, { within: 10_000, what: () => 'what the software answered' });
    await page.getByText(url).waitFor();
    await row.getByText('503 Service Unavailable: maintenance').waitFor();
    await row.getByText('prochain essai').waitFor();

    software.ready = true;
    await tabTo(page, '.record button');
    await page.keyboard.press('Enter');
    await page.getByText('Envoi demandé').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.matches('.record button')), true);
    await until(() => software.told.length > 1, { within: 20_000, what: () => 'the second delivery' });
    assert.equal(software.told[0], software.told[1]);
    await until(async () => {
      await page.reload();
      await row.getByText('Une séance commence').waitFor();
      return (await row.getByText('reçu').count()) === 1;
    }, { within: 10_000, what: () => 'the delivery to be noted' });
    assert.deepEqual(complaints, []);
  });
});
