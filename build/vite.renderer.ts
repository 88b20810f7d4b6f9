import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

const entries = {
  index: resolve(root, 'renderer/index.html'),
  'browser-transport': resolve(root, 'electron/loopback/browser-transport.ts'),
};

/** The page of both hosts. `browser-transport` is loaded before it on loopback only; on the desktop the preload takes its place. */
export default defineConfig({
  root: resolve(root, 'renderer'),
  base: '/',
  plugins: [svelte({ configFile: resolve(import.meta.dirname, 'svelte.config.js') })],
  build: {
    // Loaded from disk: splitting gains nothing.
    chunkSizeWarningLimit: 4000,
    target: 'chrome140',
    outDir: resolve(root, 'dist/renderer'),
    emptyOutDir: true,
    sourcemap: true,
    modulePreload: { polyfill: false },
    // The content security policy allows no data: URLs for scripts or fonts.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: entries,
      output: {
        entryFileNames: (chunk) =>
          chunk.name === 'browser-transport' ? 'browser-transport.js' : 'assets/[name]-[hash].js',
      },
    },
  },
});
