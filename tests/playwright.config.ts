import { defineConfig } from '@playwright/test';
import { findBrowser } from './browser.ts';
import { useMemoryFolder } from './memory-folder.ts';

// The workers have it from the process that starts them.
process.once('exit', useMemoryFolder());

/** How long one step may take, ms; half of what a test may, as in build/vitest.config.ts. */
const STEP_MS = 30_000;

const browser = await findBrowser();

/** End to end in a real Chromium: the loopback host, and the desktop's main and preload on the stand-in. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: '../test-results',
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 60_000,
  expect: { timeout: STEP_MS },
  reporter: [['list']],
  use: {
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
    // A trace records every frame and document, which costs 40 % of the time: EMULSION_TRACES=1 records them.
    trace: process.env['EMULSION_TRACES'] ? 'retain-on-failure' : 'off',
    actionTimeout: STEP_MS,
    ...(browser && { launchOptions: { executablePath: browser.executablePath, args: browser.args, env: browser.env } }),
  },
  projects: [
    { name: 'loopback', testMatch: browser ? '**/*.spec.ts' : [], testIgnore: '**/desktop*.spec.ts' },
    { name: 'desktop', testMatch: browser ? '**/desktop*.spec.ts' : [] },
  ],
});
