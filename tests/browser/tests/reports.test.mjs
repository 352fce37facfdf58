import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { faultsOf } from '../harness/accessible.mjs';
import { tabTo, type } from '../harness/keyboard.mjs';
import { Server } from '../harness/server.mjs';
import { until } from '../harness/wait.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const DESK = { width: 1440, height: 900 };
/** So high that the places at the bottom cover nothing: what they cover is scrolled to. */
const PHONE = { width: 360, height: 6_000 };
const HOUR_US = 3_600_000_000;
const DAY_MS = 86_400_000;

const day = (before) => new Date(Date.now() - before * DAY_MS).toISOString().slice(0, 10);
/** The last four weeks, and those before them: the demo gave lessons in the last week, and planned none so long ago. */
const SPAN = { from: day(27), to: day(0) };
const BEFORE = { compare_from: day(55), compare_to: day(28) };
const ADDRESS = `from=${SPAN.from}&to=${SPAN.to}`;

/** Text as it is compared: figures are set with spaces of several kinds. */
const bare = (text) => text.replace(/\s+/g, '');
const comma = (text) => text.replace('.', ',');
/** `84,2` of a rate, never rounded up. */
const rate = (value) => (value == null ? '–' : comma((Math.floor(value * 10 + 1e-6) / 10).toFixed(1)));
const percent = (value) => (value == null ? '–' : `${rate(value)}%`);
const hours = (us) => {
  const value = us / HOUR_US;
  return `${comma(String(Number(value.toFixed(value < 100 ? 1 : 0))))}h`;
};

describe('reports', () => {
  let server, browser, ministry;
  before(async () => {
    server = await Server.start();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    ministry = await arrive('ministry');
    // What the demo begins with is added up within a minute.
    const counted = async () => (await ministry.get('/api/reports', { ...SPAN, by: 'region' })).total.given > 0;
    await until(counted, { within: 60_000, what: 'the demo’s lessons to be added up' });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Somebody of the demo in front of a browser, signed in. */
  async function arrive(account, { language = 'fr', viewport = DESK } = {}) {
    const context = await browser.newContext({ locale: language, viewport, acceptDownloads: true });
    await context.addInitScript((chosen) => localStorage.setItem('qism.language', chosen), language);
    const { sign_in, password } = server.demo.accounts[account];
    const options = { data: { sign_in, password }, headers: { origin: server.url } };
    const answer = await context.request.post(`${server.url}/api/sign-in`, options);
    assert.ok(answer.ok(), await answer.text());
    const page = await context.newPage();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    const get = async (path, query = {}) => {
      const asked = await context.request.get(server.url + path, { params: query });
      assert.ok(asked.ok(), `${path}: ${asked.status()} ${await asked.text()}`);
      return asked.json();
    };
    return { context, page, complaints, get };
  }

  async function open({ page }, search) {
    await page.goto(`${server.url}/reports?${search}`);
    await page.locator('.report-figures').waitFor();
    const all = page.getByRole('button', { name: /^Afficher les \d+ lignes$/ });
    if (await all.count()) await all.click();
  }

  /** A figure of the head, with what stands below it. */
  const figure = async (page, kind) => bare(await page.locator(`[data-figure="${kind}"]`).innerText());
  /** The cells of a subject's row: hours, attendance, punctuality, voice, data. */
  const cells = async (page, id) => (await page.locator(`[data-subject="${id}"] td.n`).allInnerTexts()).map(bare);

  /** An institution in which lessons were given, and what was given there. */
  async function busyOne({ get }) {
    const { rows } = await get('/api/reports', { ...SPAN, by: 'institution' });
    const row = rows.toSorted((a, b) => b.figures.given - a.figures.given)[0];
    assert.ok(row?.figures.given > 0, 'the demo has given no lesson');
    return row;
  }

  test('has the figures of the API, in all and of each region, with what they were before', async () => {
    const { page, complaints, get } = ministry;
    const report = await get('/api/reports', { ...SPAN, ...BEFORE, by: 'region' });
    await open(ministry, ADDRESS);
    const { total } = report;
    assert.ok(total.given > 0 && total.present_us > 0, 'nothing to show');
    assert.ok((await figure(page, 'hours')).startsWith(`${hours(total.given_us)}sur${hours(total.planned_us)}`));
    assert.ok((await figure(page, 'attendance')).startsWith(percent(total.attendance_percent)));
    assert.ok((await figure(page, 'punctual')).startsWith(percent(total.punctual_percent)));
    assert.ok((await figure(page, 'speech')).startsWith(rate(total.speech)));
    assert.ok((await figure(page, 'lessons')).startsWith(`${total.given}sur${total.planned}`));
    const change = total.given - report.before.given;
    const said = change === 0 ? 'inchangé' : `${change > 0 ? '+' : '−'}${Math.abs(change)},${report.before.given}avant`;
    const isCompared = report.before.planned + report.before.cancelled > 0;
    assert.equal((await figure(page, 'lessons')).endsWith(said), isCompared, await figure(page, 'lessons'));
    assert.equal(await page.getByText('rien n’est comparé').count(), isCompared ? 0 : 1);
    assert.equal(await page.locator('[data-subject]').count(), report.rows.length);
    for (const { id, figures } of report.rows) {
      const [given, attendance, punctual, speech] = await cells(page, id);
      assert.equal(given, `${hours(figures.given_us)}sur${hours(figures.planned_us)}`);
      assert.ok(attendance.startsWith(percent(figures.attendance_percent)), attendance);
      assert.deepEqual([punctual, speech], [percent(figures.punctual_percent), rate(figures.speech)]);
    }
    // Where no lesson tells of any, none is listed.
    for (const [tool, count] of Object.entries(total.tools)) {
      if (Object.values(total.tools).every((each) => each === 0)) continue;
      assert.ok(bare(await page.locator(`[data-tool="${tool}"]`).innerText()).includes(`${count}·`), tool);
    }
    assert.deepEqual(complaints, []);
  });

  test('says on demand how a figure is worked out', async () => {
    const { page } = ministry;
    await open(ministry, ADDRESS);
    const how = page.getByRole('button', { name: /^Assiduité : comment/ });
    await how.focus();
    await page.keyboard.press('Enter');
    await page.getByText('Mesuré à la seconde').waitFor();
    assert.equal(await how.getAttribute('aria-expanded'), 'true');
    await page.keyboard.press('Enter');
    await page.getByText('Mesuré à la seconde').waitFor({ state: 'detached' });
  });

  test('is gone through by keyboard, down to a group’s lessons and up again, and kept by its address', async () => {
    const { page, complaints, get } = ministry;
    const { id: institution, name } = await busyOne(ministry);
    await open(ministry, `${ADDRESS}&by=institution`);
    await page.locator(`[data-subject="${institution}"] a`).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: `Rapport : ${name}` }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
    const of = `/api/institutions/${institution}/reports`;
    const groups = await get(of, { ...SPAN, by: 'group' });
    const group = groups.rows.toSorted((a, b) => b.figures.given - a.figures.given)[0];
    await page.getByRole('button', { name: 'Groupes' }).focus();
    await page.keyboard.press('Enter');
    await page.locator(`[data-subject="${group.id}"] a`).waitFor();
    await tabTo(page, `[data-subject="${group.id}"] a`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: `Rapport : ${group.name}` }).waitFor();
    const lesson = page.locator(`.report-lessons a[href^="/lessons/${institution}/"]`).first();
    await lesson.waitFor();
    assert.ok((await figure(page, 'attendance')).startsWith(percent(group.figures.attendance_percent)));

    const address = page.url();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: `Rapport : ${group.name}` }).waitFor();
    assert.equal(page.url(), address);
    const way = page.getByRole('navigation', { name: 'Où se trouve cette page' });
    await way.getByRole('link', { name }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: `Rapport : ${name}` }).waitFor();
    await page.goBack();
    await lesson.click();
    await page.locator('.presence-table').waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: `Rapport : ${group.name}` }).waitFor();
    await way.getByRole('link', { name: 'tout le pays' }).click();
    await page.getByRole('heading', { level: 1, name: 'Rapport : tout le pays' }).waitFor();
    assert.ok(page.url().includes(ADDRESS), page.url());
    assert.deepEqual(complaints, []);
  });

  test('is ordered by keyboard, either way', async () => {
    const { page, get } = ministry;
    const { rows } = await get('/api/reports', { ...SPAN, by: 'institution' });
    await open(ministry, `${ADDRESS}&by=institution`);
    const header = page.getByRole('columnheader', { name: 'Heures données' });
    const shares = async () => {
      const ids = await page.locator('[data-subject]').evaluateAll((all) => all.map(({ dataset }) => dataset.subject));
      return ids.map((id) => rows.find((row) => row.id === id).figures.given_percent).filter((share) => share != null);
    };
    await header.getByRole('button').focus();
    for (const [direction, sign] of [['ascending', 1], ['descending', -1]]) {
      await page.keyboard.press('Enter');
      await until(async () => (await header.getAttribute('aria-sort')) === direction, { what: direction });
      const found = await shares();
      assert.deepEqual(found, found.toSorted((a, b) => (a - b) * sign));
    }
    assert.match(page.url(), /sort=-given/);
  });

  test('sets subjects side by side, in figures and as lines, and keeps them', async () => {
    const { page, get } = ministry;
    const { id: institution } = await busyOne(ministry);
    const { rows } = await get(`/api/institutions/${institution}/reports`, { ...SPAN, by: 'group' });
    assert.ok(rows.length > 1, 'one group alone');
    const two = rows.slice(0, 2);
    await open(ministry, `${ADDRESS}&institution=${institution}&by=group`);
    for (const { id } of two) {
      await page.locator(`[data-subject="${id}"] input`).focus();
      await page.keyboard.press('Space');
    }
    await page.locator('.report-beside').waitFor();
    const beside = async () => (await page.locator('.report-beside tbody tr').first().locator('td').allInnerTexts()).map(bare);
    const given = two.map(({ figures }) => hours(figures.given_us));
    assert.deepEqual(await beside(), given);
    const lines = page.locator('.chart-plot').first().locator('.chart-line');
    assert.equal(await lines.count(), 2);
    await page.reload();
    await page.locator('.report-beside').waitFor();
    assert.deepEqual(await beside(), given);
    await page.locator('.report-beside .icon-button').first().click();
    await page.locator('.report-beside').waitFor({ state: 'detached' });
  });

  test('shows the figures of its charts as a table', async () => {
    const { page, get } = ministry;
    const report = await get('/api/reports', { ...SPAN, ...BEFORE, by: 'region' });
    await open(ministry, ADDRESS);
    const drawing = page.getByRole('img', { name: /^Assiduité\./ });
    await drawing.waitFor();
    await page.getByRole('button', { name: 'Tableau' }).click();
    await drawing.waitFor({ state: 'detached' });
    const rows = page.locator('.report-twin tbody tr');
    assert.equal(await rows.count(), report.series.length);
    for (const [at, { figures }] of report.series.entries()) {
      const found = (await rows.nth(at).locator('td').allInnerTexts()).map(bare);
      assert.equal(found[0], percent(figures.attendance_percent));
      // Of the period before there is a column beside each, where it had any lesson.
      assert.deepEqual([found[found.length === 5 ? 2 : 1], found.at(-1)], [hours(figures.given_us), hours(figures.planned_us)]);
    }
    assert.match(page.url(), /view=table/);
  });

  test('takes another period, and refuses one that is none', async () => {
    const { page, get } = ministry;
    await page.goto(`${server.url}/reports`);
    await page.getByLabel('Période', { exact: true }).selectOption('dates');
    await page.getByLabel('Du', { exact: true }).fill(SPAN.to);
    await page.getByLabel('Au', { exact: true }).fill(SPAN.from);
    await page.getByText('Indiquez deux jours dans l’ordre').waitFor();
    await page.getByLabel('Du', { exact: true }).fill(SPAN.from);
    await page.getByLabel('Au', { exact: true }).fill(SPAN.to);
    await page.getByRole('button', { name: 'Afficher', exact: true }).click();
    await page.waitForURL(new RegExp(ADDRESS));
    await page.getByLabel('Comparer à', { exact: true }).selectOption('none');
    const { total } = await get('/api/reports', { ...SPAN, by: 'region' });
    await until(async () => (await figure(page, 'lessons')) === `${total.given}sur${total.planned}prévues`, {
      what: 'the figures of the period alone',
    });
    await page.goto(`${server.url}/reports?from=2001-01-01&to=2001-01-31`);
    await page.getByText('Aucune séance dans cette période').waitFor();
  });

  test('is saved as a view, which is opened, renamed, sent by mail and deleted', async () => {
    const { page, complaints, get } = ministry;
    const views = async () => (await get('/api/me/report-views')).items;
    const { id: institution } = await busyOne(ministry);
    const search = `period=last-month&institution=${institution}&by=group&measure=punctual`;
    await page.goto(`${server.url}/reports?${search}`);
    await page.getByRole('button', { name: 'Enregistrer la vue' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Nom de la vue').fill('');
    await dialog.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await dialog.locator('.field.is-error').waitFor();
    await dialog.getByLabel('Nom de la vue').focus();
    await type(page, 'Ponctualité des groupes');
    await dialog.getByLabel('Par courriel').selectOption('weekly');
    await dialog.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    const [view] = await views();
    assert.deepEqual([view.name, view.mail, view.institution], ['Ponctualité des groupes', 'weekly', institution]);

    await page.goto(`${server.url}/reports`);
    await page.getByRole('button', { name: 'Mes vues' }).click();
    await dialog.getByText('Chaque semaine').waitFor();
    await dialog.getByRole('link', { name: /^Ponctualité des groupes/ }).click();
    await page.waitForURL(new RegExp(`institution=${institution}`));
    const opened = new URL(page.url()).searchParams;
    assert.deepEqual([opened.get('period'), opened.get('by'), opened.get('measure')], ['last-month', 'group', 'punctual']);

    await page.getByRole('button', { name: 'Mes vues' }).click();
    await dialog.getByRole('button', { name: /^Modifier la vue/ }).click();
    await dialog.getByLabel('Nom de la vue').fill('Groupes');
    await dialog.getByLabel('Par courriel').selectOption('never');
    assert.equal(await dialog.getByLabel('Y mettre').count(), 0);
    await dialog.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await dialog.getByText('Jamais').waitFor();
    assert.deepEqual((await views()).map(({ name, mail }) => [name, mail ?? null]), [['Groupes', null]]);
    // What the page shows takes the place of what the view was.
    await page.keyboard.press('Escape');
    await page.getByLabel('Comparer à', { exact: true }).selectOption('none');
    await page.getByRole('button', { name: 'Mes vues' }).click();
    await dialog.getByRole('button', { name: /^Modifier la vue/ }).click();
    await dialog.getByLabel('Y mettre ce que la page montre maintenant').check();
    await dialog.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await dialog.getByText('Jamais').waitFor();
    assert.match((await views())[0].query, /compare=none/);
    await dialog.getByRole('button', { name: 'Supprimer la vue Groupes' }).click();
    await dialog.getByRole('button', { name: 'Supprimer', exact: true }).click();
    await dialog.getByText('Aucune vue enregistrée').waitFor();
    assert.deepEqual(await views(), []);
    assert.deepEqual(complaints, []);
  });

  test('is taken away as CSV and as a spreadsheet', async () => {
    const { page, get } = ministry;
    const { rows } = await get('/api/reports', { ...SPAN, by: 'institution' });
    await open(ministry, `${ADDRESS}&by=institution`);
    for (const kind of ['CSV', 'XLSX']) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: `Télécharger ce rapport en ${kind}` }).click(),
      ]);
      assert.match(download.suggestedFilename(), new RegExp(`\\.${kind.toLowerCase()}$`));
      const bytes = await readFile(await download.path());
      if (kind === 'XLSX') {
        assert.equal(bytes.subarray(0, 2).toString(), 'PK');
        continue;
      }
      assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
      for (const { name } of rows) assert.ok(bytes.toString('utf8').includes(name), name);
    }
  });

  test('spells out the rule for trainees at risk, and how many it names', async (t) => {
    const office = await arrive('administrator');
    t.after(() => office.context.close());
    const { page, get, complaints } = office;
    const { institution } = await get('/api/me');
    const { rule, trainees, count } = await get(`/api/institutions/${institution}/reports/at-risk`, { to: SPAN.to });
    await open(office, ADDRESS);
    const panel = page.locator('.report-risk');
    await panel.getByText(`assiduité sous ${rule.below_percent} %`).waitFor();
    await panel.getByText(`sur les ${rule.weeks} dernières semaines, à partir de ${rule.lessons_at_least} séances`).waitFor();
    await panel.getByText(`en baisse de ${rule.falls_by_points} points`).waitFor();
    await panel.getByText(`${rule.missed_in_a_row} séances manquées de suite`).first().waitFor();
    assert.ok((await figure(page, 'risk')).startsWith(String(count)));
    assert.equal(await panel.locator('.row').count(), trainees.length);
    assert.deepEqual(complaints, []);
  });

  test('says of trainees at risk why, and who where they may be named, and leads to their group', async (t) => {
    const office = await arrive('administrator');
    t.after(() => office.context.close());
    const { page, get } = office;
    const { institution } = await get('/api/me');
    const { rows } = await get(`/api/institutions/${institution}/reports`, { ...SPAN, by: 'group' });
    const group = { id: rows[0].id, name: rows[0].name };
    const one = { group, lessons: 6, attendance_percent: 31.25, missed_in_a_row: 0, before_percent: null };
    const reasons = ['low', 'falling', 'missing'];
    const lost = { ...one, person: 'p', name: 'سلمى الإدريسي', before_percent: 88.5, missed_in_a_row: 4, reasons };
    const nameless = { ...one, person: null, name: null, reasons: ['low'] };
    // Everybody of the demo comes: the server's answer is given trainees who do not.
    let said;
    await page.route('**/reports/at-risk?**', async (route) => {
      const answer = await (await route.fetch()).json();
      await route.fulfill({ json: { ...answer, ...said } });
    });
    const panel = page.locator('.report-risk');
    said = { named: true, count: 1, trainees: [lost] };
    await open(office, ADDRESS);
    const row = panel.locator('.row');
    await row.getByText('سلمى الإدريسي').waitFor();
    const why = (await row.locator('.report-reasons li').allInnerTexts()).map(bare);
    assert.deepEqual(why, ['sous60%', 'enbaisse,88,5%avant', '4séancesmanquéesdesuite']);
    assert.ok(bare(await row.innerText()).includes('31,2%6séances'), await row.innerText());
    assert.deepEqual(await faultsOf(page, 'trainees at risk'), []);
    said = { named: false, count: 1, trainees: [nameless] };
    await page.reload();
    await row.getByText('Stagiaire 1').waitFor();
    await panel.getByText('Les noms restent dans l’établissement').waitFor();
    await row.getByRole('link', { name: group.name }).click();
    await page.getByRole('heading', { level: 1, name: `Rapport : ${group.name}` }).waitFor();
    await page.locator('.report-lessons .row').first().waitFor();
  });

  test('gives trainers their own lessons, and compares no trainers', async (t) => {
    const trainer = await arrive('trainer');
    t.after(() => trainer.context.close());
    const { institution } = await trainer.get('/api/me');
    const { total } = await trainer.get(`/api/institutions/${institution}/reports`, { ...SPAN, by: 'course' });
    await open(trainer, ADDRESS);
    assert.ok((await figure(trainer.page, 'hours')).startsWith(hours(total.given_us)));
    await trainer.page.getByRole('button', { name: 'Groupes' }).waitFor();
    assert.equal(await trainer.page.getByRole('button', { name: 'Formateurs' }).count(), 0);
  });

  test('runs its time the way the writing runs', async (t) => {
    for (const [language, sign] of [['fr', 1], ['ar', -1]]) {
      const reader = await arrive('ministry', { language });
      t.after(() => reader.context.close());
      await open(reader, ADDRESS);
      const at = (locator) => locator.evaluate((element) => element.getBoundingClientRect().x);
      const labels = reader.page.locator('.chart-steps').first().locator('span');
      assert.ok(((await at(labels.last())) - (await at(labels.first()))) * sign > 0, language);
      const bars = reader.page.locator('.chart-plot').nth(1).locator('svg');
      const turned = await bars.evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).a);
      assert.equal(turned, sign);
    }
  });

  test('says why it can’t be shown, and comes when it can', async () => {
    const { page } = ministry;
    await page.route('**/api/reports?**', (route) => route.abort());
    await page.goto(`${server.url}/reports?${ADDRESS}`);
    await page.getByRole('alert').getByText('Le serveur ne répond pas').waitFor();
    await page.unroute('**/api/reports?**');
    await page.getByRole('button', { name: 'Réessayer' }).click();
    await page.locator('.report-figures').waitFor();
  });

  test('has no faults that axe finds, and is no wider than its screen', async (t) => {
    const { id: institution } = await busyOne(ministry);
    const { rows } = await ministry.get(`/api/institutions/${institution}/reports`, { ...SPAN, by: 'group' });
    const [first, second] = rows;
    const at = `${ADDRESS}&institution=${institution}&by=group`;
    const states = {
      'the country': [ADDRESS],
      'the country’s institutions in a table': [`${ADDRESS}&by=institution&view=table&sort=-attendance`],
      'an institution, two groups side by side': [`${at}&with=${first.id},${second?.id ?? ''}`, '.report-figures'],
      'the same in a table': [`${at}&with=${first.id},${second?.id ?? ''}&view=table`],
      'a group': [`${ADDRESS}&institution=${institution}&group=${first.id}`, '.report-lessons .row'],
      'nothing': ['from=2001-01-01&to=2001-01-31', '.empty'],
      'how a figure is worked out': [ADDRESS, '.report-figures', '.report-how'],
      'the views': [ADDRESS, '.report-figures', '.page-acts button:nth-of-type(1)'],
      'saving a view': [ADDRESS, '.report-figures', '.page-acts button:nth-of-type(2)'],
    };
    const faults = [];
    for (const language of ['ar', 'fr']) {
      for (const viewport of [DESK, PHONE]) {
        const reader = await arrive('ministry', { language, viewport });
        t.after(() => reader.context.close());
        for (const [name, [search, shown = '.report-figures', press]] of Object.entries(states)) {
          await reader.page.goto(`${server.url}/reports?${search}`);
          await reader.page.locator(shown).first().waitFor();
          if (press) await reader.page.locator(press).first().click();
          faults.push(...(await faultsOf(reader.page, `${name}, ${language}, ${viewport.width}`)));
        }
        assert.deepEqual(reader.complaints, []);
      }
    }
    assert.deepEqual(faults, []);
  });
});
