import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';
import { workerSource } from './worker-source.ts';

/** Emits `sw.js`, whose cache is named after what this build contains: a new build drops the old one's shell. */
export function serviceWorker(): Plugin {
  return {
    name: 'qism-service-worker',
    apply: 'build',
    generateBundle(_options, bundle) {
      const names = Object.keys(bundle).sort().join('\n');
      const version = createHash('sha256').update(names).digest('hex').slice(0, 12);
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: workerSource(version) });
    },
  };
}
