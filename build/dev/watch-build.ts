import { resolve } from 'node:path';
import { build, type InlineConfig, type Rolldown } from 'vite';

const ROOT = resolve(import.meta.dirname, '../..');
export const DEV_DIST = resolve(ROOT, 'dist-dev');

const MAIN: InlineConfig = {
  configFile: resolve(ROOT, 'build/vite.main.ts'),
  build: {
    outDir: resolve(DEV_DIST, 'main'),
    rolldownOptions: {
      input: {
        desktop: resolve(ROOT, 'electron/desktop/dev.ts'),
        loopback: resolve(ROOT, 'electron/loopback/dev.ts'),
      },
    },
  },
};

const PRELOAD: InlineConfig = {
  configFile: resolve(ROOT, 'build/vite.preload.ts'),
  // A sandboxed preload cannot load a second file, so its source map is part of it.
  build: { outDir: resolve(DEV_DIST, 'preload'), sourcemap: 'inline' },
};

/**
 * Builds the host, and builds it again whenever one of its sources changes.
 * @param built called after each build in which nothing failed, once the first of all parts are there
 * @param failed called with what a build complains of; the host goes on as it was
 * @returns what ends the watch
 */
export async function watchBuild(built: () => void, failed: (error: Error) => void): Promise<() => Promise<void>> {
  const waiting = new Set([MAIN, PRELOAD]);
  const watchers = await Promise.all(
    [MAIN, PRELOAD].map(async (config) => {
      const watcher = (await build({
        ...config,
        mode: 'development',
        logLevel: 'warn',
        clearScreen: false,
        build: { ...config.build, watch: { buildDelay: 100 } },
      })) as Rolldown.RolldownWatcher;
      watcher.on('event', (event) => {
        if (event.code === 'ERROR') failed(event.error);
        if (event.code === 'BUNDLE_END' || event.code === 'ERROR') void event.result.close();
        if (event.code !== 'BUNDLE_END') return;
        waiting.delete(config);
        if (waiting.size === 0) built();
      });
      return watcher;
    }),
  );
  return async () => {
    await Promise.all(watchers.map((watcher) => watcher.close()));
  };
}
