import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Classes } from '../harness/classes.mjs';
import { tabTo, type } from '../harness/keyboard.mjs';
import { School } from '../harness/school.mjs';
import { Server } from '../harness/server.mjs';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };

describe('the timetable', () => {
  let server;
  let school;
  let classes;
  let desk;
  before(async () => {
    server = await Server.start({ demo: false });
    school = await School.begin(server);
    classes = await Classes.begin(school);
    desk = await school.arrive('fr', DESK, { signedIn: true });
  });
  after(async () => {
    await school?.end();
    await server?.stop();
  });

  /** Opens the form of a new lesson in next week's timetable, and chooses all but the time, by keyboard. */
  async function plan({ page }, { minutes, times }) {
    await tabTo(page, '.page-acts .primary');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, '[name="group"]');
    await page.keyboard.press('ArrowDown');
    await page.locator('[name="unit"]').waitFor();
    await tabTo(page, '[name="unit"]');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, '[name="trainer"]');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, '[name="minutes"]');
    await type(page, minutes);
    if (times) {
      await tabTo(page, '[name="repeat.rule"]');
      await page.keyboard.press('ArrowDown');
      await tabTo(page, '[name="count"]');
      await type(page, times);
    }
    await page.keyboard.press('Enter');
  }

  const column = (page, day) => page.locator('.week-body .col').nth(day);

  test('of a week is planned by keyboard: lessons of a unit, again each week', async () => {
    const { page } = desk;
    await page.goto(`${server.url}/week`);
    await page.locator('.page-acts .primary[aria-disabled="false"]').waitFor();
    await tabTo(page, '[aria-label="Semaine suivante"]');
    await page.keyboard.press('Enter');
    await plan(desk, { minutes: '90', times: '3' });
    await page.getByRole('status').getByText('3 séances planifiées.').waitFor();
    const lesson = column(page, 0).getByRole('button');
    assert.match(await lesson.innerText(), /Électricité automobile\s: La batterie\nGroupe EA-204\n8\sh\s30 – 10\sh\s00\nPrévue/);
    const { items } = await school.call('GET', `/api/institutions/{institution}/lessons?${span()}`);
    const [first] = items;
    assert.deepEqual([first.unit.name, first.trainer.name, first.minutes], ['La batterie', 'Fatima-Zahra El Idrissi', 90]);
  });

  /** From today for a month, as the server is asked for it. */
  function span() {
    const day = (ahead) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
    return new URLSearchParams({ from: day(0), to: day(30) });
  }

  test('refuses what is taken, says why, and offers the nearest free times', async () => {
    const { page } = desk;
    await plan(desk, { minutes: '60' });
    const conflict = page.getByRole('alert');
    await conflict.getByText(/Le groupe Groupe EA-204 a déjà «\sLa batterie\s» à ce moment/).waitFor();
    const free = conflict.getByRole('listitem');
    assert.ok((await free.count()) >= 2, 'some free times');
    await tabTo(page, '.free button');
    await page.keyboard.press('Enter');
    await conflict.waitFor({ state: 'detached' });
    await tabTo(page, 'dialog [type="submit"]');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('1 séance planifiée.').waitFor();
    // The week is read again once the lesson is planned.
    await page.locator('.week-body .lesson').nth(1).waitFor();
    assert.equal(await page.locator('.week-body .lesson').count(), 2);
    assert.equal(await page.locator('.week-body .is-clash').count(), 0);
  });

  test('moves a lesson by the arrow keys, this one alone', async () => {
    const { page } = desk;
    const lesson = column(page, 0).getByRole('button', { name: /8\sh\s30/ });
    await lesson.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('status').getByText(/mardi .* 9\sh\s00 – 10\sh\s30\. Entrée pour enregistrer/).waitFor({ state: 'attached' });
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('Nouvel horaire').waitFor();
    await tabTo(page, 'dialog [type="submit"]');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await column(page, 1).getByRole('button', { name: /9\sh\s00/ }).waitFor();
    // The others of the series are where they were.
    await page.getByRole('button', { name: 'Semaine suivante' }).click();
    await column(page, 0).getByRole('button', { name: /8\sh\s30/ }).waitFor();
    await page.getByRole('button', { name: 'Semaine précédente' }).click();
  });

  test('lets a trainer stand in for another', async () => {
    const { page } = desk;
    await column(page, 1).getByRole('button', { name: /9\sh\s00/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('Unité du programme').waitFor();
    await page.getByRole('button', { name: 'Remplacer le formateur' }).focus();
    await page.keyboard.press('Enter');
    const trainer = page.locator('dialog [name="trainer"]');
    await trainer.getByRole('option', { name: 'عبد اللطيف بنجلون' }).waitFor({ state: 'attached' });
    await trainer.focus();
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'dialog [type="submit"]');
    await page.keyboard.press('Enter');
    await column(page, 1).getByRole('button', { name: /Remplaçant\s: عبد اللطيف بنجلون/ }).waitFor();
  });

  test('calls a lesson off, and those that follow; the group is told why', async () => {
    const { page } = desk;
    await column(page, 1).getByRole('button', { name: /9\sh\s00/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Annuler la séance' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: 'Cette séance' }).focus();
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'dialog [name="reason"]');
    await page.keyboard.type('Atelier en travaux');
    await page.keyboard.press('Enter');
    await column(page, 1).getByRole('button', { name: /Annulée/ }).waitFor();
    await page.getByRole('button', { name: 'Semaine suivante' }).click();
    await column(page, 0).getByRole('button', { name: /8\sh\s30.*Annulée/s }).waitFor();

    const trainee = await classes.arrive(classes.trainee, 'fr', PHONE);
    await trainee.page.goto(`${server.url}/today`);
    // What is left is next; what is called off is told with its reason.
    await trainee.page.getByRole('heading', { name: /Électricité automobile\s: La batterie/ }).waitFor();
    await trainee.page.locator('.today-note').getByText('Atelier en travaux').waitFor();
    assert.deepEqual(trainee.complaints, []);
    await trainee.context.close();
    assert.deepEqual(desk.complaints, []);
  });

  test('is improvised on from Today: the group sees it on air, and a guest comes by a link', async () => {
    const trainer = await classes.arrive(classes.trainer, 'fr', DESK);
    const trainee = await classes.arrive(classes.trainee, 'ar', PHONE);
    await trainer.page.goto(`${server.url}/today`);
    await trainer.page.getByRole('button', { name: 'Séance improvisée' }).focus();
    await trainer.page.keyboard.press('Enter');
    await trainer.page.getByRole('dialog').getByLabel('Titre').fill('Questions avant l’examen');
    await trainer.page.keyboard.press('Enter');
    await trainer.page.waitForURL(/\/lesson\//);

    await trainee.page.goto(`${server.url}/today`);
    await trainee.page.getByRole('heading', { name: /Questions avant l’examen/ }).waitFor();
    await trainee.page.getByRole('button', { name: 'دخول القسم' }).focus();
    await trainee.page.keyboard.press('Enter');
    await trainee.page.waitForURL(/\/lesson\//);

    await trainer.page.goto(`${server.url}/today`);
    await trainer.page.getByRole('button', { name: /^Liens d’invités\s: Questions/ }).first().focus();
    await trainer.page.keyboard.press('Enter');
    await trainer.page.getByLabel('Nom de l’invité').fill('Pr. Martin Dubois');
    await trainer.page.keyboard.press('Enter');
    const link = await trainer.page.getByLabel(/^Envoyez ce lien/).inputValue();
    const guest = await school.arrive('fr', PHONE);
    await guest.page.goto(link);
    await guest.page.getByText('Questions avant l’examen').first().waitFor();
    await trainer.page.getByRole('button', { name: 'Révoquer le lien de Pr. Martin Dubois' }).click();
    await trainer.page.getByText('Aucun lien pour cette séance.').waitFor();
    for (const seat of [trainer, trainee, guest]) await seat.context.close();
  });
});
