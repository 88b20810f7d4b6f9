import type { HostBridge } from '../../electron/contract/api.ts';
import { test as base, expect, type Page } from '@playwright/test';
import { launchDesktop, type DesktopApp, type DesktopOptions } from './desktop-app.ts';
import { collectComplaints, lendDemoServers, NOTHING, type StartDemo } from './fixtures.ts';
import { makeHome } from './loopback-host.ts';

declare global {
  interface Window {
    /** What the preload exposes. */
    studio: HostBridge;
  }
}

export type Launch = (options?: Omit<DesktopOptions, 'home'>) => Promise<{ app: DesktopApp; page: Page }>;

interface Fixtures {
  home: string;
  /** All of them are closed at the end. */
  demo: StartDemo;
  /** Starts the desktop in this test's home; whatever still runs at the end is ended. */
  launch: Launch;
  /** Errors in the pages' consoles that the test expects. */
  ignored: RegExp;
  /** Other errors in the pages' consoles; a test fails if any is left at its end. */
  complaints: string[];
}

const UNLOADED = /^Failed to load resource/u;

export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixture's dependencies from the pattern.
  home: async ({}, use) => {
    const { home, remove } = await makeHome();
    await use(home);
    await remove();
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  complaints: async ({}, use) => {
    const complaints: string[] = [];
    await use(complaints);
    expect(complaints).toEqual([]);
  },
  demo: lendDemoServers,
  ignored: [NOTHING, { option: true }],
  launch: async ({ home, ignored, complaints }, use) => {
    const apps: DesktopApp[] = [];
    await use(async (options = {}) => {
      const app = await launchDesktop({ home, ...options });
      apps.push(app);
      const page = await app.firstWindow();
      let isQuitting = false;
      // What was loading when it quit has no answer.
      collectComplaints(page, complaints, (text) => ignored.test(text) || (isQuitting && UNLOADED.test(text)));
      const quit = (): Promise<number> => {
        isQuitting = true;
        return app.quit();
      };
      return { app: { ...app, quit }, page };
    });
    await Promise.all(apps.map((app) => app.close()));
  },
});

export { expect };
