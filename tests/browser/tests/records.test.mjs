import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { tabTo } from '../harness/keyboard.mjs';
import { ADMINISTRATOR, School } from '../harness/school.mjs';
import { Server } from '../harness/server.mjs';

const DESK = { width: 1280, height: 800 };
const PROGRAM = 'https://scolarite.example.org/qism';
const HOOKS = '/api/institutions/{institution}/webhooks';

describe('what an institution records and tells', () => {
  let server;
  let school;
  let office;
  before(async () => {
    server = await Server.start({ demo: false });
    school = await School.begin(server);
    office = await school.arrive('fr', DESK, { signedIn: true });
  });
  after(async () => {
    await school?.end();
    await server?.stop();
  });

  test('another program is told of lessons: only at a public address, with a secret that is shown once', async () => {
    const { page } = office;
    await page.goto(`${server.url}/admin`);
    await page.getByRole('link', { name: 'Webhooks' }).click();
    await page.getByText('Aucun webhook').waitFor();
    await tabTo(page, '.page-acts .primary');
    await page.keyboard.press('Enter');
    await tabTo(page, 'dialog [name="url"]');
    await page.keyboard.type('http://127.0.0.1/inside');
    await page.keyboard.press('Enter');
    await page.getByText('Cette adresse ne peut pas être appelée').waitFor();
    await page.locator('dialog [name="url"]').fill(PROGRAM);
    await page.keyboard.press('Enter');
    const secret = page.getByRole('dialog').getByLabel('Secret de signature');
    assert.match(await secret.inputValue(), /^whsec_/);
    await page.getByRole('button', { name: 'C’est noté' }).click();
    await page.getByText(PROGRAM).waitFor();

    await page.getByRole('button', { name: `Modifier le webhook ${PROGRAM}` }).click();
    await page.getByRole('dialog').getByLabel('Mettre en pause').check();
    await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByText('en pause').waitFor();

    // Who saves second sees what the first one made of it.
    const hook = (await school.call('GET', HOOKS)).items[0].id;
    await page.getByRole('button', { name: `Modifier le webhook ${PROGRAM}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Une séance commence').uncheck();
    await school.call('PATCH', `${HOOKS}/${hook}`, { url: `${PROGRAM}/2` }, { 'if-match': '"2"' });
    await dialog.getByRole('button', { name: 'Enregistrer' }).click();
    await dialog.getByText(`${PROGRAM}/2`).waitFor();
    assert.equal((await school.call('GET', `${HOOKS}/${hook}`)).url, `${PROGRAM}/2`);
    await dialog.getByRole('button', { name: 'Enregistrer ma version' }).click();
    await dialog.waitFor({ state: 'detached' });
    const saved = await school.call('GET', `${HOOKS}/${hook}`);
    assert.deepEqual([saved.url, saved.events], [PROGRAM, ['lesson.ended', 'attendance.ready', 'alarm.raised']]);
    await page.getByRole('link', { name: `Envois à ${PROGRAM}` }).click();
    await page.getByText('Rien n’a encore été envoyé').waitFor();
    await page.getByRole('link', { name: 'Tous les webhooks' }).click();
    await page.getByRole('button', { name: `Supprimer le webhook ${PROGRAM}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Supprimer' }).click();
    await page.getByText('Aucun webhook').waitFor();
    assert.deepEqual(office.complaints, []);
  });

  test('the audit log says who did so', async () => {
    const { page } = office;
    await page.goto(`${server.url}/admin/audit`);
    const last = page.locator('.rows > li').first();
    await last.getByText('Webhook supprimé').waitFor();
    await last.getByText(`par ${ADMINISTRATOR.name}`).waitFor();
    await last.locator('summary').press('Enter');
    await last.getByText('Empreinte').waitFor();
    assert.match(await last.locator('dd').last().innerText(), /^[0-9a-f]{64}$/);
    assert.deepEqual(office.complaints, []);
  });
});
