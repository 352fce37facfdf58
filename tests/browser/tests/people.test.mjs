import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Classes, PASSWORD } from '../harness/classes.mjs';
import { tabTo, type } from '../harness/keyboard.mjs';
import { School } from '../harness/school.mjs';
import { Server } from '../harness/server.mjs';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };
const PEOPLE = '/api/institutions/{institution}/people';
const NOBODY = { trainer: false, trainee: false, committee: false, administrator: false };

describe('people', () => {
  let server;
  let school;
  let classes;
  let office;
  before(async () => {
    server = await Server.start({ demo: false });
    school = await School.begin(server);
    classes = await Classes.begin(school);
    office = await school.arrive('fr', DESK, { signedIn: true });
  });
  after(async () => {
    await school?.end();
    await server?.stop();
  });

  const make = (name, more) => school.call('POST', PEOPLE, { name, roles: { ...NOBODY, trainee: true }, ...more });

  async function find(name) {
    const { page } = office;
    await page.goto(`${server.url}/people`);
    await tabTo(page, '[type="search"]');
    await type(page, name);
    await page.getByRole('link', { name: new RegExp(name) }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name, level: 1 }).waitFor();
  }

  async function press(page, name) {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  }

  test('get an account and a link, by keyboard, and sign in by it', async () => {
    const { page } = office;
    await page.goto(`${server.url}/people`);
    await page.getByRole('link', { name: 'Nouvelle personne' }).focus();
    await page.keyboard.press('Enter');
    await tabTo(page, '[type="submit"]');
    await page.keyboard.press('Enter');
    await page.getByText('Ce champ est vide').first().waitFor();
    await page.locator('[name="name"]').focus();
    await type(page, 'كريم التازي');
    await page.getByLabel('Stagiaire').focus();
    await page.keyboard.press('Space');
    await tabTo(page, '[name="external_id"]');
    await page.keyboard.type('M-2207');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'كريم التازي' }).waitFor();
    await page.getByText('M-2207').waitFor();
    await press(page, 'Inviter');
    await tabTo(page, 'dialog [type="submit"]');
    await page.keyboard.press('Enter');
    const link = await page.getByRole('dialog').getByLabel('Lien').inputValue();
    await press(page, 'Terminé');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.ok(!(await page.content()).includes(link));

    const seat = await school.arrive('ar', PHONE);
    await seat.page.goto(link);
    await seat.page.locator('[name="password"]').fill(PASSWORD);
    await seat.page.keyboard.press('Enter');
    await seat.page.locator('.bottom-nav').waitFor();
    await seat.page.goto(`${server.url}/people`);
    await seat.page.getByRole('heading', { name: 'هذه الصفحة غير موجودة أو غير متاحة لك' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Nouveau mot de passe' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Inviter' }).count(), 0);
    assert.deepEqual([...office.complaints, ...seat.complaints], []);
    await seat.context.close();
  });

  test('are found however they are written, by role and by state', async () => {
    const { page } = office;
    const idle = await make('Hélène Aït Ali');
    await school.call('POST', `${PEOPLE}/${idle.id}/disable`);
    await page.goto(`${server.url}/people`);
    await page.getByRole('link', { name: /Fatima-Zahra El Idrissi/ }).waitFor();
    await page.getByLabel('Rôle').selectOption('trainee');
    await page.getByRole('link', { name: /Fatima-Zahra El Idrissi/ }).waitFor({ state: 'detached' });
    await page.getByLabel('État du compte').selectOption('disabled');
    await page.getByRole('link', { name: /Hélène Aït Ali.*Compte désactivé/s }).waitFor();
    await page.locator('[type="search"]').fill('ait helene');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /Hélène/ }).waitFor();
    await page.getByLabel('État du compte').selectOption('');
    await page.locator('[type="search"]').fill('');
    await page.getByRole('link', { name: /كريم التازي/ }).waitFor();
    await page.getByLabel('Groupe', { exact: true }).selectOption({ label: 'Groupe EA-204 · Électricité automobile' });
    await page.getByRole('link', { name: /كريم التازي/ }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /سلمى أوشن/ }).waitFor();
    await page.getByLabel('Groupe', { exact: true }).selectOption('');
    await page.locator('[type="search"]').fill('nobody of this name');
    await page.getByRole('button', { name: 'Effacer la recherche' }).click();
    await page.getByRole('link', { name: /Fatima-Zahra El Idrissi/ }).waitFor();
  });

  test('are edited by two: who saves second sees both versions', async () => {
    const { page } = office;
    const person = await make('Nadia Chraïbi', { sign_in: 'nadia.chraibi' });
    await page.goto(`${server.url}/people/${person.id}/edit`);
    await page.getByLabel('Matricule').fill('M-17');
    const other = { external_id: 'M-71', roles: { ...NOBODY, trainee: true, trainer: true } };
    await school.call('PATCH', `${PEOPLE}/${person.id}`, other, { 'if-match': '"1"' });
    await press(page, 'Enregistrer');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('row', { name: 'Matricule M-71 M-17' }).waitFor();
    await dialog.getByRole('row', { name: 'Rôles Stagiaire, Formateur Stagiaire' }).waitFor();
    await press(page, 'Enregistrer ma version');
    await page.getByRole('heading', { name: 'Gérer le compte' }).waitFor();
    const now = await school.call('GET', `${PEOPLE}/${person.id}`);
    assert.deepEqual([now.external_id, now.roles.trainer], ['M-17', false]);

    await page.goto(`${server.url}/people/${person.id}/edit`);
    await page.getByLabel('Identifiant').fill('naima.bensouda');
    await press(page, 'Enregistrer');
    await page.locator('.is-error', { hasText: 'Identifiant' }).getByText('Cet identifiant ou ce matricule est déjà pris').waitFor();
    await page.goto(`${server.url}/people/${school.me.id}/edit`);
    await page.getByLabel('Administration').uncheck();
    await page.getByLabel('Formateur').check();
    await press(page, 'Enregistrer');
    await page.getByRole('group', { name: 'Rôles' }).getByText('Il ne resterait personne pour administrer').waitFor();
  });

  test('are kept out and let in again, and give out all that is stored', async () => {
    const { page } = office;
    await find('Fatima-Zahra El Idrissi');
    const trainer = await classes.arrive(classes.trainer, 'fr', PHONE);
    const asks = async () => (await trainer.context.request.get(`${server.url}/api/me`)).status();
    await press(page, 'Désactiver');
    await press(page, 'Annuler');
    assert.equal(await asks(), 200);
    await press(page, 'Désactiver');
    await page.getByRole('dialog').getByRole('button', { name: 'Désactiver' }).click();
    await page.getByText(/^Compte désactivé depuis/).waitFor();
    assert.equal(await asks(), 401);
    await press(page, 'Réactiver');
    await page.getByRole('dialog').getByRole('button', { name: 'Réactiver' }).click();
    await page.getByText(/^Compte désactivé depuis/).waitFor({ state: 'detached' });
    const fetched = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Exporter les données' }).click();
    assert.equal((await fetched).suggestedFilename(), 'qism-export.zip');
    await trainer.context.close();
  });

  test('who have two accounts get one, and who is erased leaves a pseudonym', async () => {
    const { page } = office;
    const gone = await make('Salma Berrada', { sign_in: 'salma.b' });
    const kept = await make('Salma Berrada', { external_id: 'M-300' });
    await page.goto(`${server.url}/people/${gone.id}`);
    await press(page, 'Fusionner');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('M-300').waitFor();
    assert.equal(await dialog.getByRole('listitem').count(), 1);
    await dialog.getByRole('button', { name: 'Choisir Salma Berrada' }).focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('Plus personne ne se connecte à Salma Berrada (salma.b)').waitFor();
    await tabTo(page, 'dialog [type="submit"]');
    await page.keyboard.press('Enter');
    await page.getByText('M-300').waitFor();
    assert.equal(new URL(page.url()).pathname, `/people/${kept.id}`);
    await page.goto(`${server.url}/people/${gone.id}`);
    await page.getByRole('link', { name: 'Voir ce compte' }).click();
    await page.getByText('M-300').waitFor();

    await press(page, 'Effacer');
    await page.getByRole('dialog').getByText('L’assiduité et le déroulement des séances restent, sous un pseudonyme.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Effacer' }).click();
    await page.getByRole('heading', { name: 'Personnes' }).waitFor();
    await page.getByLabel('État du compte').selectOption('erased');
    await page.getByRole('link', { name: /^stagiaire-[0-9a-f]{6}/ }).click();
    await page.getByText(/^Compte effacé depuis/).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Effacer' }).count(), 0);
    assert.deepEqual(office.complaints, []);
  });

  test('are put into a group one after the other, by keyboard, until it is full, and taken out of it', async () => {
    const { page } = office;
    await make('Imane Zeroual');
    await make('Omar Kettani');
    await page.goto(`${server.url}/people`);
    await page.getByRole('navigation', { name: 'Personnes et groupes' }).getByRole('link', { name: 'Groupes' }).click();
    await page.getByRole('link', { name: 'Nouveau groupe' }).click();
    await page.locator('[name="name"]').fill('Groupe du soir');
    await page.keyboard.press('Enter');
    await page.getByText('Ce champ est vide').waitFor();
    await page.locator('[name="course"]').selectOption({ label: 'Électricité automobile' });
    await page.locator('[name="capacity"]').fill('1');
    await press(page, 'Créer le groupe');
    await page.getByText('Aucun membre pour l’instant').waitFor();

    await press(page, 'Ajouter des membres');
    const dialog = page.getByRole('dialog');
    await tabTo(page, 'dialog [type="search"]');
    await page.keyboard.type('imane');
    await dialog.getByText('Omar Kettani').waitFor({ state: 'detached' });
    await tabTo(page, 'dialog .people-found button');
    await page.keyboard.press('Enter');
    await dialog.getByText('Désormais dans le groupe : Imane Zeroual').waitFor();
    await dialog.getByText('Déjà dans le groupe').waitFor();
    assert.ok(await page.evaluate(() => document.activeElement.matches('[type="search"]')));
    await page.keyboard.type('omar');
    await dialog.getByRole('button', { name: 'Ajouter Omar Kettani' }).click();
    await dialog.getByText('Le groupe est complet').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('1 / 1 · complet').waitFor();

    await press(page, 'Retirer Imane Zeroual');
    await dialog.getByRole('button', { name: 'Retirer' }).click();
    await page.getByText('Aucun membre pour l’instant').waitFor();
    await page.getByText('0 / 1').waitFor();
    assert.deepEqual(office.complaints, []);
  });

  test('read the groups that they train, and change none', async () => {
    const { page, context, complaints } = await classes.arrive(classes.other, 'fr', PHONE);
    await page.goto(`${server.url}/people`);
    await page.getByRole('link', { name: /Groupe EA-204/ }).click();
    await page.getByText('سلمى أوشن').waitFor();
    assert.deepEqual(await page.getByRole('main').getByRole('button').all(), []);
    assert.equal(await page.getByRole('link', { name: 'Modifier' }).count(), 0);
    await page.goto(`${server.url}/people/${classes.trainee.id}`);
    await page.getByRole('heading', { name: 'Cette page n’existe pas, ou pas pour vous' }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('have groups that two edit at once, and that go out of use', async () => {
    const { page } = office;
    const path = `/api/institutions/{institution}/groups/${classes.group.id}`;
    await page.goto(`${server.url}/people/groups/${classes.group.id}/edit`);
    await page.locator('[name="name"]').fill('Groupe EA-205');
    await page.locator('[name="archived"]').check();
    await school.call('PATCH', path, { capacity: 12 }, { 'if-match': '"1"' });
    await press(page, 'Enregistrer');
    await page.getByRole('row', { name: 'Nom du groupe Groupe EA-204 Groupe EA-205' }).waitFor();
    await page.getByRole('row', { name: 'Hors service Non Oui' }).waitFor();
    await press(page, 'Enregistrer ma version');
    await page.getByText('Ce groupe est hors service').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Ajouter des membres' }).count(), 0);
    await page.goto(`${server.url}/people/groups`);
    await page.getByRole('link', { name: /Groupe du soir/ }).waitFor();
    assert.equal(await page.getByRole('link', { name: /Groupe EA-205/ }).count(), 0);
    await page.getByRole('button', { name: 'Hors service' }).click();
    await page.getByRole('link', { name: /Groupe EA-205/ }).waitFor();
    assert.deepEqual(office.complaints, []);
  });
});
