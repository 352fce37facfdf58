import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { relay } from './relay.mjs';

/** Whether this machine lets us make networks: that takes root. */
export const CAN_MAKE_NETWORKS = process.getuid?.() === 0 && works('ip', ['netns', 'list']);

/**
 * A network of two ends joined by a cable: our own side, where the server is reached at `address`, and a namespace of
 * its own for a browser. `cut` swallows every packet from then on, as a network out of reach does; nobody is told.
 */
export class Cable {
  static #count = 0;

  constructor() {
    const number = (Cable.#count += 1);
    const tag = `${process.pid % 10_000}${number}`;
    this.namespace = `qism${tag}`;
    this.device = `qv${tag}`;
    const net = `10.${90 + number}.${process.pid % 250}`;
    this.address = `${net}.1`;
    this.farAddress = `${net}.2`;
    ip('netns', 'add', this.namespace);
    ip('link', 'add', this.device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.namespace);
    ip('addr', 'add', `${this.address}/24`, 'dev', this.device);
    ip('link', 'set', this.device, 'up');
    this.inside('ip', 'addr', 'add', `${this.farAddress}/24`, 'dev', 'eth0');
    this.inside('ip', 'link', 'set', 'eth0', 'up');
    this.inside('ip', 'link', 'set', 'lo', 'up');
    // Firefox gathers no candidate where there is no way to the world.
    this.inside('ip', 'route', 'add', 'default', 'via', this.address);
    this.inside('nft', 'add', 'table', 'inet', 'cut');
    for (const hook of ['input', 'output']) {
      this.inside('nft', `add chain inet cut ${hook} { type filter hook ${hook} priority 0; policy accept; }`);
    }
  }

  /** Runs a command at the far end. */
  inside(...command) {
    execFileSync('ip', ['netns', 'exec', this.namespace, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  cut() {
    this.inside('nft', 'add rule inet cut input iifname != "lo" drop');
    this.inside('nft', 'add rule inet cut output oifname != "lo" drop');
  }

  mend() {
    this.inside('nft', 'flush', 'table', 'inet', 'cut');
  }

  /** A program that runs another at the far end, for those who want one executable's path. */
  launcher(program) {
    const path = join(mkdtempSync(join(tmpdir(), 'qism-launch-')), 'launch');
    writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${this.namespace} ${program} "$@"\n`, { mode: 0o755 });
    return path;
  }

  /** Makes a port of the far end's own localhost one of ours, too; gives back a way to end it. */
  async bring(port) {
    const script = new URL('relay.mjs', import.meta.url).pathname;
    const args = ['netns', 'exec', this.namespace, process.execPath, script, this.farAddress, port, '127.0.0.1', port];
    const far = spawn('ip', args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((done) => far.stdout.once('data', done));
    const near = await relay(['127.0.0.1', port], [this.farAddress, port]);
    return () => {
      near();
      far.kill();
    };
  }

  remove() {
    ip('netns', 'del', this.namespace);
  }
}

function ip(...args) {
  execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

function works(command, args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
