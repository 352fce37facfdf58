import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { faultsOf } from '../../harness/accessible.mjs';
import { tabTo } from '../../harness/keyboard.mjs';
import { Server } from '../../harness/server.mjs';
import { until } from '../../harness/wait.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const DESK = { width: 1440, height: 900 };
const LAPTOP = { width: 1280, height: 800 };
/** So high that the places at the bottom cover nothing: what they cover is scrolled to. */
const PHONE = { width: 360, height: 12_000 };

/** What is held against a country of 2,000 lessons and 50,000 trainees. */
const LESSONS_MIN = 1_900;
const PRESENT_MIN = 40_000;
const FIRST_VIEW_MS_MAX = 1_000;
/** Sixty a second, but for a frame or two that a busy machine owes. */
const FRAMES_PER_S_MIN = 57;
const BYTES_PER_S_MAX = 100_000;
const MEASURED_S = 10;
const VISITS_MAX = 4;
const ALARM_WITHIN_MS = 240_000;

/** In the page: counts frames and long tasks, and how often a figure or a tile was drawn anew. */
function measured(seconds) {
  return new Promise((done) => {
    const longTasks = [];
    new PerformanceObserver((list) => {
      longTasks.push(...list.getEntries().map(({ duration }) => Math.round(duration)));
    }).observe({ entryTypes: ['longtask'] });
    let drawn = 0;
    const observer = new MutationObserver((records) => {
      drawn += records.length;
    });
    for (const part of document.querySelectorAll('.mosaic, .board-figures')) {
      observer.observe(part, { subtree: true, attributes: true, characterData: true });
    }
    let frames = 0;
    const begin = performance.now();
    const frame = (now) => {
      frames += 1;
      if (now - begin < seconds * 1000) requestAnimationFrame(frame);
      else done({ framesPerS: (frames * 1000) / (now - begin), longTasks, drawn });
    };
    requestAnimationFrame(frame);
  });
}

/** In the page, before it: notes when the first tile was drawn. */
function noteFirstView() {
  const look = () => {
    if (!document.querySelector('.tile svg path[d^="M"]')) return requestAnimationFrame(look);
    return requestAnimationFrame(() => {
      window.firstViewMs = performance.now();
    });
  };
  requestAnimationFrame(look);
}

/** In the page: figures of the strip, and the sums of the tiles or rows under it, all of one instant. */
function figures() {
  const read = (element) => Number(element.textContent.replace(/[^\d]/g, ''));
  const strip = [...document.querySelectorAll('.board-figures dd > .num')].map(read);
  const tiles = [...document.querySelectorAll('.tile')];
  const onAir = tiles.map((tile) => read(tile.querySelector('.tile-name .num')));
  const cells = (kind) =>
    tiles.map((tile) => (tile.querySelector(`.${kind}`).getAttribute('d').match(/M/g) ?? []).length);
  const rows = [...document.querySelectorAll('.board-table.is-whole tbody tr')];
  return {
    strip,
    onAir,
    cells: { onAir: cells('cell-on-air'), late: cells('cell-late') },
    rows: rows.map((row) => row.innerText),
  };
}

const sum = (counts) => counts.reduce((total, each) => total + each, 0);

describe('the committee’s board', () => {
  let server, browser, cookies;

  before(async () => {
    server = await Server.start({ country: true });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    const { sign_in, password } = server.demo.accounts.committee;
    const answer = await fetch(`${server.url}/api/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify({ sign_in, password }),
    });
    assert.ok(answer.ok, await answer.text());
    cookies = answer.headers.getSetCookie().map((text) => {
      const [name, value] = text.split(';')[0].split('=');
      return { name, value, url: server.url };
    });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function arrive(t, language, viewport, path = '/board') {
    const context = await browser.newContext({ locale: language, viewport, colorScheme: 'light' });
    t.after(() => context.close());
    await context.addInitScript((chosen) => localStorage.setItem('qism.language', chosen), language);
    await context.addInitScript(noteFirstView);
    await context.addCookies(cookies);
    const page = await context.newPage();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    let bytes = 0;
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => {
        bytes += Buffer.byteLength(payload);
      });
    });
    await page.goto(server.url + path);
    return { page, complaints, received: () => bytes };
  }

  /** One visit: what the page shows first, and what it does while the country changes. */
  async function visit(t) {
    const { page, complaints, received } = await arrive(t, 'fr', DESK);
    await page.locator('.tile').first().waitFor();
    const firstViewMs = await until(() => page.evaluate(() => window.firstViewMs), { what: 'the first view' });
    const [onAir, , , present] = (await page.evaluate(figures)).strip;
    const before = received();
    const { framesPerS, longTasks, drawn } = await page.evaluate(measured, MEASURED_S);
    const bytesPerS = (received() - before) / MEASURED_S;
    await page.getByText('Simulation').waitFor();
    assert.deepEqual(complaints, []);
    return { onAir, present, firstViewMs, framesPerS, longTasks, drawn, bytesPerS };
  }

  test('shows a country at 60 frames a second, by less than 100 kB/s, within a second', async (t) => {
    const fast = ({ framesPerS, firstViewMs }) => framesPerS >= FRAMES_PER_S_MIN && firstViewMs < FIRST_VIEW_MS_MAX;
    // What else this machine does at the moment takes frames too: the best of a few visits counts.
    let found;
    for (let visits = 0; visits < VISITS_MAX && !(found && fast(found)); visits += 1) {
      found = await visit(t);
      t.diagnostic(JSON.stringify(found));
    }
    assert.ok(found.onAir > LESSONS_MIN && found.present > PRESENT_MIN, JSON.stringify(found));
    assert.ok(found.drawn >= MEASURED_S, `the board stood still: ${JSON.stringify(found)}`);
    assert.ok(found.bytesPerS > 100 && found.bytesPerS < BYTES_PER_S_MAX, JSON.stringify(found));
    assert.ok(fast(found), JSON.stringify(found));
  });

  test('says the same in the mosaic, in its figures and in the table', async (t) => {
    const { page } = await arrive(t, 'fr', DESK);
    await page.locator('.tile').first().waitFor();
    const mosaic = await until(
      async () => {
        const { strip, onAir, cells } = await page.evaluate(figures);
        const agree = sum(onAir) === strip[0] && sum(cells.onAir) === strip[0] && sum(cells.late) === strip[1];
        return agree && { tiles: onAir.length };
      },
      { what: 'the mosaic to show its figures' },
    );
    await page.getByRole('button', { name: 'Tableau' }).click();
    await until(
      async () => {
        const { strip, rows } = await page.evaluate(figures);
        const onAir = rows.map((row) => Number(/\t\s*(\d+)/.exec(row)?.[1]));
        return rows.length === mosaic.tiles && sum(onAir) === strip[0];
      },
      { what: 'the table to show the same figures' },
    );
  });

  test('is gone through by keyboard, down to a lesson and up again', async (t) => {
    const { page, complaints } = await arrive(t, 'fr', DESK);
    await page.locator('.tile').first().waitFor();
    await tabTo(page, '.tile');
    const focused = () => page.evaluate(() => document.activeElement.dataset.part ?? document.activeElement.tagName);
    const first = await focused();
    await page.keyboard.press('ArrowRight');
    const second = await focused();
    await page.keyboard.press('ArrowDown');
    const below = await focused();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowLeft');
    assert.equal(new Set([first, second, below]).size, 3);
    assert.equal(await focused(), first);
    await page.keyboard.press('Enter');
    await page.locator('.drill .board-table a').first().waitFor();
    assert.equal(await focused(), 'H2');
    await tabTo(page, '.drill .board-table a');
    const institution = await focused();
    await page.keyboard.press('Enter');
    await page.getByRole('columnheader', { name: 'Séance' }).waitFor();
    await tabTo(page, '.drill .board-table a');
    const lesson = await focused();
    await page.keyboard.press('Enter');
    await page.locator('.one h3:focus').waitFor();
    await page
      .locator('.one')
      .getByText(/sur \d+/)
      .first()
      .waitFor();
    assert.equal(
      await page.getByRole('link', { name: 'Séance', exact: true }).getAttribute('href'),
      `/lessons/${institution}/${lesson}`,
    );
    for (const opener of [lesson, institution, first]) {
      await page.keyboard.press('Escape');
      await until(async () => (await focused()) === opener, { what: `the focus on ${opener}` });
    }
    assert.equal(new URL(page.url()).pathname, '/board');
    assert.deepEqual(complaints, []);
  });

  test('arrow keys move the way the writing runs', async (t) => {
    const { page } = await arrive(t, 'ar', LAPTOP);
    await page.locator('.tile').first().waitFor();
    await tabTo(page, '.tile');
    const at = () => page.evaluate(() => document.activeElement.getBoundingClientRect().left);
    const before = await at();
    await page.keyboard.press('ArrowLeft');
    assert.ok((await at()) < before);
  });

  test('has its alarms taken in charge, and commented', async (t) => {
    const { page, complaints } = await arrive(t, 'fr', DESK);
    const row = page
      .locator('.alarm-rows li')
      .filter({ has: page.getByRole('button') })
      .first();
    // A rule has to hold for a while before an alarm is raised.
    await row.waitFor({ timeout: ALARM_WITHIN_MS });
    const href = await row.locator('a').getAttribute('href');
    await row.getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /^Toutes les alarmes/ }).click();
    await page.getByRole('heading', { name: 'Alarmes', level: 1 }).waitFor();
    await page.getByLabel('Prise en charge').selectOption('taken');
    const record = page
      .locator('.alarm-record')
      .filter({ has: page.locator(`a[href="${href}"]`) })
      .first();
    await record.getByText(/^Suivie par/).waitFor();
    assert.equal(await record.getByRole('button', { name: /^Prendre en charge/ }).count(), 0);
    await record.getByRole('button', { name: '0 commentaire' }).click();
    await record.getByRole('textbox', { name: 'Commentaire' }).fill('Le formateur est en route, prévenu par téléphone.');
    await record.getByRole('button', { name: 'Ajouter le commentaire' }).click();
    await record.getByText('Le formateur est en route').waitFor();
    await record.getByRole('button', { name: '1 commentaire' }).waitFor();
    await page.getByLabel('Prise en charge').selectOption('free');
    await page.locator(`.alarm-record a[href="${href}"]`).waitFor({ state: 'detached' });
    assert.deepEqual(complaints, []);
  });

  test('has no faults that axe finds, and is no wider than its screen', async (t) => {
    const faults = [];
    const check = async (page, name) => faults.push(...(await faultsOf(page, name)));
    for (const language of ['ar', 'fr']) {
      for (const size of [DESK, LAPTOP, PHONE]) {
        const { page } = await arrive(t, language, size);
        const name = `${language}, ${size.width}`;
        await page.locator('[data-part]').first().waitFor();
        await check(page, `the board, ${name}`);
        await page.locator('[data-part]').first().click();
        await page.locator('.drill .board-table a').first().click();
        await page.waitForURL(/\/board\/[^/]+\/[^/]+$/);
        await page.locator('.drill .board-table a').first().click();
        await page.locator('.one h3').waitFor();
        await check(page, `a lesson, ${name}`);
        await page.goto(`${server.url}/alarms`);
        await page.locator('.alarm-record').first().waitFor();
        await check(page, `the alarms, ${name}`);
      }
    }
    assert.deepEqual(faults, []);
  });

  test('says since when it is not up to date once the server is gone, and comes back by itself', async (t) => {
    const { page } = await arrive(t, 'fr', DESK);
    await page.locator('.tile').first().waitFor();
    await server.kill();
    await page.getByText(/^Pas à jour depuis \d\d:\d\d:\d\d$/).waitFor();
    assert.ok((await page.locator('.tile').count()) > 1);
    await server.run();
    await page.getByText(/^Pas à jour depuis/).waitFor({ state: 'detached', timeout: 30_000 });
  });
});
