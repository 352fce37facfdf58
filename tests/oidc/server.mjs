// The real server with a configuration of its own, on free ports.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const BINARY = process.env.QISM_BIN ?? resolve(import.meta.dirname, '../../target/debug/qism');
const START_MS = 60_000;

export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

export class Server {
  /** What it said, for a failed test's report. */
  log = '';
  #process;

  constructor(folder, port, mediaPort) {
    this.folder = folder;
    this.port = port;
    this.mediaPort = mediaPort;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts with these lines in its configuration, and gives what it printed. */
  async start(signIn) {
    const file = join(this.folder, 'qism.toml');
    const lines = [
      '[server]',
      `listen = "127.0.0.1:${this.port}"`,
      `base_url = "${this.url}"`,
      'data_dir = "data"',
      '[media]',
      'address = "127.0.0.1"',
      `port = ${this.mediaPort}`,
      '[sign_in]',
      'second_factor = "offered"',
      signIn,
    ];
    writeFileSync(file, lines.join('\n'));
    const child = spawn(BINARY, ['serve', '--config', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    child.stderr.on('data', (chunk) => {
      this.log += chunk;
    });
    let printed = '';
    await new Promise((done, failed) => {
      const late = setTimeout(() => failed(new Error(`The server did not get ready:\n${this.log}`)), START_MS);
      child.once('exit', (code) => failed(new Error(`The server ended with ${code}:\n${this.log}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        printed += `${line}\n`;
        if (!printed.includes('Qism is ready')) return;
        clearTimeout(late);
        done();
      });
    });
    return printed;
  }

  async stop() {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.removeAllListeners('exit');
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
  }
}
