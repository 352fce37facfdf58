import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { faultsOf } from '../harness/accessible.mjs';
import { tabTo, type } from '../harness/keyboard.mjs';
import { openBrowser, Person } from '../harness/people.mjs';
import { Server } from '../harness/server.mjs';
import { until } from '../harness/wait.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };

/** `1:05:25` of microseconds, as the page has it. */
function exactly(us) {
  const seconds = Math.floor(us / 1e6);
  const pad = (part) => String(part).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}

describe('the record of a lesson', () => {
  let server;
  let browser;
  let office;
  let path;
  let report;
  before(async () => {
    server = await Server.start();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    office = await arrive('administrator');
    [path, report] = await sealedOne(office);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Somebody of the demo in front of a browser, signed in; nobody where no account is named. */
  async function arrive(account, { language = 'fr', viewport = DESK } = {}) {
    const context = await browser.newContext({ locale: language, viewport });
    await context.addInitScript((chosen) => {
      if (location.protocol !== 'about:') localStorage.setItem('qism.language', chosen);
    }, language);
    const page = await context.newPage();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    if (account) {
      const { sign_in, password } = server.demo.accounts[account];
      const options = { data: { sign_in, password }, headers: { origin: server.url } };
      const answer = await context.request.post(`${server.url}/api/sign-in`, options);
      assert.ok(answer.ok(), await answer.text());
    }
    const get = async (call) => {
      const answer = await context.request.get(server.url + call);
      assert.ok(answer.ok(), `${call}: ${answer.status()} ${await answer.text()}`);
      return answer;
    };
    return { context, page, complaints, get };
  }

  /** A lesson of the last week that is over and sealed, and for which somebody did not come: its calls, its report. */
  async function sealedOne({ get }) {
    const { institution } = await (await get('/api/me')).json();
    const day = (before) => new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10);
    const of = `/api/institutions/${institution}/lessons`;
    const { items } = await (await get(`${of}?from=${day(7)}&to=${day(0)}&limit=200`)).json();
    for (const { id } of items.filter(({ phase }) => phase === 'ended')) {
      const found = await (await get(`${of}/${id}/report`)).json();
      const trainees = found.people.filter(({ role, expected }) => role === 'trainee' && expected);
      if (found.seal && trainees.length > 1 && trainees.some(({ spells }) => spells.length > 0)) return [`${of}/${id}`, found];
    }
    throw new Error('the demo has no lesson that is sealed');
  }

  const pageOf = () => `${server.url}/lessons/${report.lesson.institution.id}/${report.lesson.id}`;
  /** Opens the record, with every person in it to be seen. */
  async function open(page) {
    await page.goto(pageOf());
    await page.locator('.presence-table .name').first().waitFor();
    const more = page.locator('.record-more button');
    if (await more.count()) await more.click();
  }
  const rowOf = (page, { name }) => page.locator('.presence-table tbody tr', { has: page.getByText(name, { exact: true }) });

  async function looksFine(page, what) {
    assert.deepEqual(await faultsOf(page, what), []);
  }

  test('is found among the lessons of its week, and has the server’s figures to the second', async () => {
    const { page, complaints } = office;
    const { lesson } = report;
    await page.goto(`${server.url}/lessons`);
    await page.getByRole('button', { name: 'Semaine', exact: true }).click();
    const link = page.locator(`a[href$="/${lesson.id}"]`);
    const before = page.getByRole('button', { name: 'Semaine précédente' });
    await page.locator('.lesson-day, .empty').first().waitFor();
    if (!(await link.count())) await before.click();
    await page.getByRole('searchbox').fill(lesson.group.name);
    await link.click();
    await page.locator('.presence-table').waitFor();
    await page.getByRole('heading', { name: lesson.title }).waitFor();

    const trainees = report.people.filter(({ role }) => role === 'trainee');
    const came = trainees.filter(({ spells, expected }) => expected && spells.length > 0);
    const figures = page.locator('.lesson-figures');
    await figures.getByText(`${came.length} sur ${report.expected}`).waitFor();
    await figures.getByText(exactly(report.given_us), { exact: true }).waitFor();
    const more = page.getByRole('button', { name: /^Afficher/ });
    if (await more.count()) await more.click();
    for (const person of trainees) {
      const row = rowOf(page, person);
      await row.getByText(exactly(person.counted_us), { exact: true }).first().waitFor();
      assert.equal(await row.locator('.presence rect').count(), person.spells.length, person.name);
    }
    // Who was there least stands first; by names on demand, in the order of the language.
    const names = () => page.locator('.presence-table tbody tr.group-row ~ tr .name').allInnerTexts();
    assert.equal((await names())[0], trainees.toSorted((a, b) => a.counted_us - b.counted_us || new Intl.Collator('fr').compare(a.name, b.name))[0].name);
    await page.getByRole('button', { name: 'Stagiaire', exact: true }).click();
    assert.deepEqual(await names(), trainees.map(({ name }) => name).toSorted(new Intl.Collator('fr', { numeric: true }).compare));
    assert.deepEqual(complaints, []);
  });

  test('is sealed: the seal is checked when it opens and again by keyboard, and the files are its own', async () => {
    const { page, get } = office;
    await page.goto(pageOf());
    const seal = page.locator('.seal-panel');
    await seal.getByRole('heading', { name: 'Registre scellé, intact' }).waitFor();
    assert.equal((await seal.locator('.mono').first().innerText()).replaceAll(' ', ''), report.seal.hash);
    const asked = page.waitForResponse((answer) => answer.url().endsWith('/ledger/check'));
    await tabTo(page, '.seal-panel button');
    await page.keyboard.press('Enter');
    assert.ok((await asked).ok());
    await seal.getByRole('heading', { name: 'Registre scellé, intact' }).waitFor();
    for (const [name, start] of [['PDF', '%PDF'], ['XLSX', 'PK'], ['CSV', '\ufeff']]) {
      const link = page.getByRole('link', { name: `Télécharger le relevé en ${name}` });
      const body = await (await get(await link.getAttribute('href'))).body();
      assert.equal(body.toString('utf8').startsWith(start), true, name);
    }
  });

  test('says so where what is kept does not match, and gives out no files', async () => {
    const { page } = office;
    const fault = 'line 3: what is above the seal is not what was sealed';
    await page.route('**/ledger/check', (route) => route.fulfill({ json: { intact: false, fault, checked_at: 1 } }));
    await page.goto(pageOf());
    await page.getByRole('heading', { name: 'Le sceau ne correspond pas' }).waitFor();
    await page.getByText(fault).waitFor();
    await page.getByText('Téléchargements fermés').waitFor();
    assert.equal(await page.locator('.page-acts a').count(), 0);
    await looksFine(page, 'a seal that does not match');
    await page.unroute('**/ledger/check');
    await page.route('**/ledger/check', (route) => route.abort());
    await page.goto(pageOf());
    await page.getByRole('heading', { name: 'Sceau non vérifié' }).waitFor();
    await page.unroute('**/ledger/check');
  });

  test('is put right by an administrator: the value before, who, and why stay to be read, and it is sealed anew', async () => {
    const { page, complaints } = office;
    const person = report.people.find(({ role, person: id, expected }) => role === 'trainee' && id && expected);
    await open(page);
    const row = rowOf(page, person);
    await row.getByRole('button').press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Corriger la présence' }).press('Enter');
    await dialog.locator('[name="present_us"]').fill('quelque temps');
    await page.keyboard.press('Enter');
    await dialog.getByText('Écrivez un temps comme 1:05:25.').waitFor();
    await dialog.getByText('Ce champ est vide').waitFor();
    await looksFine(page, 'a correction with faults');
    await dialog.locator('[name="present_us"]').focus();
    await type(page, '9:00:00');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Présence à l’atelier, feuille signée');
    await page.keyboard.press('Enter');
    // Longer than the lesson was: the server says so at the field.
    await dialog.locator('[name="present_us"][aria-invalid="true"]').waitFor();
    await dialog.locator('[name="present_us"]').focus();
    await type(page, '0:42:07');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await row.getByText('0:42:07', { exact: true }).waitFor();
    await row.getByText('corrigé', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Registre scellé, intact' }).waitFor();
    await page.getByText('corrections : 1').waitFor();

    const { name } = await (await office.get('/api/me')).json();
    await row.getByRole('button').click();
    await dialog.getByText(`Corrigé par ${name}`).waitFor();
    await dialog.getByText('Présence à l’atelier, feuille signée').waitFor();
    await dialog.getByText(exactly(person.counted_us), { exact: true }).first().waitFor();
    await looksFine(page, 'what was put right');
    assert.deepEqual(complaints, []);
  });

  test('is verified by anybody, without an account: by its fingerprint, and by its file without a network', async () => {
    const { context, page, complaints } = await arrive(null);
    const now = await (await office.get(`${path}/report`)).json();
    const answer = page.locator('.verify-answer');
    await page.goto(`${server.url}/verify#${now.seal.hash}`);
    await answer.getByRole('heading', { name: 'Ce serveur a ce registre' }).waitFor();
    await answer.getByText(now.lesson.institution.name).waitFor();
    await looksFine(page, 'a record that is known');
    // The one before the correction was sealed here too.
    await page.locator('[name="hash"]').fill(report.seal.hash.toUpperCase().replace(/.{8}/g, '$& '));
    await page.keyboard.press('Enter');
    await answer.getByText('une correction y a été ajoutée depuis').waitFor();
    await page.locator('[name="hash"]').fill('0f'.repeat(32));
    await page.keyboard.press('Enter');
    await answer.getByRole('heading', { name: 'Ce serveur n’a pas ce registre' }).waitFor();

    const file = await (await office.get(`${path}/ledger`)).body();
    await context.setOffline(true);
    const choose = (buffer) => page.locator('[name="ledger"]').setInputFiles({ name: 'registre.jsonl', mimeType: 'text/plain', buffer });
    await choose(file);
    await page.getByRole('heading', { name: 'Registre intact' }).waitFor();
    await page.getByText('corrections : 1').waitFor();
    await looksFine(page, 'a file that is intact');
    const forged = Buffer.from(file);
    forged[Math.floor(forged.length / 2)] ^= 1;
    await choose(forged);
    await page.getByRole('heading', { name: 'Registre altéré' }).waitFor();
    await choose(Buffer.from('nom;minutes\nAmina;90\n'));
    await page.getByRole('heading', { name: 'Ce fichier n’est pas un registre' }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('shows who looks from above no names, where their account does not say so', async () => {
    const { context, page, get } = await arrive('ministry');
    const seen = await (await get(`${path}/report`)).json();
    assert.equal(seen.named, false);
    await open(page);
    await page.getByText('Les noms restent dans l’établissement').waitFor();
    const text = await page.locator('main').innerText();
    for (const { name } of report.people) assert.equal(text.includes(name), false, name);
    const { number } = report.people.find(({ role }) => role === 'trainee');
    await page.getByRole('button', { name: `Stagiaire ${number}`, exact: true }).click();
    await page.getByRole('dialog').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Corriger la présence' }).count(), 0);
    await context.close();
  });

  for (const [language, viewport] of [['ar', PHONE], ['ar', DESK], ['fr', PHONE]]) {
    test(`is accessible in ${language}, ${viewport.width} pixels wide, and no wider`, async () => {
      const { context, page, complaints } = await arrive('administrator', { language, viewport });
      await open(page);
      await page.locator('.seal-panel[aria-busy="false"] .mark-live').waitFor();
      // What scrolls below the places at the bottom would count as too small to be touched.
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ ...viewport, height });
      await looksFine(page, 'the record');
      await page.locator('.name-button').last().click();
      await page.getByRole('dialog').waitFor();
      await looksFine(page, 'a person of it');
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }

  test('has the figures so far while the lesson is on air, and its seal once the trainer ends it', async (t) => {
    const studio = await openBrowser();
    t.after(() => studio.close());
    const trainer = await Person.arrive(studio);
    await trainer.enter(server.demo.links.trainer);
    await trainer.teach();
    const { page, get, complaints } = office;
    const live = `${server.url}/lessons/${report.lesson.institution.id}/${server.demo.lesson}`;
    await page.goto(live);
    await page.getByText('La séance est en direct').waitFor();
    await page.getByRole('heading', { name: 'Pas encore scellé' }).waitFor();
    assert.equal(await page.locator('.page-acts a').count(), 0);
    await looksFine(page, 'a lesson on air');

    await trainer.press(trainer.words['trainer.end']);
    await trainer.page.getByRole('dialog').getByRole('button', { name: trainer.words['trainer.end'] }).click();
    const of = path.replace(report.lesson.id, server.demo.lesson);
    const sealed = await until(async () => (await (await get(`${of}/report`)).json()).seal, { what: 'the seal' });
    await page.getByRole('button', { name: 'Actualiser' }).click();
    await page.getByRole('heading', { name: 'Registre scellé, intact' }).waitFor();
    assert.equal((await page.locator('.seal-panel .mono').first().innerText()).replaceAll(' ', ''), sealed.hash);
    assert.deepEqual(complaints, []);
  });
});
