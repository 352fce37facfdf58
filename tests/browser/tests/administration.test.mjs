import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { tabTo, type } from '../harness/keyboard.mjs';
import { ADMINISTRATOR, School } from '../harness/school.mjs';
import { Server } from '../harness/server.mjs';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };
const PASSWORD = 'trois moteurs à courant continu';

describe('the administration', () => {
  let server;
  let school;
  let alps;
  let office;
  before(async () => {
    server = await Server.start({ demo: false });
    school = await School.begin(server);
    alps = await school.call('POST', '/api/institutions', { name: 'Lycée des Alpes', time_zone: 'Europe/Paris' });
    await school.call('POST', '/api/institutions', { name: 'Institut des mines, Jerada' });
  });
  beforeEach(async () => {
    office = await school.arrive('fr', DESK, { signedIn: true });
  });
  afterEach(() => office.context.close());
  after(async () => {
    await school?.end();
    await server?.stop();
  });

  const dialog = () => office.page.getByRole('dialog');

  test('says how long records are kept, within bounds, and the log says who did', async () => {
    const { page } = office;
    await page.goto(`${server.url}/admin/institution`);
    await page.locator('[name="room"]').waitFor();
    await tabTo(page, '[name="room"]');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('10');
    await page.keyboard.press('Enter');
    await page.locator('[name="room"][aria-invalid="true"]:focus').waitFor();
    await page.getByText('Cette valeur est hors des limites').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('60');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('30');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Enregistré').waitFor();
    await page.reload();
    await page.locator('[name="room"]').waitFor();
    assert.equal(await page.locator('[name="room"]').inputValue(), '60');
    assert.equal(await page.locator('[name="room_minors"]').inputValue(), '30');
    await page.goto(`${server.url}/admin/audit`);
    await page.getByText('Durées de conservation modifiées').first().waitFor();
  });

  test('makes a region and an institution in it by keyboard, and its first administrator comes in by a link', async () => {
    const { page } = office;
    await page.goto(`${server.url}/admin`);
    await page.getByRole('link', { name: 'Régions' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Nouvelle région' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog [name="name"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await dialog().getByText('Ce champ est vide').waitFor();
    await page.keyboard.type('مراكش آسفي');
    await page.keyboard.press('Enter');
    await page.getByRole('listitem').filter({ hasText: 'مراكش آسفي' }).getByText('0 établissement').waitFor();

    await page.goto(`${server.url}/admin/institutions/new`);
    await page.locator('[name="reach"]').waitFor();
    await tabTo(page, '[name="name"]');
    await page.keyboard.type('Centre de formation hôtelière, Marrakech');
    await page.locator('[name="region"]').selectOption({ label: 'مراكش آسفي' });
    await tabTo(page, '[name="has_hours"]');
    await page.keyboard.press('Space');
    await page.locator('[name="opening_hours.0"]').fill('07:00');
    await tabTo(page, '[type="submit"]');
    await page.keyboard.press('Enter');
    await page.getByText('La fin vient avant le début').waitFor();
    await page.locator('[name="opening_hours.0"]:focus').fill('12:30');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Centre de formation hôtelière, Marrakech' }).waitFor();
    await page.getByText('Personne ne l’administre encore').waitFor();

    await page.getByRole('button', { name: 'Ajouter une personne' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog [name="name"]:focus').waitFor();
    await page.keyboard.type('حنان الزاوي');
    await page.keyboard.press('Enter');
    const link = await dialog().getByRole('textbox', { name: 'Lien' }).inputValue();
    await page.keyboard.press('Escape');
    await page.getByRole('listitem').filter({ hasText: 'حنان الزاوي' }).getByText('N’est pas encore venue').waitFor();

    const first = await school.arrive('fr', PHONE);
    await first.page.goto(link);
    await first.page.locator('[name="password"]').fill(PASSWORD);
    await first.page.keyboard.press('Enter');
    await first.page.locator('.bottom-nav').waitFor();
    await first.page.goto(`${server.url}/admin/institution`);
    await first.page.locator('[name="opening_hours.0"]').waitFor();
    assert.equal(await first.page.locator('[name="name"]').inputValue(), 'Centre de formation hôtelière, Marrakech');
    assert.equal(await first.page.locator('[name="opening_hours.0"]').inputValue(), '12:30');
    await first.page.goto(`${server.url}/admin/institutions`);
    await first.page.getByRole('heading', { name: /n’existe pas/ }).waitFor();
    assert.deepEqual([...first.complaints, ...office.complaints], []);
    await first.context.close();
  });

  test('goes to work in an institution: every page is there then, in this tab and until one goes home', async () => {
    const { page, context } = office;
    await page.goto(`${server.url}/admin/institutions`);
    await tabTo(page, '[type="search"]');
    await page.keyboard.type('LYCEE');
    await page.getByText('Institut des mines').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Y travailler : Lycée des Alpes' }).focus();
    await page.keyboard.press('Enter');
    const bar = page.getByRole('region', { name: 'Lieu de travail' });
    await bar.getByText('Lycée des Alpes').waitFor();
    await page.goto(`${server.url}/admin/venues`);
    await bar.getByText('Lycée des Alpes').waitFor();
    await page.getByText('Aucun lieu').waitFor();
    await page.getByRole('button', { name: 'Nouveau lieu' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog [name="name"]:focus').waitFor();
    await page.keyboard.type('Atelier 1');
    await tabTo(page, '[name="capacity"]');
    await page.keyboard.type('20000');
    await page.keyboard.press('Enter');
    await dialog().getByText('hors des limites').waitFor();
    await type(page, '24');
    await page.keyboard.press('Enter');
    await page.getByText('24 places').waitFor();
    assert.equal((await school.call('GET', `/api/institutions/${alps.id}/venues`)).items[0].name, 'Atelier 1');
    assert.deepEqual((await school.call('GET', '/api/institutions/{institution}/venues')).items, []);

    const tab = await context.newPage();
    await tab.goto(`${server.url}/admin/venues`);
    await tab.getByText('Aucun lieu').waitFor();
    assert.equal(await tab.getByRole('region', { name: 'Lieu de travail' }).count(), 0);
    await tab.close();

    await bar.getByRole('button', { name: 'Revenir à المعهد المتخصص' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.textContent === 'Établissements');
    assert.equal(await bar.count(), 0);
    await page.goto(`${server.url}/admin/venues`);
    await page.getByText('Aucun lieu').waitFor();
    assert.deepEqual(office.complaints, []);
  });

  test('changes a venue that somebody else changed too, and takes it out of use', async () => {
    const { page } = office;
    const { id } = await school.call('POST', '/api/institutions/{institution}/venues', { name: 'Salle 4', capacity: 30 });
    await page.goto(`${server.url}/admin/venues`);
    await page.getByRole('button', { name: 'Modifier Salle 4' }).click();
    await page.locator('[name="capacity"]').fill('28');
    await school.call('PATCH', `/api/institutions/{institution}/venues/${id}`, { capacity: 32 }, { 'if-match': '"1"' });
    await page.keyboard.press('Enter');
    await dialog().getByRole('cell', { name: '32' }).waitFor();
    await dialog().getByRole('button', { name: 'Enregistrer ma version' }).click();
    await page.getByText('28 places').waitFor();
    await page.getByRole('button', { name: 'Retirer Salle 4' }).focus();
    await page.keyboard.press('Enter');
    await tabTo(page, 'dialog [type="submit"]');
    await page.keyboard.press('Enter');
    await page.getByText('Aucun lieu').waitFor();
    assert.deepEqual(office.complaints, []);
  });

  test('changes the institution’s own settings; who saves second sees both versions', async () => {
    const { page } = office;
    await page.goto(`${server.url}/admin/institution`);
    await page.locator('[name="name"]').fill('معهد التكنولوجيا التطبيقية');
    const of = '/api/institutions/{institution}';
    const version = await page.evaluate(async (at) => (await fetch(at)).headers.get('etag'), of.replace('{institution}', school.me.institution));
    await school.call('PATCH', of, { name: 'معهد التكنولوجيا' }, { 'if-match': version });
    await page.getByRole('region', { name: 'Informations' }).getByRole('button', { name: 'Enregistrer' }).click();
    await dialog().getByText('معهد التكنولوجيا', { exact: true }).waitFor();
    await dialog().getByRole('button', { name: 'Enregistrer ma version' }).click();
    await page.getByRole('status').getByText('Enregistré').waitFor();
    assert.equal((await school.call('GET', of)).name, 'معهد التكنولوجيا التطبيقية');
    await page.getByRole('button', { name: 'Mon compte' }).click();
    await page.locator('.menu-who').getByText('معهد التكنولوجيا التطبيقية').waitFor();
    assert.deepEqual(office.complaints, []);
  });

  test('closes an institution and opens it again; what was chosen is forgotten at sign-out', async () => {
    const { page } = office;
    await page.goto(`${server.url}/admin/institutions`);
    await page.getByRole('link', { name: /Lycée des Alpes/ }).click();
    await page.getByRole('button', { name: 'Fermer l’établissement' }).click();
    await dialog().getByRole('button', { name: 'Fermer', exact: true }).last().click();
    await page.getByText('Personne ne s’y connecte').waitFor();
    await page.getByRole('link', { name: 'Tous les établissements' }).click();
    await page.getByRole('link', { name: /Institut des mines/ }).waitFor();
    assert.equal(await page.getByRole('link', { name: /Lycée des Alpes/ }).count(), 0);
    await page.getByRole('button', { name: 'Fermés' }).click();
    await page.getByRole('link', { name: /Lycée des Alpes/ }).click();
    await page.getByRole('button', { name: 'Rouvrir l’établissement' }).click();
    await dialog().getByRole('button', { name: 'Rouvrir', exact: true }).click();
    await page.getByRole('button', { name: 'Fermer l’établissement' }).waitFor();

    await page.getByRole('button', { name: 'Y travailler : Lycée des Alpes' }).click();
    const bar = page.getByRole('region', { name: 'Lieu de travail' });
    await bar.waitFor();
    await page.getByRole('button', { name: 'Mon compte' }).click();
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await page.locator('[name="sign_in"]').fill(ADMINISTRATOR.signIn);
    await page.locator('[name="password"]').fill(ADMINISTRATOR.password);
    await page.keyboard.press('Enter');
    await page.locator('[name="code"]').fill(school.recoveryCodes[0]);
    await page.keyboard.press('Enter');
    await page.locator('.account-button').waitFor();
    await page.reload();
    await page.locator('.account-button').waitFor();
    assert.equal(await bar.count(), 0);
    assert.deepEqual(office.complaints, []);
  });
});
