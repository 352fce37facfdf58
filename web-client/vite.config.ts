import { defineConfig } from 'vite';
import { precompress } from './build/precompress.ts';
import { probe } from './build/probe.ts';
import { serviceWorker } from './build/service-worker.ts';

/** What is not fetched on demand: all that a join and a lesson need, but no other role's screens and no catalogue. */
function isShell(id: string): boolean {
  if (/features\//.test(id))
    return /features\/(join|lesson|pages|trainee)\//.test(id) && !/join\/(device|level)/.test(id);
  return !/src\/api\/|ui\/parts\/|i18n\/(area|ar|fr|en)\.tsx?|words\.\w+\.ts|lucide|uqr/.test(id);
}

/** Which server `npm run dev` asks. */
const server = process.env.QISM_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  server: { proxy: Object.fromEntries(['/api', '/calendar'].map((path) => [path, { target: server, ws: true }])) },
  // The scenario page of src/dev is served by `vite` alone: it is no entry of the build.
  plugins: [probe(), serviceWorker(), precompress()],
  build: {
    target: ['chrome100', 'firefox102', 'safari15.4'],
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // All that a trainee needs is one file: on a slow link each further one costs a wait.
        codeSplitting: { groups: [{ name: 'shell', test: isShell }] },
      },
    },
  },
});
