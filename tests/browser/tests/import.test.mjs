import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { Classes } from '../harness/classes.mjs';
import { tabTo } from '../harness/keyboard.mjs';
import { School } from '../harness/school.mjs';
import { Server } from '../harness/server.mjs';

const DESK = { width: 1280, height: 800 };

/** Text as an older Arabic Windows saves it. */
function windows1256(text) {
  const decoder = new TextDecoder('windows-1256');
  const bytes = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  return Buffer.from([...text].map((letter) => bytes.get(letter)));
}

describe('files', () => {
  let server;
  let school;
  let classes;
  let office;
  before(async () => {
    server = await Server.start({ demo: false });
    school = await School.begin(server);
    classes = await Classes.begin(school);
    office = (await school.arrive('fr', DESK, { signedIn: true })).page;
  });
  after(async () => {
    await school?.end();
    await server?.stop();
  });

  async function choose(name, content) {
    const buffer = Buffer.isBuffer(content) ? content : Buffer.from(content);
    await office.locator('input[type="file"]').setInputFiles({ name, mimeType: 'text/csv', buffer });
  }

  const people = async () => (await school.call('GET', '/api/institutions/{institution}/people?limit=200')).items;

  test('of people are looked at first, then brought whole or not at all, and once', async () => {
    const before = (await people()).length;
    await office.goto(`${server.url}/people/import`);
    await choose('a.csv', 'Nom;Rôle;Matricule\nSalma Ouchen;stagiaire;M-901\nKarim;chef;M-902\n');
    await office.getByText('1 problème à corriger').waitFor();
    await office.getByText('Indiquez stagiaire, formateur, administrateur ou commission.').waitFor();
    assert.equal(await office.getByRole('button', { name: 'Importer', exact: true }).count(), 0);
    assert.equal((await people()).length, before);

    const good = windows1256('الاسم;الدور;رقم التسجيل\nسلمى أوشن;متدرب;M-901\nكريم التازي;مكون;M-902\n');
    await choose('b.csv', good);
    await office.getByRole('cell', { name: 'سلمى أوشن' }).waitFor();
    await tabTo(office, '[type="submit"]');
    await office.keyboard.press('Enter');
    await office.getByRole('heading', { name: 'Le fichier est importé' }).waitFor();
    const names = (await people()).map(({ name }) => name);
    assert.equal(names.length, before + 2);
    assert.ok(names.includes('كريم التازي'));

    await office.getByRole('button', { name: 'Importer un autre fichier' }).click();
    await choose('b.csv', good);
    await office.getByText('Tout ce que dit ce fichier est déjà là.').waitFor();
  });

  test('that are no tables say what to do', async () => {
    await office.goto(`${server.url}/people/import`);
    await choose('c.csv', Buffer.from('PK\u0003\u0004 a spreadsheet of another kind'));
    await office.getByText('C’est un classeur de tableur.').waitFor();
    await choose('d.csv', 'Nom;Truc\nSalma;1\n');
    await office.getByText('La première ligne ne nomme pas les bonnes colonnes.').waitFor();
  });

  test('of a timetable name what is in the way, and are in the week once they are brought', async () => {
    await office.goto(`${server.url}/people/import/lessons`);
    const line = (title, at) => `${classes.group.name};${classes.trainer.name};${title};2031-03-03;${at};60\n`;
    const header = 'Groupe;Formateur;Séance;Date;Début;Durée en minutes\n';
    // By its trainer and by its group.
    await choose('e.csv', header + line('Le multimètre', '8:30') + line('Mesurer', '9:00'));
    await office.getByText('2 problèmes à corriger').waitFor();
    const told = await office.getByText(/En conflit avec/).allInnerTexts();
    assert.equal(told.length, 2);
    for (const text of told) assert.match(text, /Le multimètre\W+2031-03-03 08:30 – 09:30 \(ligne 2 du fichier\)/u);
    await choose('f.csv', header + line('Le multimètre', '8:30'));
    await office.getByRole('button', { name: 'Importer', exact: true }).click();
    await office.getByRole('heading', { name: 'Le fichier est importé' }).waitFor();
    const week = '/api/institutions/{institution}/lessons?from=2031-03-03&to=2031-03-09';
    const { items } = await school.call('GET', week);
    assert.deepEqual(items.map(({ title }) => title), ['Le multimètre']);
  });

  test('of the timetable are reached from the week, and change nothing where they come from', async () => {
    await office.goto(`${server.url}/week`);
    await office.getByRole('link', { name: 'Importer ou exporter l’emploi du temps' }).click();
    await office.getByText('aucune séance n’est changée ni annulée').waitFor();
    const link = office.getByRole('link', { name: 'lessons.csv' });
    const [download] = await Promise.all([office.waitForEvent('download'), link.click()]);
    const file = await readFile(await download.path(), 'utf8');
    assert.match(file, /;Le multimètre;/);
    await choose('lessons.csv', file);
    await office.getByText('Tout ce que dit ce fichier est déjà là.').waitFor();
    const header = 'Groupe;Formateur;Séance;Date;Début;Durée en minutes;Répétition\n';
    const rule = '"FREQ=WEEKLY;COUNT=2;UNTIL=20310401"';
    await choose('rule.csv', `${header}${classes.group.name};${classes.trainer.name};Arc;2031-03-05;8:30;60;${rule}\n`);
    await office.getByText('La règle a deux fins. Gardez COUNT ou UNTIL.').waitFor();
  });
});
