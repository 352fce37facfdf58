import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CAN_MAKE_NETWORKS, Cable } from '../../harness/network.mjs';
import { openBrowser, Person } from '../../harness/people.mjs';
import { Server } from '../../harness/server.mjs';
import { spell, until } from '../../harness/wait.mjs';

/** How far what is written down may be from what really was, and how much of it whole seconds take away. */
const TOLERANCE_S = 1;
const ROUNDED_S = 1;
/** Whose end nobody tells is there until the last sign of life, which comes this often. */
const SIGN_EVERY_S = 3;
/** How long everybody is there before something happens to them. */
const THERE_MS = 8_000;
/** Longer than anybody is waited for. */
const GONE_MS = 14_000;

/** Notes when the server welcomes the page. */
const WELCOMES = () => {
  globalThis.qismWelcomed = [];
  globalThis.WebSocket = class extends globalThis.WebSocket {
    constructor(...options) {
      super(...options);
      this.addEventListener('message', ({ data }) => {
        if (data.startsWith('{"type":"welcome"')) globalThis.qismWelcomed.push(Date.now());
      });
    }
  };
};

const PASSWORD = 'trois moteurs à courant continu';
const ROLES = { trainer: false, trainee: true, committee: false, administrator: false };

/** The demo's administrator, who makes accounts by calls. */
async function administrator(server) {
  const call = async (method, path, body, more = {}) => {
    const headers = { 'content-type': 'application/json', origin: server.url, ...more };
    const answer = await fetch(server.url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${text}`);
    return { answer, body: text === '' ? null : JSON.parse(text) };
  };
  const { sign_in, password } = server.demo.accounts.administrator;
  const { answer } = await call('POST', '/api/sign-in', { sign_in, password });
  const cookie = answer.headers.getSetCookie().map((text) => text.split(';')[0]).join('; ');
  const ask = async (method, path, body) => (await call(method, path, body, { cookie })).body;
  const { institution } = await ask('GET', '/api/me');
  const own = `/api/institutions/${institution}`;
  const { lesson } = await ask('GET', `${own}/lessons/${server.demo.lesson}`);
  const group = `${own}/groups/${lesson.group.id}`;
  const version = (await call('GET', group, undefined, { cookie })).answer.headers.get('etag');
  await call('PATCH', group, { capacity: 60 }, { cookie, 'if-match': version });
  return { ask, own, group };
}

/** A trainee of the lesson's group with an account, in a browser of their own, in the room. */
async function trainee(server, office, name, { cable } = {}) {
  const browser = await openBrowser({ cable, url: server.url });
  const person = await Person.arrive(browser);
  await person.context.addInitScript(WELCOMES);
  const { id } = await office.ask('POST', `${office.own}/people`, { name, roles: ROLES });
  await office.ask('PUT', `${office.group}/members/${id}`);
  const { url } = await office.ask('POST', `${office.own}/people/${id}/link`);
  const { request } = person.context;
  const post = async (path, data) => {
    const headers = { origin: server.url };
    const answer = cable ? await inPage(person.page, server.url, path, data) : await request.post(server.url + path, { data, headers });
    assert.ok(cable || answer.ok(), path);
    return cable ? answer : answer.json();
  };
  await post('/api/account-links/accept', { secret: url.split('#')[1], password: PASSWORD });
  const { participant } = await post(`/api/lessons/${server.demo.lesson}/join`, {});
  await person.page.goto(`${server.url}/lesson/${server.demo.lesson}/${participant}`);
  await person.inRoom();
  person.since = await person.page.evaluate(() => globalThis.qismWelcomed[0]);
  person.account = id;
  person.cookies = await person.context.cookies();
  return person;
}

/** What lies behind a cable is asked from there. */
async function inPage(page, url, path, data) {
  if (!page.url().startsWith(url)) await page.goto(`${url}/sign-in`);
  const { ok, text } = await page.evaluate(
    async ([where, body]) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(where, { method: 'POST', headers, body: JSON.stringify(body) });
      return { ok: answer.ok, text: await answer.text() };
    },
    [path, data],
  );
  assert.ok(ok, text);
  return text === '' ? null : JSON.parse(text);
}

/** How long somebody was there, in whole seconds, once it is written down. */
function attended(server, person) {
  const cookie = person.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  return until(
    async () => {
      const answer = await fetch(`${server.url}/api/me/attendance`, { headers: { cookie } });
      const { lessons } = await answer.json();
      return lessons.find(({ id }) => id === server.demo.lesson)?.present_s ?? undefined;
    },
    { within: 10_000, what: 'the attendance to be written down' },
  );
}

function seconds(from, to) {
  return (to - from) / 1_000;
}

function isBetween(found, least, most, what) {
  assert.ok(found >= least - TOLERANCE_S - ROUNDED_S && found <= most + TOLERANCE_S, `${what}: ${found} s of ${least} to ${most}`);
}

describe('attendance', { skip: CAN_MAKE_NETWORKS ? false : 'needs root, to make networks' }, () => {
  let cable, server, browsers, trainer, killed, closed, cut, stays;

  before(async () => {
    cable = new Cable();
    server = await Server.start({ host: cable.address });
    const office = await administrator(server);
    trainer = await Person.arrive(await openBrowser({ url: server.url }));
    await trainer.enter(server.demo.links.trainer);
    await trainer.teach();
    stays = await trainee(server, office, 'Yanis');
    killed = await trainee(server, office, 'Salma');
    closed = await trainee(server, office, 'Anas');
    cut = await trainee(server, office, 'Noura', { cable });
    browsers = [trainer, stays, killed, closed, cut].map(({ browser }) => browser);
  });

  after(async () => {
    cable?.mend();
    await Promise.allSettled(browsers?.map((browser) => browser.close()) ?? []);
    await server?.stop();
    cable?.remove();
  });

  test('is exact for who stays, whose tab is killed, whose lid is closed, and whose network is cut', async (t) => {
    await spell(THERE_MS);
    const session = await killed.context.newCDPSession(killed.page);
    const crashed = killed.page.waitForEvent('crash');
    killed.until = Date.now();
    session.send('Page.crash').catch(() => {});
    await crashed;
    killed.gone = Date.now();
    // A lid that is closed: nothing of the browser runs any more, and nobody is told.
    const processes = await pids(closed.browser);
    closed.until = Date.now();
    for (const pid of processes) process.kill(pid, 'SIGSTOP');
    cut.until = Date.now();
    cable.cut();
    await spell(GONE_MS);
    const mended = Date.now();
    for (const pid of processes) process.kill(pid, 'SIGCONT');
    cable.mend();
    closed.again = await returned(closed, mended);
    cut.again = await returned(cut, mended);
    await spell(THERE_MS);
    await trainer.press(trainer.words['trainer.end']);
    const dialog = trainer.page.getByRole('dialog');
    await dialog.getByRole('button').last().click();
    await stays.page.waitForFunction(() => !document.querySelector('.room'));
    const end = Date.now();

    const whole = seconds(stays.since, end);
    isBetween(await attended(server, stays), whole, whole, 'who stayed');
    const [least, most] = [seconds(killed.since, killed.until), seconds(killed.since, killed.gone)];
    isBetween(await attended(server, killed), least, most, 'whose tab was killed');
    for (const [person, what] of [[closed, 'whose lid was closed'], [cut, 'whose network was cut']]) {
      const there = seconds(person.since, person.until) + seconds(person.again, end);
      const found = await attended(server, person);
      t.diagnostic(`${what}: ${found} s of ${there}`);
      isBetween(found, there - SIGN_EVERY_S, there, what);
    }
  });
});

/** When the server welcomed somebody who was away. */
function returned(person, since) {
  return until(() => person.page.evaluate((from) => globalThis.qismWelcomed.find((at) => at >= from), since), {
    within: 20_000,
    what: 'the way back',
  });
}

/** All processes of a browser. */
async function pids(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.map(({ id }) => id);
}
