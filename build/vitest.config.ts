import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { findBrowser } from '../tests/browser.ts';
import { dateOffset } from '../tests/date-offset.ts';
import { useMemoryFolder } from '../tests/memory-folder.ts';

const root = resolve(import.meta.dirname, '..');

/**
 * Threads and decoding processes are started hundreds of times from source: with Node's cache of what it has compiled, a start takes half as
 * long.
 */
process.env['NODE_COMPILE_CACHE'] ??= resolve(root, 'node_modules/.cache/compiled');

const removeMemoryFolder = useMemoryFolder();
process.once('exit', removeMemoryFolder);

/** One for all property tests, so that a run can be repeated. `EMULSION_SEED=random` explores; a number repeats what was found. */
const SEED = 20_261_122;

function seedOf(seed: string | undefined): number | null {
  if (!seed) return SEED;
  return seed === 'random' ? null : Number(seed);
}

const provide = {
  seed: seedOf(process.env['EMULSION_SEED']),
  requestsPerFailure: process.argv.includes('--mode=faults') ? 50 : 5,
  allServers: process.argv.includes('--mode=servers'),
  dateOffset: dateOffset(),
};

/**
 * Tests that need no process of their own: no library, no decoding processes, and nothing of the whole process that they change or measure.
 * Most of these files compute for less time than a process takes to start, so they share processes, and the modules in them.
 */
const together = [
  'contract',
  'demo-api',
  'desktop',
  'images-api/{answer,errors,headers,probe,request}',
  'log',
  'preferences',
].map((folders) => `tests/${folders}/**/*.test.ts`);

/**
 * How long one step may take, ms. Half of what a test may: a machine that is busy with other things has stood still for ten seconds, and a
 * step that succeeds takes no longer for it.
 */
const STEP_MS = 30_000;

/** Everything under Node: real files, real SQLite, real HTTP on loopback. */
const underNode = {
  environment: 'node',
  provide,
  pool: 'forks',
  testTimeout: 60_000,
  hookTimeout: 30_000,
  expect: { poll: { timeout: STEP_MS } },
} as const;

const main: TestProjectConfiguration = {
  root,
  test: {
    ...underNode,
    name: 'main',
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/renderer/**', 'tests/e2e/**', ...together],
  },
};

const mainTogether: TestProjectConfiguration = {
  root,
  test: { ...underNode, name: 'together', include: together, isolate: false },
};

/** Components in a real Chromium. */
async function components(): Promise<TestProjectConfiguration[]> {
  const browser = await findBrowser();
  if (!browser) return [];
  const { executablePath, args, env } = browser;
  return [
    {
      root,
      cacheDir: resolve(root, 'node_modules/.cache/vitest-components'),
      plugins: [svelte({ configFile: resolve(import.meta.dirname, 'svelte.config.js') })],
      optimizeDeps: {
        // All of them: one that is found late reloads the page in the middle of a test, with a second copy of Svelte.
        include: [
          'svelte',
          'vitest-browser-svelte',
          'bits-ui',
          'axe-core',
          'diff',
          'fast-check',
          'thumbhash',
          'valibot',
        ],
        // One module an icon; they are served as they are.
        exclude: ['@lucide/svelte'],
      },
      test: {
        name: 'components',
        include: ['tests/renderer/**/*.test.ts'],
        setupFiles: ['tests/renderer/setup-date.ts', 'tests/renderer/setup-storage.ts'],
        provide,
        testTimeout: 60_000,
        hookTimeout: 30_000,
        // Also what expect.element waits; its second is too short on a busy machine.
        expect: { poll: { timeout: STEP_MS } },
        browser: {
          enabled: true,
          headless: true,
          screenshotFailures: false,
          viewport: { width: 1000, height: 700 },
          provider: playwright({
            launchOptions: { executablePath, args, env },
            // Where a browser asks before a page may write to the clipboard, the person has said yes.
            contextOptions: { locale: 'en-GB', timezoneId: 'UTC', permissions: ['clipboard-read', 'clipboard-write'] },
            actionTimeout: STEP_MS,
          }),
          instances: [{ browser: 'chromium' }],
        },
      },
    },
  ];
}

export default defineConfig(async () => ({
  root,
  test: {
    passWithNoTests: false,
    // Vitest leaves one core free, but many tests wait for the disk or for timers.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [main, mainTogether, ...(wantsComponents() ? await components() : [])],
  },
}));

/** `vitest --project main` must not look for a browser. */
function wantsComponents(): boolean {
  const names = process.argv.flatMap((argument, index, all) =>
    argument === '--project' ? (all[index + 1] ?? []) : argument.startsWith('--project=') ? argument.slice(10) : [],
  );
  return names.length === 0 || names.includes('components');
}
