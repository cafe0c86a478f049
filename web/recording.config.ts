/** How the viewer of recordings is bundled: one script, one style, nothing loaded later. */
import { defineConfig, type Plugin } from 'vite';

/** A recording has no window to type into: the terminal library stays out of it. */
const withoutTerminal: Plugin = {
  name: 'without-terminal',
  enforce: 'pre',
  resolveId: (source) => (source.endsWith('/terminal/terminal.tsx') ? '\0no-terminal' : null),
  load: (id) => (id === '\0no-terminal' ? 'export const Terminal = () => null;' : null),
};

export default defineConfig({
  root: import.meta.dirname,
  clearScreen: false,
  publicDir: false,
  plugins: [withoutTerminal],
  build: {
    outDir: 'dist/recording',
    emptyOutDir: true,
    target: 'es2023',
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      // The loader of later parts is not needed: there are none.
      transform: { define: { 'import.meta': '{}' } },
      input: `${import.meta.dirname}/src/recording/main.tsx`,
      output: { format: 'iife', entryFileNames: 'viewer.js', assetFileNames: 'viewer[extname]', codeSplitting: false },
    },
  },
});
