import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from './wait.mjs';

const ROOT = resolve(import.meta.dirname, '../../..');
const BINARY = process.env.QISM_BIN ?? join(ROOT, 'target/debug/qism');

/** How long a start may take: the database is made, and the demo school put into it. */
const START_MS = 20_000;
/** And with an invented country in it. */
const COUNTRY_START_MS = 90_000;
/** How a server without a demo says where it is. */
const READY = /^Qism is ready at (\S+)$/m;
/** How much of what the server said is kept for a failed test's report. */
const LOG_CHARS_MAX = 200_000;

/** The real server with its demo, on free ports, with data of its own. */
export class Server {
  #process;
  #log = '';

  constructor(options) {
    this.options = options;
  }

  /**
   * `host` is where it listens, `namespace` the network namespace it runs in, if not ours. Without `demo` it has
   * nobody in it: it waits for its first administrator. `country` puts the demo into an invented country with 2,000
   * lessons on air; `seed` (how many institutions, trainees and lessons) makes an invented country with weeks behind it
   * and no demo. `config` is the text of a configuration file.
   */
  static async start({ host = '127.0.0.1', namespace, ports, seed, demo = !seed, country = false, config = '' } = {}) {
    if (!existsSync(BINARY)) throw new Error(`There is no server at ${BINARY}: run \`cargo build\`, or set QISM_BIN.`);
    const [port, mediaPort] = ports ?? [await freePort(), await freePort()];
    const dataDir = mkdtempSync(join(tmpdir(), 'qism-browser-'));
    writeFileSync(join(dataDir, 'qism.toml'), config);
    const accounts = seed && seeded(dataDir, seed);
    const server = new Server({ host, namespace, port, mediaPort, dataDir, demo, country });
    await server.run();
    if (accounts) server.demo.accounts = accounts;
    return server;
  }

  /** Starts it (again) on the same data. */
  async run() {
    const { host, namespace, port, mediaPort, dataDir, demo, country } = this.options;
    const args = ['serve', ...(demo ? ['--demo'] : []), '--data-dir', dataDir, '--listen', `${host}:${port}`];
    if (country) args.push('--demo-country');
    args.push('--media-port', `${mediaPort}`, '--config', join(dataDir, 'qism.toml'));
    const command = namespace ? ['ip', 'netns', 'exec', namespace, BINARY, ...args] : [BINARY, ...args];
    const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk) => {
      this.#log = (this.#log + chunk).slice(-LOG_CHARS_MAX);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.#process = child;
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${this.#log}`);
      return (!demo || existsSync(join(dataDir, 'demo.json'))) && this.#listens();
    }, { within: country ? COUNTRY_START_MS : START_MS, what: () => `the server to be ready:\n${this.#log}` });
    this.demo = demo ? JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) : { base_url: await this.#said(READY) };
  }

  get url() {
    return this.demo.base_url;
  }

  get log() {
    return this.#log;
  }

  /** What the media plane's counter of this name has come to, over all shards; a second old at most. */
  async counter(name) {
    const answer = await fetch(`${this.url}/metrics`, { signal: AbortSignal.timeout(5_000) });
    const lines = (await answer.text()).split('\n').filter((line) => line.startsWith(`qism_media_${name}_total{`));
    if (lines.length === 0) throw new Error(`There is no counter ${name}.`);
    return lines.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
  }

  /** As a power cut would. */
  async kill() {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
  }

  async stop() {
    await this.kill();
    rmSync(this.options.dataDir, { recursive: true, force: true });
  }

  /** What stands in a line that the server says once it is ready. */
  #said(pattern) {
    return until(() => pattern.exec(this.#log)?.[1], { what: () => `${pattern} in what the server says:\n${this.#log}` });
  }

  async #listens() {
    const { namespace, host, port } = this.options;
    const address = `http://${host}:${port}/healthz`;
    // What runs in another namespace is asked from there.
    if (namespace) return (await run('ip', ['netns', 'exec', namespace, 'curl', '-fs', '-m', '1', address])) === 0;
    try {
      return (await fetch(address, { signal: AbortSignal.timeout(1_000) })).ok;
    } catch {
      return false;
    }
  }
}

/** Fills a data folder with an invented country; who can sign in there. */
function seeded(dataDir, { institutions, trainees, lessons }) {
  const sizes = ['--institutions', institutions, '--trainees', trainees, '--lessons', lessons].map(String);
  const { status, stderr } = spawnSync(BINARY, ['seed', '--data-dir', dataDir, ...sizes], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`\`qism seed\` ended with ${status}:\n${stderr}`);
  const { administrator, password } = JSON.parse(readFileSync(join(dataDir, 'seed.json'), 'utf8'));
  return { administrator: { sign_in: administrator, password } };
}

function run(command, args) {
  return new Promise((done) => spawn(command, args, { stdio: 'ignore' }).once('exit', done));
}

/** A port that nobody listens on now. */
export function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
