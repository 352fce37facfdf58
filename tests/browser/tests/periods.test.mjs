import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Classes } from '../harness/classes.mjs';
import { tabTo } from '../harness/keyboard.mjs';
import { School } from '../harness/school.mjs';
import { Server } from '../harness/server.mjs';

const DESK = { width: 1280, height: 800 };
const OF = '/api/institutions/{institution}';

describe('holidays and named days', () => {
  let server;
  let school;
  let office;
  before(async () => {
    server = await Server.start({ demo: false });
    school = await School.begin(server);
    const classes = await Classes.begin(school);
    // A Monday and the one after it.
    await school.call('POST', `${OF}/lessons`, {
      ...{ group: classes.group.id, trainer: classes.trainer.id, title: 'Le circuit de charge', minutes: 90 },
      starts: '2027-01-25T08:30',
      repeat: { rule: 'FREQ=WEEKLY;COUNT=2' },
    });
    office = await school.arrive('fr', DESK, { signedIn: true });
  });
  after(async () => {
    await school?.end();
    await server?.stop();
  });

  /** Fills in a period's form, by the keys of who is in front of it. */
  async function write(page, name, first, last) {
    await tabTo(page, 'dialog [name="name"]');
    await page.keyboard.type(name);
    // How a date is typed differs by browser.
    await page.locator('dialog [name="first_day"]').fill(first);
    await page.locator('dialog [name="last_day"]').fill(last);
    await tabTo(page, 'dialog [type="submit"]');
    await page.keyboard.press('Enter');
  }

  async function planned() {
    const { items } = await school.call('GET', `${OF}/lessons?from=2027-01-24&to=2027-02-02`);
    return items.map(({ starts, cancelled_at, cancel_reason }) => [starts, cancelled_at == null ? null : cancel_reason]);
  }

  test('are made by keyboard; lessons planned on them are shown, and called off only when somebody says so', async () => {
    const { page } = office;
    await page.goto(`${server.url}/admin`);
    await page.getByRole('link', { name: 'Congés et périodes' }).click();
    await page.getByText('Aucune période à venir').waitFor();
    await tabTo(page, '.page-acts .primary');
    await page.keyboard.press('Enter');
    await write(page, 'Vacances d’hiver', '2027-01-31', '2027-01-24');
    await page.getByRole('dialog').getByText('Le dernier jour vient avant le premier').waitFor();
    await page.locator('dialog [name="first_day"]').fill('2027-01-24');
    await page.locator('dialog [name="last_day"]').fill('2027-01-31');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('a toujours lieu').waitFor();
    await dialog.getByText('Lundi 25 janvier à 8 h 30').waitFor();
    assert.deepEqual(await planned(), [
      ['2027-01-25T08:30', null],
      ['2027-02-01T08:30', null],
    ]);
    await tabTo(page, 'dialog .danger');
    await page.keyboard.press('Enter');
    await dialog.getByText('1 séance est annulée').waitFor();
    assert.deepEqual(await planned(), [
      ['2027-01-25T08:30', 'Vacances d’hiver'],
      ['2027-02-01T08:30', null],
    ]);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Du 24 au 31 janvier 2027').waitFor();
    assert.deepEqual(office.complaints, []);
  });

  test('are renamed and made longer; those whose days only have a name stop nothing', async () => {
    const { page } = office;
    await page.goto(`${server.url}/admin/periods`);
    await page.getByRole('button', { name: 'Modifier Vacances d’hiver' }).click();
    await page.locator('dialog [name="name"]').fill('Semaine de projet');
    await page.locator('dialog [name="last_day"]').fill('2027-02-01');
    await page.locator('dialog [name="stops_lessons"]').uncheck();
    await page.locator('dialog [type="submit"]').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText(/Du 24 janvier au 1(er)? février 2027/).waitFor();
    await page.getByText('Séances maintenues').waitFor();
  });

  test('are edited by two: who saves second sees both versions; then they are removed', async () => {
    const { page } = office;
    await page.goto(`${server.url}/admin/periods`);
    await page.getByRole('button', { name: 'Modifier Semaine de projet' }).click();
    const { items } = await school.call('GET', `${OF}/periods`);
    const [{ id, version }] = items;
    await school.call('PATCH', `${OF}/periods/${id}`, { name: 'Semaine ouverte', stops_lessons: true }, { 'if-match': `"${version}"` });
    await page.locator('dialog [name="name"]').fill('Semaine des métiers');
    await page.locator('dialog [type="submit"]').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Semaine ouverte').waitFor();
    await dialog.getByText('Semaine des métiers').waitFor();
    await dialog.getByText('Pas de séances').waitFor();
    await dialog.getByText('Séances maintenues').waitFor();
    await dialog.getByRole('button', { name: 'Enregistrer ma version' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Supprimer Semaine des métiers' }).click();
    await dialog.getByRole('button', { name: 'Supprimer' }).click();
    await page.getByText('Aucune période à venir').waitFor();
    assert.deepEqual((await school.call('GET', `${OF}/periods`)).items, []);
    assert.deepEqual(office.complaints, []);
  });
});
