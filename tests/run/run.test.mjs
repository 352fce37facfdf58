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
