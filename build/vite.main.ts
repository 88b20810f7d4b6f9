import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

const entries = {
  desktop: resolve(root, 'electron/desktop/main.ts'),
  'desktop-decoder': resolve(root, 'electron/desktop/decoder.ts'),
  decoder: resolve(root, 'electron/library/decoder/main.ts'),
  loopback: resolve(root, 'electron/loopback/main.ts'),
  'demo-api': resolve(root, 'electron/demo-api/main.ts'),
  'checkpoint-worker': resolve(root, 'electron/library/db/checkpoint-worker.ts'),
  'check-worker': resolve(root, 'electron/library/check/worker.ts'),
  'rebuild-worker': resolve(root, 'electron/library/rebuild/worker.ts'),
  'duplicates-worker': resolve(root, 'electron/library/duplicates/worker.ts'),
  'import-worker': resolve(root, 'electron/library/import/worker.ts'),
  'export-worker': resolve(root, 'electron/library/export/worker.ts'),
  'mirror-worker': resolve(root, 'electron/library/mirror/worker.ts'),
  'snapshot-worker': resolve(root, 'electron/library/snapshots/worker.ts'),
  'restore-worker': resolve(root, 'electron/library/restore/worker.ts'),
  'copy-worker': resolve(root, 'electron/library/move/worker.ts'),
  'files-worker': resolve(root, 'electron/library/check/files-worker.ts'),
  'index-worker': resolve(root, 'electron/library/index/worker.ts'),
  'demo-worker': resolve(root, 'electron/demo-api/worker.ts'),
};

/** The main side of both hosts, and the demo server: ES modules for Node, native packages left outside. */
export default defineConfig({
  root,
  ssr: { noExternal: true, external: ['electron', 'better-sqlite3', 'sharp'] },
  build: {
    ssr: true,
    target: 'node22',
    outDir: 'dist/main',
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    // Loaded from disk: splitting gains nothing.
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      input: entries,
      external: ['electron', 'better-sqlite3', 'sharp', ...builtinModules.flatMap((name) => [name, `node:${name}`])],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
