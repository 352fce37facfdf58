import { chromium } from 'playwright-core';
import { codeOf } from './school.mjs';
import { until } from './wait.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const DESK = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 700 };

/** How long rules have to hold, and more, until the invented country has alarms. */
const ALARM_WITHIN_MS = 240_000;

const DAY_MS = 86_400_000;

/** How many trainees a record shows until more are asked for; those who were there least come first. */
const SHOWN = 10;

/** In how many institutions trainees at risk are looked for. */
const LOOKED_AT_MAX = 60;

/** How much longer somebody was there than their browser told. */
const PUT_RIGHT_US = 5 * 60_000_000;

/** Regions and lessons are called in either language; those of the guide's own are shown. */
const LETTERS = { ar: /\p{Script=Arabic}{3}/u, fr: /\p{Script=Latin}{3}/u };

const SAID = {
  ar: {
    rule: 'few_present',
    comment: 'اتصلنا بالمؤسسة: الكهرباء منقطعة في حي أغلب المتدربين.',
    reason: 'حضور في الورشة، تثبته ورقة موقعة.',
  },
  fr: {
    rule: 'no_trainer',
    comment: 'Établissement appelé : le formateur est en route.',
    reason: 'Présence à l’atelier, feuille signée.',
  },
};

/**
 * A committee's member at a demo server, whose pages are taken for the guide. `show(name, page, clip)` keeps a picture:
 * of what `clip` (a locator, or a size from the page's top) covers, or of all that the window shows.
 */
export class Committee {
  static async begin(server, language, show) {
    const made = new Committee();
    Object.assign(made, { server, language, show });
    made.browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    return made;
  }

  async end() {
    await this.browser.close();
  }

  /** Somebody in front of a window; signed in where an account is named. */
  async arrive(account, viewport = DESK) {
    const context = await this.browser.newContext({ locale: this.language, viewport });
    await context.addInitScript((chosen) => {
      if (location.protocol !== 'about:') localStorage.setItem('qism.language', chosen);
    }, this.language);
    const page = await context.newPage();
    const { url, demo } = this.server;
    const call = async (method, path, data) => {
      const answer = await context.request.fetch(url + path, { method, data, headers: { origin: url } });
      if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
      return (await answer.body()).length === 0 ? null : answer.json();
    };
    if (account) await call('POST', '/api/sign-in', demo.accounts[account]);
    return { context, page, call };
  }

  /** The step of the sign-in that asks for a second factor, which somebody of the demo sets up first. */
  async signsIn() {
    const { sign_in, password } = this.server.demo.accounts.trainer;
    const { call, context } = await this.arrive('trainer');
    const { secret } = await call('POST', '/api/me/second-factor');
    await call('POST', '/api/me/second-factor/confirm', { code: codeOf(secret) });
    await context.close();
    const { page } = await this.arrive(null, { width: 1280, height: 720 });
    await page.goto(`${this.server.url}/sign-in`);
    await page.locator('[name="sign_in"]').fill(sign_in);
    await page.locator('[name="password"]').fill(password);
    await page.keyboard.press('Enter');
    await page.locator('[name="code"]').waitFor();
    await this.show('second-factor', page, page.locator('.narrow-page'));
  }

  /** The board of a country: as a whole, what is open of it, and on a phone. */
  async watches() {
    const { page, call } = await this.arrive('committee', { width: 1280, height: 900 });
    const isOurs = ({ institution_name }) => LETTERS[this.language].test(institution_name);
    // A rule has to hold for a while before an alarm is raised.
    const alarm = await until(
      async () => (await call('GET', '/api/alarms?rule=poor_speech&open=true&limit=200')).items.find(isOurs),
      { within: ALARM_WITHIN_MS, what: 'an alarm about speech' },
    );
    await page.goto(`${this.server.url}/board`);
    await page.locator('.alarm-rows li').nth(2).waitFor();
    await this.show('board', page);
    const open = async (...path) => {
      const opener = page.locator(`[data-part="${path.at(-1)}"]`).first();
      await opener.click();
      await page.waitForURL(`**/board/${path.join('/')}`);
      await page.locator('.drill .board-table tbody tr').first().waitFor();
    };
    await open(alarm.region);
    await this.show('region', page, page.locator('.drill'));
    await page.setViewportSize({ width: 1280, height: 1060 });
    await open(alarm.region, alarm.institution);
    await open(alarm.region, alarm.institution, alarm.lesson);
    await page.locator('.one .trace').waitFor();
    await this.show('lesson', page, page.locator('.drill'));
    const phone = await this.arrive('committee', NARROW);
    await phone.page.goto(`${this.server.url}/board`);
    await phone.page.locator('[data-part]').first().waitFor();
    await this.show('board-phone', phone.page);
  }

  /** An alarm that somebody takes charge of, with what they found. */
  async takesCharge() {
    const { page } = await this.arrive('committee');
    await page.goto(`${this.server.url}/alarms`);
    const { rule, comment } = SAID[this.language];
    // One rule for each language: the alarm that the other one took is not in the list.
    await page.locator(`.toolbar select:has([value="${rule}"])`).selectOption(rule);
    const record = page.locator('.alarm-record').first();
    const take = record.locator('.row-acts .button:not(.quiet)');
    await take.click();
    await take.waitFor({ state: 'detached' });
    await record.locator('[aria-expanded]').click();
    await record.locator('[name="body"]').fill(comment);
    await record.locator('[type="submit"]').click();
    await record.locator('.alarm-comments .row').waitFor();
    const { y, height } = await record.boundingBox();
    await this.show('alarms', page, { width: 1280, height: Math.ceil(y + height) });
  }

  /** A class that is listened to: what its trainer sees of that, and what the committee sees. */
  async listens(room) {
    const { page } = await this.arrive('committee');
    const { institution, region } = await this.#school();
    await page.goto(`${this.server.url}/board/${region}/${institution}/${this.server.demo.lesson}`);
    await page.locator('[aria-describedby="board-listen"]').click();
    await page.locator('.committee .twin tbody tr').nth(4).waitFor();
    const watch = page.locator('.watch');
    if ((await watch.getAttribute('aria-pressed')) === 'true') await watch.click();
    await page.getByText(room.words['committee.unknown']).first().waitFor({ state: 'detached' });
    await this.show('room', page, { width: 1280, height: 660 });
    const seen = room.trainer.page;
    await seen.locator('.observed-word').waitFor();
    await this.show('observed', seen, seen.locator('.lesson-top'));
  }

  /** The record of a lesson that is sealed, somebody in it who was put right, and how anybody verifies it. */
  async defends() {
    const { institution, lesson, number } = await this.#putsRight();
    const path = `${this.server.url}/lessons/${institution}/${lesson}`;
    const { page, call } = await this.arrive('committee', { width: 1280, height: 1120 });
    await page.goto(path);
    await page.locator('.seal-panel[aria-busy="false"] .mark-live').waitFor();
    await this.show('record', page);
    const more = page.locator('.record-more button');
    if (await more.count()) await more.click();
    await page.locator('.name-button').filter({ hasText: new RegExp(`\\D${number}$`) }).click();
    await page.locator('dialog .table').waitFor();
    await this.show('person', page, page.locator('dialog'));
    const phone = await this.arrive('committee', NARROW);
    await phone.page.goto(path);
    await phone.page.locator('.presence-table .name').first().waitFor();
    await phone.page.locator('.lesson-record').evaluate((record) => record.scrollIntoView());
    await this.show('record-phone', phone.page);
    const { seal } = await call('GET', `/api/institutions/${institution}/lessons/${lesson}/report`);
    const anybody = await this.arrive(null);
    await anybody.page.goto(`${this.server.url}/verify#${seal.hash}`);
    await anybody.page.locator('.verify-answer .mark-live').waitFor();
    await this.show('verify', anybody.page, anybody.page.locator('.verify-page'));
  }
  /** What the lessons of a country came to last week, and of an institution whose trainees' attendance is known. */
  async reports() {
    const { page, call } = await this.arrive('administrator', { width: 1280, height: 1180 });
    await page.goto(`${this.server.url}/reports?period=last-week`);
    await page.locator('.report-table tbody tr').first().waitFor();
    await this.show('reports', page);
    const { institution } = await this.#atRisk(call);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${this.server.url}/reports?period=last-week&institution=${institution}`);
    await page.locator('.report-risk .row').first().waitFor();
    await this.show('at-risk', page);
  }

  /** The institution that has the fewest trainees at risk, and some. */
  async #atRisk(call) {
    const day = (before) => new Date(Date.now() - before * DAY_MS).toISOString().slice(0, 10);
    const { rows } = await call('GET', `/api/reports?from=${day(7)}&to=${day(0)}&by=institution`);
    const named = rows.filter(({ name }) => LETTERS[this.language].test(name)).slice(0, LOOKED_AT_MAX);
    const found = [];
    for (const { id } of named) {
      const { count } = await call('GET', `/api/institutions/${id}/reports/at-risk?to=${day(0)}`);
      if (count > 0) found.push({ institution: id, count });
    }
    return found.toSorted((one, other) => one.count - other.count)[0];
  }

  /** The demo school, as its administration is told of it. */
  async #school() {
    const { call, context } = await this.arrive('administrator');
    const me = await call('GET', '/api/me');
    await context.close();
    return me;
  }

  /** Has the school's administration put right who was there least in a lesson with everything in it that a line shows. */
  async #putsRight() {
    const { call, context } = await this.arrive('administrator');
    const { institution } = await call('GET', '/api/me');
    const day = (before) => new Date(Date.now() - before * DAY_MS).toISOString().slice(0, 10);
    const of = `/api/institutions/${institution}/lessons`;
    const { items } = await call('GET', `${of}?from=${day(7)}&to=${day(1)}&limit=200`);
    for (const { id, title } of items) {
      if (!LETTERS[this.language].test(title)) continue;
      const { people, seal } = await call('GET', `${of}/${id}/report`);
      const trainees = people.filter(({ role, expected }) => role === 'trainee' && expected);
      const shown = trainees.toSorted((one, other) => one.counted_us - other.counted_us).slice(0, SHOWN);
      const having = (kind) => shown.filter(({ spells }) => spells.some((spell) => spell.kind === kind));
      const [person] = having('away');
      if (!seal || seal.corrections > 0 || !person || having('dropped').length === 0) continue;
      const { reason } = SAID[this.language];
      const body = { person: person.person, present_us: person.counted_us + PUT_RIGHT_US, reason };
      await call('POST', `${of}/${id}/attendance/corrections`, body);
      await context.close();
      return { institution, lesson: id, number: person.number };
    }
    throw new Error('The demo has no sealed lesson with a hidden page and a lost connection in it.');
  }
}
