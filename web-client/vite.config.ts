import { defineConfig } from 'vite';
import { precompress } from './build/precompress.ts';
import { probe } from './build/probe.ts';
import { serviceWorker } from './build/service-worker.ts';

export default defineConfig({
  // The scenario page of src/dev is served by `vite` alone: it is no entry of the build.
  plugins: [probe(), serviceWorker(), precompress()],
  build: {
    target: ['chrome100', 'firefox102', 'safari15.4'],
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
