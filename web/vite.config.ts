/** How the page is bundled. The daemon replaces the nonce placeholder in index.html with a fresh one for every answer. */
import { defineConfig } from 'vite';

export const noncePlaceholder = '__CCM_NONCE__';

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  clearScreen: false,
  html: { cspNonce: noncePlaceholder },
  build: {
    outDir: 'dist',
    // charts/ beside it is written by build.ts and kept.
    emptyOutDir: false,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8765', '/ws': { target: 'ws://127.0.0.1:8765', ws: true } } },
});
