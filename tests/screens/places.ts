import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { ANIMALS } from '../e2e/damaged-library.ts';
import { importImages } from '../e2e/imported-images.ts';
import { cells } from '../e2e/library-cells.ts';
import { openLibrarySettings } from '../e2e/library-settings.ts';
import { makeHome, startLoopbackHost } from '../e2e/loopback-host.ts';
import { NARROW, openWindow, photograph, WIDE, type Camera } from './looks.ts';

const SCENES = [
  'low-space-shared-library',
  'low-space-shared-settings',
  'read-only-create',
  'read-only-library',
  'read-only-viewer',
  'read-only-duplicates',
  'read-only-canvas',
  'read-only-settings',
] as const;

const ENVIRONMENT = { OPENAI_API_KEY: 'sk-demo-0123456789abcdef' };

/**
 * Photographs a library in a folder that Dropbox copies, on a disk that is nearly full, and then the same one on a read-only medium. Both are
 * mounted, which only root may on Linux; elsewhere it is said that they are left out.
 */
export async function shootPlaces(browser: Browser, camera: Camera): Promise<void> {
  if (!SCENES.some((name) => camera.wants(name))) return;
  const { home, remove } = await makeHome();
  const dropbox = join(home, 'Dropbox');
  const library = join(dropbox, 'Emulsion');
  await mkdir(dropbox);
  try {
    mount('-t', 'tmpfs', '-o', 'size=400m', 'none', dropbox);
  } catch (thrown) {
    console.log(`Left out, since nothing can be mounted here: ${SCENES.join(', ')} (${String(thrown)})`);
    await remove();
    return;
  }
  try {
    await photographHost(browser, { home, library }, async (page) => {
      await importImages(page, join(home, 'downloads'), ANIMALS);
    });
    for (const size of [NARROW, WIDE])
      await photographHost(browser, { home, library, size }, (page) => nearlyFull(page, camera));
    mount('-o', 'remount,ro', dropbox);
    for (const size of [NARROW, WIDE])
      await photographHost(browser, { home, library, size }, (page) => readOnly(page, camera));
  } finally {
    execFileSync('umount', ['--lazy', dropbox]);
    await remove();
  }
}

function mount(...args: string[]): void {
  execFileSync('mount', args, { stdio: 'pipe' });
}

async function photographHost(
  browser: Browser,
  { home, library, size = WIDE }: { home: string; library: string; size?: typeof WIDE },
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const host = await startLoopbackHost({ home, args: ['--library', library], environment: ENVIRONMENT });
  try {
    const page = await openWindow(browser, host.url, size);
    await work(page);
    await page.close();
  } finally {
    await host.stop();
  }
}

async function nearlyFull(page: Page, camera: Camera): Promise<void> {
  await openLibrary(page);
  await shoot(page, camera, 'low-space-shared-library');
  await openLibrarySettings(page);
  await shoot(page, camera, 'low-space-shared-settings');
}

async function readOnly(page: Page, camera: Camera): Promise<void> {
  await shoot(page, camera, 'read-only-create');
  await openLibrary(page);
  await cells(page).first().click();
  await shoot(page, camera, 'read-only-library');
  await cells(page).first().dblclick();
  await page.locator('img[src*="/original/"]').first().waitFor();
  await shoot(page, camera, 'read-only-viewer');
  await openLibrary(page);
  const filters = page.getByRole('button', { name: /^Filters/u });
  if ((await filters.getAttribute('aria-expanded')) === 'false') await filters.click();
  await page.getByRole('button', { name: 'Duplicates' }).click();
  await page.getByRole('progressbar').waitFor({ state: 'hidden' });
  await shoot(page, camera, 'read-only-duplicates');
  await page.getByRole('link', { name: 'Canvas' }).click();
  await shoot(page, camera, 'read-only-canvas');
  await openLibrarySettings(page);
  await shoot(page, camera, 'read-only-settings');
}

async function shoot(page: Page, camera: Camera, name: (typeof SCENES)[number]): Promise<void> {
  if (camera.wants(name, page.viewportSize()?.width)) await photograph(page, camera, name);
}

async function openLibrary(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Library', exact: true }).click();
  await cells(page).first().waitFor();
}
