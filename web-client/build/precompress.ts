import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** What compressing pays for; fonts and the probe are dense already. */
const TEXT = /\.(html|js|css|svg|json|webmanifest|txt)$/;
/** Below this the headers of an answer outweigh what is saved. */
const BYTES_MIN = 256;

/** Writes `.br` and `.gz` beside each text file of the build, so that the server compresses nothing. */
export function precompress(): Plugin {
  let outDir = '';
  return {
    name: 'qism-precompress',
    apply: 'build',
    configResolved(config) {
      outDir = config.build.outDir;
    },
    async closeBundle() {
      const files = await readdir(outDir, { recursive: true });
      for (const file of files.filter((name) => TEXT.test(name))) {
        const path = join(outDir, file);
        const bytes = await readFile(path);
        if (bytes.length < BYTES_MIN) continue;
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        await writeFile(`${path}.br`, brotliCompressSync(bytes, { params }));
        await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}
