import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Classes, PASSWORD } from '../harness/classes.mjs';
import { tabTo, type } from '../harness/keyboard.mjs';
import { School } from '../harness/school.mjs';
import { Server } from '../harness/server.mjs';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };

describe('courses', () => {
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

  /** Comes from the first page, finds the course, applies by keyboard, and opens the link to follow it. */
  async function apply(name, { found }) {
    const seat = await school.arrive('fr', PHONE);
    const { page } = seat;
    await page.goto(server.url);
    await page.getByRole('link', { name: 'Catalogue des formations' }).click();
    await tabTo(page, '[type="search"]');
    await page.keyboard.type('ELECTRICITE');
    await page.getByRole('link', { name: /Électricité automobile/ }).getByText(found).waitFor();
    await page.getByRole('link', { name: /Électricité automobile/ }).focus();
    await page.keyboard.press('Enter');
    await tabTo(page, '[name="name"]');
    await page.keyboard.type(name);
    await tabTo(page, '[type="submit"]');
    await page.keyboard.press('Enter');
    await page.getByText('Indiquez un téléphone ou une adresse électronique').first().waitFor();
    await page.locator('[name="phone"]').fill('+212 600 00 01 99');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Candidature envoyée' }).waitFor();
    await page.getByRole('link', { name: 'Suivre ma candidature' }).click();
    await page.getByText('Reçue').waitFor();
    return seat;
  }

  test('are found and applied for by a stranger, who is accepted and comes in', async () => {
    const applicant = await apply('آمال بن يوسف', { found: '1 place libre' });
    await office.page.goto(`${server.url}/courses`);
    await office.page.getByRole('link', { name: 'Candidatures' }).click();
    await office.page.getByRole('button', { name: 'Accepter آمال بن يوسف' }).focus();
    await office.page.keyboard.press('Enter');
    await office.page.getByRole('dialog').getByRole('option', { name: 'Groupe EA-204' }).waitFor({ state: 'attached' });
    await tabTo(office.page, '[name="group"]');
    await office.page.keyboard.press('ArrowDown');
    await tabTo(office.page, 'dialog [type="submit"]');
    await office.page.keyboard.press('Enter');
    await office.page.getByRole('dialog').getByText('Donnez ce lien à آمال بن يوسف').waitFor();
    await office.page.keyboard.press('Escape');
    await office.page.getByText('Aucune candidature ici').waitFor();

    const { page } = applicant;
    await page.reload();
    await page.getByText('Acceptée').waitFor();
    await page.getByRole('button', { name: 'Ouvrir mon compte' }).click();
    await page.locator('[name="password"]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Séances du jour' }).waitFor();
    await page.goto(`${server.url}/courses`);
    await page.getByRole('link', { name: /Électricité automobile/ }).click();
    await page.getByRole('heading', { name: 'Programme' }).waitFor();
    assert.deepEqual(applicant.complaints, []);
    await applicant.context.close();
  });

  test('that are full are waited for, and a refusal says why', async () => {
    const applicant = await apply('Yanis Belkacem', { found: 'Liste d’attente' });
    const { page } = office;
    await page.goto(`${server.url}/courses/applications`);
    await page.getByRole('button', { name: 'Mettre Yanis Belkacem sur la liste d’attente' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Liste d’attente' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await applicant.page.reload();
    await applicant.page.getByText('Sur la liste d’attente').waitFor();
    await page.getByRole('button', { name: 'En attente d’une place' }).click();
    await page.getByRole('button', { name: 'Refuser Yanis Belkacem' }).click();
    await page.locator('[name="reason"]').fill('Le niveau demandé n’est pas atteint.');
    await page.getByRole('dialog').getByRole('button', { name: 'Refuser' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await applicant.page.reload();
    await applicant.page.getByText('Le niveau demandé n’est pas atteint.').waitFor();
    assert.deepEqual(applicant.complaints, []);
    await applicant.context.close();
  });

  test('have a programme that is put in order by keyboard', async () => {
    const { page } = office;
    await page.goto(`${server.url}/courses/${classes.course.id}/edit`);
    await page.getByRole('button', { name: 'Descendre l’unité 1' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Ajouter une unité' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Unité 3' }).focus();
    await type(page, 'قراءة المخططات');
    await page.getByText('En tout : 13 h').waitFor();
    const saved = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.ok());
    await page.getByRole('button', { name: 'Enregistrer le programme' }).focus();
    await page.keyboard.press('Enter');
    await saved;
    await page.goto(`${server.url}/courses/${classes.course.id}`);
    await page.getByRole('heading', { name: /Programme/ }).waitFor();
    const units = await page.locator('section', { has: page.locator('#programme') }).getByRole('listitem').allInnerTexts();
    assert.deepEqual(
      units.map((text) => text.split('\n')[1]),
      ['Le circuit de charge', 'La batterie', 'قراءة المخططات'],
    );
    assert.deepEqual(office.complaints, []);
  });

  test('have files to learn from, which the trainees fetch', async () => {
    const { page } = office;
    await page.goto(`${server.url}/courses/${classes.course.id}`);
    await page.getByRole('button', { name: 'Ajouter un fichier' }).click();
    await tabTo(page, 'dialog [type="submit"]');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('Ce champ est vide').first().waitFor();
    const buffer = Buffer.from('%PDF-1.7\n');
    await page.locator('[name="file_name"]').setInputFiles({ name: 'دليل السلامة.pdf', mimeType: 'application/pdf', buffer });
    await page.getByRole('dialog').getByRole('button', { name: 'Ajouter' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    const trainee = await classes.arrive(classes.trainee, 'ar', PHONE);
    await trainee.page.goto(`${server.url}/courses/${classes.course.id}`);
    const fetched = trainee.page.waitForEvent('download');
    await trainee.page.getByRole('link', { name: 'دليل السلامة' }).click();
    assert.equal((await fetched).suggestedFilename(), 'دليل السلامة.pdf');
    await trainee.context.close();
  });

  test('are edited by two: who saves second sees both versions', async () => {
    const { page } = office;
    const path = `/api/institutions/{institution}/courses/${classes.course.id}`;
    await page.goto(`${server.url}/courses/${classes.course.id}/edit`);
    await page.getByLabel('Niveau').fill('Spécialisation');
    const { course } = await school.call('GET', path);
    const version = await page.evaluate(async (at) => (await fetch(at)).headers.get('etag'), path.replace('{institution}', school.me.institution));
    await school.call('PATCH', path, { level: 'Qualification' }, { 'if-match': version });
    assert.equal(course.level, 'Technicien');
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Qualification').waitFor();
    await dialog.getByText('Spécialisation').waitFor();
    await dialog.getByRole('button', { name: 'Enregistrer ma version' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal((await school.call('GET', path)).course.level, 'Spécialisation');
  });

  test('and what is announced to them: read, corrected, withdrawn', async () => {
    const { page } = office;
    await page.goto(`${server.url}/announcements`);
    await page.getByRole('link', { name: 'Nouvelle annonce' }).click();
    await page.locator('[name="audience"]').selectOption('group');
    await page.locator('[name="audience_id"]').selectOption({ label: 'Groupe EA-204 · Électricité automobile' });
    await page.locator('[name="title"]').fill('Visite d’un atelier');
    await page.locator('[name="body"]').fill('Rendez-vous à 9 h devant l’établissement.');
    await page.getByRole('button', { name: 'Publier' }).click();
    await page.getByRole('heading', { name: 'Annonces' }).waitFor();

    const trainee = await classes.arrive(classes.trainee, 'fr', PHONE);
    const told = () => trainee.page.getByRole('button', { name: /Visite d’un atelier/ });
    await trainee.page.goto(`${server.url}/announcements`);
    await told().focus();
    await trainee.page.keyboard.press('Enter');
    await trainee.page.getByText('Rendez-vous à 9 h').waitFor();
    await trainee.page.getByText('Non lue').waitFor({ state: 'detached' });

    await page.getByRole('tab', { name: 'Publiées' }).click();
    await page.getByRole('link', { name: /^Modifier «\sVisite/ }).click();
    await page.locator('[name="body"]').fill('Rendez-vous à 10 h.');
    await page.locator('[name="expires_at"]').fill('2099-12-31');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByRole('tab', { name: 'Publiées' }).click();
    await page.getByText('jusqu’au jeudi 31 décembre').waitFor();
    await trainee.page.reload();
    await told().click();
    await trainee.page.getByText('Rendez-vous à 10 h.').waitFor();

    await page.getByRole('button', { name: /^Retirer «\sVisite/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retirer' }).click();
    await page.getByText('Retirée').waitFor();
    await trainee.page.reload();
    await trainee.page.getByText('Aucune annonce').waitFor();
    assert.deepEqual([...trainee.complaints, ...office.complaints], []);
    await trainee.context.close();
  });
});
