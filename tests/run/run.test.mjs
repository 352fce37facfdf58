// `make run` serves the demo, says so, and stops when it is told to.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

// The build's last steps and the start.
const READY_TIMEOUT_MS = 900_000;
const STOP_TIMEOUT_MS = 15_000;

const folder = mkdtempSync(join(tmpdir(), 'qism-run-'));
const log = join(folder, 'log');
let make;
let exited;
let demo;

before(
  async () => {
    const out = openSync(log, 'w');
    // Detached: a process group of its own, as a terminal's job has.
    const variables = ['PROFILE=dev', 'LISTEN=127.0.0.1:0', 'MEDIA_PORT=0', `DATA_DIR=${join(folder, 'data')}`];
    make = spawn('make', ['run', ...variables], { stdio: ['ignore', out, out], detached: true });
    closeSync(out);
    exited = new Promise((resolve) => make.on('exit', (code, signal) => resolve({ code, signal })));
    demo = await Promise.race([ready(), exited.then(() => undefined)]);
    assert.ok(demo, `make run did not serve the demo:\n${said().slice(-4_000)}`);
  },
  { timeout: READY_TIMEOUT_MS },
);

after(() => {
  try {
    process.kill(-make.pid, 'SIGKILL');
  } catch {
    // Gone already, as it should be.
  }
  rmSync(folder, { recursive: true, force: true });
});

function said() {
  return readFileSync(log, 'utf8');
}

async function ready() {
  while (make.exitCode === null) {
    try {
      return JSON.parse(readFileSync(join(folder, 'data', 'demo.json'), 'utf8'));
    } catch {
      await pause(100);
    }
  }
  return undefined;
}

async function get(path) {
  const answer = await fetch(demo.base_url + path, { signal: AbortSignal.timeout(5_000) });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
}

test('demo.json names everything that tools rely on', () => {
  const values = [demo.base_url, demo.lesson, demo.whip?.token, demo.whep?.token];
  values.push(demo.links?.trainer, demo.links?.trainee, demo.links?.committee);
  for (const value of values) assert.match(String(value), /^\S{8,}$/, JSON.stringify(demo, null, 2));
});

test('the three links are printed and lead to the web client', async () => {
  for (const link of Object.values(demo.links)) {
    assert.ok(said().includes(link), `${link} is not in what make run printed:\n${said().slice(-2_000)}`);
    const { pathname } = new URL(link);
    const page = await get(pathname);
    assert.equal(page.status, 200);
    assert.match(page.type, /^text\/html/);
    assert.match(page.text, /<script/);
  }
});

test('each account signs in, and the address of sign-in is printed', async () => {
  const words = ['administrator', 'trainer', 'trainee', 'committee', 'ministry'];
  assert.deepEqual(Object.keys(demo.accounts).sort(), [...words].sort());
  for (const word of words) {
    const { sign_in, password } = demo.accounts[word];
    assert.ok(said().includes(password), `${word} is not in what make run printed`);
    const answer = await fetch(`${demo.base_url}/api/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sign_in, password }),
      signal: AbortSignal.timeout(5_000),
    });
    const me = await answer.json();
    assert.equal(answer.status, 200, JSON.stringify(me));
    const role = word === 'ministry' ? 'administrator' : word;
    assert.equal(me.roles[role], true, `${word}: ${JSON.stringify(me)}`);
    const reach = ['committee', 'ministry'].includes(word) ? 'ministry' : 'institution';
    assert.equal(me.reach, reach, word);
    const cookie = answer.headers.get('set-cookie').split(';')[0];
    const own = await fetch(`${demo.base_url}/api/me`, { headers: { cookie } });
    assert.equal((await own.json()).id, me.id);
  }
  const page = await get('/sign-in');
  assert.equal(page.status, 200);
  assert.match(page.type, /^text\/html/);
});

// A calendar's components as a tree: its properties by name, without their parameters (RFC 5545, section 3.1).
function calendar(text) {
  const root = { properties: {}, parts: [] };
  const open = [root];
  for (const line of text.replaceAll(/\r\n[ \t]/g, '').split('\r\n').slice(0, -1)) {
    const [, name, value] = /^([A-Z-]+)(?:;[^:]*)?:(.*)$/.exec(line) ?? assert.fail(line);
    if (name === 'BEGIN') {
      const part = { name: value, properties: {}, parts: [] };
      open.at(-1).parts.push(part);
      open.push(part);
    } else if (name === 'END') {
      assert.equal(open.pop().name, value);
    } else {
      open.at(-1).properties[name] = value;
    }
  }
  assert.deepEqual(open, [root]);
  return root.parts;
}

test("the trainee's calendar feed is a calendar with lessons to come", async () => {
  assert.ok(demo.calendar_feed.startsWith(`${demo.base_url}/calendar/`), demo.calendar_feed);
  const feed = await get(new URL(demo.calendar_feed).pathname);
  assert.equal(feed.status, 200);
  assert.match(feed.type, /^text\/calendar/);
  const [read, ...others] = calendar(feed.text);
  assert.deepEqual([read.name, read.properties.VERSION, others], ['VCALENDAR', '2.0', []]);
  const events = read.parts.filter((part) => part.name === 'VEVENT');
  const uids = new Set(events.map((event) => event.properties.UID));
  assert.ok(events.length > 50 && uids.size === events.length, `${events.length} events, ${uids.size} uids`);
  const now = `${new Date().toISOString().replaceAll(/[-:]/g, '').slice(0, 15)}Z`;
  for (const { properties } of events) {
    assert.ok(properties.DTSTART < properties.DTEND && properties.SUMMARY !== '', JSON.stringify(properties));
  }
  assert.ok(events.some(({ properties }) => properties.DTSTART > now && properties.STATUS === 'CONFIRMED'));
});

test('it is healthy, measures itself and describes its interface', async () => {
  assert.equal((await get('/healthz')).status, 200);
  assert.match((await get('/metrics')).text, /^qism_/m);
  const description = JSON.parse((await get('/api/openapi.json')).text);
  assert.match(description.openapi, /^3\./);
  assert.ok(Object.keys(description.paths).length >= 4, Object.keys(description.paths).join(' '));
});

test('Ctrl-C stops it', async () => {
  process.kill(-make.pid, 'SIGINT');
  const stopped = await Promise.race([exited.then(() => true), pause(STOP_TIMEOUT_MS, false, { ref: false })]);
  assert.ok(stopped, 'it still runs');
  await assert.rejects(get('/healthz'));
});
