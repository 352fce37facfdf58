import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';
import { PROBE_BYTES } from '../src/features/join/network.ts';

/** Emits `probe.bin`: bytes that no one on the way can compress, for the network check to measure a download with. */
export function probe(): Plugin {
  return {
    name: 'qism-probe',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'probe.bin', source: bytes() });
    },
    configureServer(server) {
      server.middlewares.use('/probe.bin', (_request, response) => {
        response.setHeader('content-type', 'application/octet-stream');
        response.end(bytes());
      });
    },
  };
}

/** The same at every build: a chain of digests. */
function bytes(): Buffer {
  const blocks: Buffer[] = [];
  let block = Buffer.from('qism probe');
  for (let length = 0; length < PROBE_BYTES; length += block.length) {
    block = createHash('sha256').update(block).digest();
    blocks.push(block);
  }
  return Buffer.concat(blocks).subarray(0, PROBE_BYTES);
}
