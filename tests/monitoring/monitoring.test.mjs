// What an operator watches the server with, held against a server with a lesson on air.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Collector } from './collector.mjs';

const START_MS = 60_000;
/** Spans leave in batches, some seconds after they ended. */
const TRACES_MS = 20_000;
const FILES = resolve(import.meta.dirname, '../../docs/monitoring');

const folder = mkdtempSync(join(tmpdir(), 'qism-monitoring-'));
const collector = new Collector();
let server;
let url;

before(async () => {
  const data = join(folder, 'data');
  const config = join(folder, 'qism.toml');
  writeFileSync(config, `[traces]\ncollector = "${await collector.start()}"\n`);
  const flags = ['serve', '--demo', '--config', config, '--data-dir', data, '--listen', '127.0.0.1:0', '--media-port', '0'];
  server = spawn(process.env.QISM_BIN, flags, { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((done, failed) => {
    const late = setTimeout(() => failed(new Error('The server did not get ready.')), START_MS);
    server.once('exit', (code) => failed(new Error(`The server ended with ${code}.`)));
    createInterface({ input: server.stdout }).once('line', () => {
      clearTimeout(late);
      done();
    });
  });
  const demo = join(data, 'demo.json');
  url = JSON.parse(readFileSync(demo, 'utf8')).base_url;
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  await fetch(`${url}/api/openapi.json`);
  const lecture = ['lecture', '--demo', demo, '--viewers', '3', '--seconds', '3', '--no-floor'];
  const lesson = spawnSync(process.env.LOADTEST_BIN, lecture, { encoding: 'utf8' });
  assert.equal(lesson.status, 0, lesson.stderr);
  await beRefused();
});

after(() => {
  server.kill('SIGKILL');
  collector.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a WebSocket and says something else than hello, which is refused and counted. */
function beRefused() {
  const key = Buffer.from('sixteen bytes it').toString('base64');
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': key };
  const headers = { ...upgrade, 'sec-websocket-protocol': 'qism.v1', origin: url };
  return new Promise((done, failed) => {
    const asked = get(`${url}/ws`, { headers });
    asked.once('error', failed);
    asked.once('upgrade', (_, socket) => {
      // RFC 6455 §5.2: the last frame of a text, masked, of one character.
      socket.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x78]));
      socket.once('close', done).resume();
    });
  });
}

const metrics = async (accept) => (await fetch(`${url}/metrics`, { headers: { accept } })).text();

/** The names of all series: of a histogram, those of its parts. */
const names = (text) => new Set(text.match(/^[a-z_]+(?=[{ ])/gm));

function promtool(...asked) {
  const { input, flags } = asked.at(-1)?.input ? { ...asked.pop(), flags: asked } : { flags: asked };
  const { status, stdout, stderr, error } = spawnSync('promtool', flags, { input, encoding: 'utf8' });
  assert.ifError(error);
  return { status, text: stdout + stderr };
}

/** Every expression of the dashboard's panels, with what Grafana puts in for its variables. */
function expressions() {
  const { panels } = JSON.parse(readFileSync(join(FILES, 'dashboard.json'), 'utf8'));
  const all = panels.flatMap((panel) => (panel.targets ?? []).map((target) => target.expr));
  return all.map((text) => text.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*'));
}

test('promtool finds nothing to say about the metrics', async () => {
  const checked = promtool('check', 'metrics', { input: await metrics('text/plain') });
  assert.deepEqual(checked, { status: 0, text: '' });
});

test('both forms have the same series', async () => {
  const [plain, open] = [await metrics('text/plain'), await metrics('application/openmetrics-text')];
  assert.ok(open.endsWith('# EOF\n'));
  assert.deepEqual(names(plain), names(open));
});

test('the alert rules are valid, and fire when they should', () => {
  for (const what of ['check', 'test']) {
    const file = what === 'check' ? 'alerts.yml' : 'alerts.test.yml';
    const checked = promtool(what, 'rules', join(FILES, file));
    assert.equal(checked.status, 0, checked.text);
  }
});

test("the dashboard's expressions are valid", () => {
  const rules = expressions().map((expr, at) => ({ record: `panel:${at}`, expr }));
  assert.ok(rules.length > 20);
  const file = join(folder, 'panels.yml');
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
  const checked = promtool('check', 'rules', file);
  assert.equal(checked.status, 0, checked.text);
});

test('rules and dashboard ask for nothing that the server does not count', async () => {
  const counted = names(await metrics('text/plain'));
  const asked = [readFileSync(join(FILES, 'alerts.yml'), 'utf8'), ...expressions()].join('\n');
  const wanted = new Set(asked.match(/\b(qism|process)_[a-z_]+\b/g));
  assert.ok(wanted.size > 20);
  assert.deepEqual([...wanted].filter((name) => !counted.has(name)), []);
});

/** Every span of the traces in which a shard got its peer connected, by trace. */
async function joins() {
  for (const late = Date.now() + TRACES_MS; Date.now() < late; await pause(200)) {
    const connected = collector.spans.filter((span) => span.name === 'shard connect');
    const traces = connected.map(({ trace }) => collector.spans.filter((span) => span.trace === trace));
    const whole = traces.filter((spans) => spans.some((span) => span.name === 'join'));
    // A trainer and three viewers.
    if (whole.length === 4) return whole;
  }
  assert.fail(`no four joins: ${JSON.stringify(collector.spans.map((span) => span.name))}`);
}

test('a join is one trace, from the request for a ticket to the shard that has the keys', async () => {
  for (const spans of await joins()) {
    const named = Object.fromEntries(spans.map((span) => [span.name, span]));
    const { http, join: whole, 'signalling hello': hello, 'room offer': offer, 'shard connect': shard } = named;
    assert.equal(http.attributes.route, '/api/lessons/{lesson}/participants/{participant}/tickets');
    assert.deepEqual([http.attributes.method, http.attributes.status], ['POST', 200]);
    assert.equal(http.parent, '');
    assert.equal(whole.parent, http.id);
    for (const step of [hello, offer, shard]) {
      assert.equal(step.parent, whole.id, step.name);
      assert.ok(whole.from <= step.from && step.from <= step.to && step.to <= whole.to, step.name);
    }
    assert.ok(hello.to <= offer.from && offer.from <= shard.from);
    assert.equal(shard.attributes.transport, 'Udp');
  }
});
