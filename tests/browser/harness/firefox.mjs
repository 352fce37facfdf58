import puppeteer from 'puppeteer-core';
import { READER } from './counter.mjs';
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

/** How much of all that is heard a tone has to be, as a share of its power. */
const SHARE_MIN = 0.3;

/**
 * Records a second of what each audio element plays, and gives the largest share that the tone has in one. Firefox
 * runs no AudioContext on a machine without a sound card, but it records and decodes.
 */
const RECORD = async (hertz) => {
  const shares = [...document.querySelectorAll('audio')].map(async ({ srcObject }) => {
    const [track] = srcObject?.getAudioTracks() ?? [];
    if (!track) return 0;
    const recorder = new MediaRecorder(new MediaStream([track]));
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((done) => (recorder.onstop = done));
    recorder.start();
    setTimeout(() => recorder.stop(), 1_000);
    await stopped;
    const context = new OfflineAudioContext(1, 1, 48_000);
    const sound = await context.decodeAudioData(await new Blob(parts).arrayBuffer()).catch(() => null);
    if (!sound) return 0;
    const samples = sound.getChannelData(0);
    let [real, imaginary, power] = [0, 0, 0];
    // The power at one frequency, block by block: phases need not run on through a whole second.
    const block = 4_096;
    let tone = 0;
    for (let from = 0; from + block <= samples.length; from += block) {
      [real, imaginary] = [0, 0];
      for (let n = 0; n < block; n += 1) {
        const sample = samples[from + n];
        const phase = (2 * Math.PI * hertz * n) / sound.sampleRate;
        real += sample * Math.cos(phase);
        imaginary += sample * Math.sin(phase);
        power += sample * sample;
      }
      tone += (2 * (real * real + imaginary * imaginary)) / block;
    }
    return power > 1e-3 ? tone / power : 0;
  });
  return Math.max(0, ...(await Promise.all(shares)));
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
    await person.page.evaluateOnNewDocument(`${READER}localStorage.setItem('qism.language', 'en');`);
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

  /** Waits until this tone is what the page plays most of. */
  hears(hertz, { within = 20_000 } = {}) {
    return until(async () => (await this.page.evaluate(RECORD, hertz)) > SHARE_MIN, {
      within,
      what: `Firefox to hear ${hertz} Hz`,
    });
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
