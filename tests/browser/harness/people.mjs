import { chromium } from 'playwright-core';
import { READER } from './counter.mjs';
import { EAR, HEARD_DECIBELS } from './ear.mjs';
import { camera as cameraFile, voice as voiceFile } from './fixtures.mjs';
import { SCREEN_MS, SCREEN_TITLE, screenPage } from './screen.mjs';
import { until } from './wait.mjs';
import { wordsOf } from './words.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  `--auto-select-tab-capture-source-by-title=${SCREEN_TITLE}`,
];

/** What a person hears, if it is loud enough to be heard. */
export const TONES = { trainer: 440, first: 660, second: 900, third: 1200, screen: 2000 };

const CLICKS = "addEventListener('click', () => { globalThis.qismClickedAt = Date.now(); }, true);";

/**
 * A browser with one person's camera and voice; at the far end of a cable, if one is given. `url` is the server's
 * where that is not on localhost.
 */
export async function openBrowser({ tone = TONES.trainer, camera = {}, file, cable, url, permissions = true } = {}) {
  const args = [
    ...FLAGS,
    `--use-file-for-fake-video-capture=${file ?? cameraFile(camera)}`,
    `--use-file-for-fake-audio-capture=${voiceFile(tone)}`,
  ];
  // Over a cable the server is no localhost, which alone is trusted without TLS.
  if (url) args.push(`--unsafely-treat-insecure-origin-as-secure=${url}`);
  const browser = await chromium.launch({
    executablePath: cable ? cable.launcher(CHROMIUM) : CHROMIUM,
    headless: false,
    args,
  });
  browser.permissions = permissions ? ['camera', 'microphone'] : [];
  return browser;
}

/** The selector of the element that shows a picture. */
export function pictureOf(kind, of = '') {
  return `video[aria-label^="${kind === 'screen' ? 'Screen shared by' : 'Picture of'} ${of}"]`;
}

/** Somebody in front of a browser of their own. */
export class Person {
  constructor(browser, context, page) {
    this.browser = browser;
    this.context = context;
    this.page = page;
    this.complaints = [];
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  static async arrive(browser, { locale = 'en-GB', viewport = { width: 1200, height: 720 } } = {}) {
    const language = locale.slice(0, 2);
    const context = await browser.newContext({ locale, viewport, permissions: browser.permissions });
    await context.addInitScript(READER + EAR + CLICKS);
    // The lesson's own language would decide otherwise.
    await context.addInitScript((chosen) => localStorage.setItem('qism.language', chosen), language);
    const page = await context.newPage();
    const person = new Person(browser, context, page);
    person.words = await wordsOf(language);
    return person;
  }

  /** Opens an invitation, gives the name where it is asked for, and enters. */
  async enter(link, name) {
    await this.page.goto(link);
    await this.join(name);
  }

  async join(name) {
    const enter = this.button(this.words['join.enter']);
    await enter.waitFor();
    const field = this.page.getByRole('textbox', { name: this.words['join.name'] });
    if (name && (await field.count())) await field.fill(name);
    await enter.click();
    await this.inRoom();
  }

  /** Waits until the classroom is there. */
  inRoom(within = 15_000) {
    return this.page.locator('.room, .committee').first().waitFor({ timeout: within });
  }

  /** Opens the microphone or the camera, and waits until it is open. */
  async open(source) {
    const key = source === 'microphone' ? 'mic' : 'camera';
    const [off, on] = [this.button(this.words[`${key}.off`]), this.button(this.words[`${key}.on`])];
    await off.or(on).first().waitFor();
    if (!(await on.count())) await off.first().click();
    await on.first().waitFor();
  }

  /** A trainer's first acts: starts the lesson where it has not started, then opens microphone and camera. */
  async teach({ screen = false } = {}) {
    const start = this.button(this.words['trainer.start']);
    await start.or(this.button(this.words['trainer.end'])).first().waitFor();
    if (await start.count()) await start.first().click();
    await this.open('microphone');
    await this.open('camera');
    if (!screen) return;
    await this.press(this.words['trainer.shareFull']);
    await this.button(this.words['trainer.stopSharing']).first().waitFor();
  }

  /** From now on, measures what is played; again after each load of the page. */
  async listen(...frequencies) {
    await this.page.evaluate((all) => globalThis.qismEar.listen(all), frequencies);
  }

  /** The button with this name. */
  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  press(name) {
    return this.button(name).first().click();
  }

  /** When the page last saw a click, in milliseconds since 1970: tests on a busy machine press late. */
  clickedAt() {
    return this.page.evaluate(() => globalThis.qismClickedAt);
  }

  /** Writes in the chat. */
  async say(text) {
    const field = this.page.getByRole('textbox', { name: this.words['chat.label'] });
    if (!(await field.count())) await this.page.getByRole('tab', { name: this.words['chat.title'] }).first().click();
    await field.fill(text);
    await this.press(this.words['chat.send']);
  }

  /** A trainer removes somebody. */
  async remove(name) {
    await this.press(`Options for ${name}`);
    await this.page.getByRole('menuitem', { name: 'Remove from the lesson' }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  }

  /** Reads the counters of a picture from now on: `screen` or `camera`, of this participant where there are several. */
  async watch(kind, of) {
    const selector = pictureOf(kind, of);
    await this.page.locator(selector).first().waitFor();
    return new Watch(await this.page.evaluateHandle((which) => globalThis.qismCounter.watch(which), selector));
  }

  /** Waits until a tone is heard; the time at which it first was. */
  hears(hertz, { within = 10_000, since = 0 } = {}) {
    return until(() => this.firstHeard(hertz, since), { within, what: `${hertz} Hz to be heard` });
  }

  firstHeard(hertz, since) {
    return this.page.evaluate(
      ([tone, from, least]) =>
        globalThis.qismEar.heard.find(({ at, decibels }) => at >= from && decibels[tone] > least)?.at,
      [hertz, since, HEARD_DECIBELS],
    );
  }

  /** When a tone was last heard, up to now. */
  lastHeard(hertz) {
    return this.page.evaluate(
      ([tone, least]) => globalThis.qismEar.heard.findLast(({ decibels }) => decibels[tone] > least)?.at ?? 0,
      [hertz, HEARD_DECIBELS],
    );
  }

  /** How loud each tone was at most since then. */
  loudest(since) {
    return this.page.evaluate((from) => {
      const most = {};
      for (const { at, decibels } of globalThis.qismEar.heard) {
        if (at < from) continue;
        for (const [hertz, level] of Object.entries(decibels)) most[hertz] = Math.max(most[hertz] ?? -200, Math.round(level));
      }
      return most;
    }, since);
  }

  /** Opens the page whose pictures carry the time, for sharing it as the screen. */
  async openScreen(url, body = screenPage()) {
    // In a window of its own: of the tabs of one window, browsers draw only the one in front.
    const [screen] = await Promise.all([
      this.context.waitForEvent('page'),
      this.page.evaluate(() => void open('about:blank', '', 'popup,width=960,height=540')),
    ]);
    await screen.route('**/qism-test-screen', (route) => route.fulfill({ contentType: 'text/html', body }));
    await screen.goto(`${url}/qism-test-screen`);
    await screen.getByRole('button').click();
    return screen;
  }

  /** Ends the browser. */
  async close() {
    await this.browser.close();
  }
}

/** What has been read of one picture. */
export class Watch {
  constructor(handle) {
    this.handle = handle;
  }

  /** Every frame seen since then that carries a number. */
  async frames(since = 0) {
    const seen = await this.handle.evaluate(({ seen }, from) => seen.filter(({ at }) => at >= from), since);
    return seen;
  }

  /** Waits until the numbers go on. */
  async advances({ within = 15_000, since = 0, by = 5 } = {}) {
    return until(
      async () => {
        const numbers = new Set((await this.frames(since)).flatMap(({ number }) => (number === null ? [] : [number])));
        return numbers.size >= by;
      },
      { within, what: 'the counter to advance' },
    );
  }
}

/** Milliseconds from the moment at which a screen's number was drawn to the moment at which it was seen. */
export function screenDelay({ number, at }) {
  const span = SCREEN_MS * 65_536;
  return (((at - number * SCREEN_MS) % span) + span) % span;
}

/** Milliseconds from when the sender's own preview showed a number to when the receiver did, for each one in both. */
export function cameraDelays(sent, received, loopMs) {
  const delays = [];
  for (const { number, at } of received) {
    if (number === null) continue;
    const origins = sent.filter((frame) => frame.number === number && frame.at <= at + 50 && frame.at > at - loopMs / 2);
    if (origins.length > 0) delays.push(at - origins[0].at);
  }
  return delays;
}

export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** The longest time between two frames, in milliseconds. */
export function longestGap(frames) {
  let longest = 0;
  for (let n = 1; n < frames.length; n += 1) longest = Math.max(longest, frames[n].at - frames[n - 1].at);
  return longest;
}
