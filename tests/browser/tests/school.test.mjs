import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { faultsOf } from '../harness/accessible.mjs';
import { ADMINISTRATOR, School } from '../harness/school.mjs';
import { OPEN_PAGES, PAGES, prepare } from '../harness/school-pages.mjs';
import { Server } from '../harness/server.mjs';

const SIZES = [
  ['a desk', { width: 1280, height: 800 }],
  ['a phone', { width: 360, height: 740 }],
];

describe('the pages of people with accounts', () => {
  let server;
  let school;
  let made;
  before(async () => {
    server = await Server.start({ demo: false });
    school = await School.begin(server);
    made = await prepare(school);
  });
  after(async () => {
    await school?.end();
    await server?.stop();
  });

  for (const language of ['ar', 'fr']) {
    for (const [size, viewport] of SIZES) {
      test(`are accessible in ${language} on ${size}, and no wider than it`, async () => {
        const faults = [];
        await look(await school.arrive(language, viewport), viewport, OPEN_PAGES, faults);
        await look(await school.arrive(language, viewport, { signedIn: true }), viewport, PAGES, faults);
        assert.deepEqual(faults, []);
      });
    }
  }

  async function look({ context, page, complaints }, viewport, pages, faults) {
    for (const { path: pattern, press, shown } of pages) {
      const path = pattern.replace(/\{(\w+)\}/g, (_, name) => made[name]);
      await page.setViewportSize(viewport);
      await page.goto('about:blank');
      await page.goto(server.url + path);
      if (press) await page.locator(press).first().click();
      await page.locator(shown).first().waitFor();
      // What scrolls below the places at the bottom would count as too small to be touched.
      const { width } = page.viewportSize();
      await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
      faults.push(...(await faultsOf(page, `${path} ${press ?? ''}`)));
    }
    faults.push(...complaints.splice(0));
    await context.close();
  }

  test('a page is asked for, one signs in with both factors, and comes to it; signing out leaves nothing', async () => {
    const { context, page, complaints } = await school.arrive('fr', SIZES[0][1]);
    await page.goto(`${server.url}/account`);
    await page.locator('[name="sign_in"]').fill(ADMINISTRATOR.signIn);
    await page.locator('[name="password"]').fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Identifiant ou mot de passe incorrect').waitFor();
    await page.locator('[name="password"]').fill(ADMINISTRATOR.password);
    await page.keyboard.press('Enter');
    await page.locator('[name="code"]').fill(school.recoveryCodes[0]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Compte et sécurité' }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/account');
    assert.equal(await page.title(), 'Compte et sécurité · Qism');

    await page.getByRole('button', { name: 'Mon compte' }).click();
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await page.locator('[name="sign_in"]').waitFor();
    assert.equal(page.url(), `${server.url}/sign-in`);
    await page.goto(`${server.url}/account`);
    await page.locator('[name="sign_in"]').waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('the keyboard skips the navigation, and another page’s heading takes the focus', async () => {
    const { context, page } = await school.arrive('ar', SIZES[0][1], { signedIn: true });
    await page.goto(`${server.url}/account`);
    await page.locator('.account').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
    await page.evaluate(() => {
      const link = Object.assign(document.createElement('a'), { href: '/week/nothing/is/here', textContent: 'x' });
      document.body.append(link);
      link.click();
    });
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    await context.close();
  });
});
