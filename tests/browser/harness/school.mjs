import { createHmac } from 'node:crypto';
import { chromium } from 'playwright-core';
import { until } from './wait.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const STEP_S = 30;

/** Who makes the school of these tests. */
export const ADMINISTRATOR = { name: 'نعيمة بنسودة', signIn: 'naima.bensouda', password: 'quatre ateliers de soudure' };

/** A server's first institution and its administrator, made as people make them: by the link that the server prints. */
export class School {
  static async begin(server) {
    const school = new School();
    school.server = server;
    school.browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    const { page, context } = await school.arrive('fr', { width: 1280, height: 800 });
    await page.goto(await school.setupLink());
    await page.getByLabel('Votre nom').fill(ADMINISTRATOR.name);
    await page.locator('[name="sign_in"]').fill(ADMINISTRATOR.signIn);
    await page.locator('[name="password"]').fill(ADMINISTRATOR.password);
    await page.locator('[name="institution.name"]').fill('المعهد المتخصص للتكنولوجيا التطبيقية');
    await page.locator('[name="institution.time_zone"]').selectOption('Africa/Casablanca');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Activez votre second facteur' }).waitFor();
    await page.getByRole('button', { name: 'Activer' }).click();
    school.secret = await page.getByLabel(/^Sans appareil photo/).inputValue();
    await page.locator('[name="code"]').fill(school.code());
    await page.getByRole('button', { name: 'Confirmer' }).click();
    const codes = await page.getByLabel('Codes de secours').inputValue();
    school.recoveryCodes = codes.split('\n');
    await page.getByRole('button', { name: 'Je les ai notés' }).click();
    await page.locator('.top .account-button').waitFor();
    school.cookies = await context.cookies();
    school.me = await page.evaluate(async () => (await fetch('/api/me')).json());
    await context.close();
    return school;
  }

  /** The link of the first start, from what the server said. */
  async setupLink() {
    const link = await until(() => /http\S+\/setup#\S+/.exec(this.server.log)?.[0], { what: 'the first start’s link' });
    return link;
  }

  /** Somebody in front of a browser; signed in as the administrator where `signedIn` is set. */
  async arrive(language, viewport, { signedIn = false } = {}) {
    const context = await this.browser.newContext({ locale: language, viewport });
    await context.addInitScript((chosen) => {
      if (location.protocol !== 'about:') localStorage.setItem('qism.language', chosen);
    }, language);
    if (signedIn) await context.addCookies(this.cookies);
    const page = await context.newPage();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    // What the server refuses, browsers log by themselves.
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
    });
    return { context, page, complaints };
  }

  /** A call in the administrator's name; `{institution}` in the path stands for theirs. */
  async call(method, path, body, headers = {}) {
    const response = await fetch(this.server.url + path.replace('{institution}', this.me.institution), {
      method,
      headers: {
        origin: this.server.url,
        cookie: this.cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** What the clocks of the institution show, as 2026-11-30T08:30. */
  wallNow() {
    const zone = { timeZone: this.me.time_zone, dateStyle: 'short', timeStyle: 'short' };
    return new Intl.DateTimeFormat('sv', zone).format(Date.now()).replace(' ', 'T');
  }

  /** What an authenticator app shows, now or some steps later. */
  code(steps = 0) {
    return codeOf(this.secret, steps);
  }

  async end() {
    await this.browser.close();
  }
}

/** The code that an authenticator app shows for a secret (RFC 6238), now or some steps later. */
export function codeOf(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP_S) + steps));
  const hash = createHmac('sha1', base32(secret)).update(counter).digest();
  const offset = hash[hash.length - 1] & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

function base32(text) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}
