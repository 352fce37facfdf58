import puppeteer from 'puppeteer-core';
import { READER } from './counter.mjs';
import { EAR, HEARD_DECIBELS } from './ear.mjs';
import { pictureOf, Watch } from './people.mjs';
import { freePort } from './server.mjs';
import { until } from './wait.mjs';

const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

/** The fake camera and microphone of Firefox: a moving picture without a counter, and a tone. */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
};

/** Somebody in front of a Firefox at the far end of a cable. */
export class FirefoxPerson {
  static async arrive(cable) {
    const debuggingPort = await freePort();
    const end = await cable.bring(debuggingPort);
    const browser = await puppeteer.launch({
      browser: 'firefox',
      debuggingPort,
      executablePath: cable.launcher(FIREFOX),
      headless: true,
      extraPrefsFirefox: { ...PREFERENCES, 'dom.securecontext.allowlist': cable.address },
    });
    const person = new FirefoxPerson();
    person.browser = browser;
    person.end = end;
    person.page = await browser.newPage();
    await person.page.setViewport({ width: 1280, height: 800 });
    await person.page.evaluateOnNewDocument(`${READER}${EAR}localStorage.setItem('qism.language', 'en');`);
    return person;
  }

  async enter(link, name) {
    await this.page.goto(link);
    const enter = await this.#button('Enter the class');
    const field = await this.page.$('input#name');
    if (name && field) await field.type(name);
    await enter.click();
    await this.page.waitForSelector('.room', { timeout: 20_000 });
  }

  async press(name) {
    await (await this.#button(name)).click();
  }

  /** Waits for the button with this name, or whose name is one of these. */
  has(...names) {
    return this.#button(...names);
  }

  async teach() {
    const start = await this.#button('Start the lesson', 'End the lesson');
    if ((await start.evaluate((button) => button.textContent)).includes('Start')) await start.click();
    for (const [off, on] of [['Muted', 'You are heard'], ['Camera closed', 'Camera open']]) {
      const key = await this.#button(off, on);
      if ((await key.evaluate((button) => button.textContent.trim())) === off) await key.click();
      await this.#button(on);
    }
  }

  async listen(...frequencies) {
    await this.page.evaluate((all) => globalThis.qismEar.listen(all), frequencies);
  }

  hears(hertz, { within = 15_000, since = 0 } = {}) {
    const heard = () =>
      this.page.evaluate(
        (tone, from, least) =>
          globalThis.qismEar.heard.find(({ at, decibels }) => at >= from && decibels[tone] > least)?.at ?? 0,
        hertz,
        since,
        HEARD_DECIBELS,
      );
    return until(heard, { within, what: `Firefox to hear ${hertz} Hz` });
  }

  async watch(kind) {
    await this.page.waitForSelector(pictureOf(kind), { timeout: 15_000 });
    return new Watch(await this.page.evaluateHandle((which) => globalThis.qismCounter.watch(which), pictureOf(kind)));
  }

  async close() {
    await this.browser.close();
    this.end();
  }

  async #button(...names) {
    const found = await this.page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll('button')].find((button) => {
          const name = (button.getAttribute('aria-label') ?? button.textContent).trim();
          return wanted.includes(name) && button.getClientRects().length > 0;
        }),
      { timeout: 15_000 },
      names,
    );
    return found.asElement();
  }
}
