import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from '@playwright/test';
import { startDemoApi } from '../../electron/demo-api/server.ts';
import { makeHome, startLoopbackHost } from '../e2e/loopback-host.ts';
import { NARROW, openWindow, photograph, settled, WIDE, type Camera } from './looks.ts';

const MAKE = resolve(import.meta.dirname, '../../build/make-library/main.ts');
const HUGE = { width: 2560, height: 1440 };

/** The library's screens, and what is done before each is photographed. */
const SCENES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  'library-grid': (page) => settled(page),
  async 'library-selection'(page) {
    const cells = page.getByRole('gridcell');
    for (const at of [1, 3, 6]) await cells.nth(at).click({ modifiers: ['ControlOrMeta'] });
    await page.getByRole('toolbar', { name: 'Selection' }).waitFor();
  },
  async 'library-search'(page) {
    await page.getByRole('combobox', { name: 'Search', exact: true }).fill('rating:>=3 ');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Clear search' }).waitFor();
  },
  async 'library-month'(page) {
    await page.getByRole('slider', { name: 'Month' }).focus();
    await page.keyboard.press('PageDown');
  },
  async 'library-viewer'(page) {
    await page.getByRole('gridcell').first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Use prompt' }).waitFor();
  },
  async 'library-prompts'(page) {
    await page.getByRole('link', { name: 'Create' }).click();
    await page.getByRole('button', { name: 'Saved prompts' }).click();
    await page.getByRole('list', { name: 'Saved prompts' }).getByRole('button').first().waitFor();
  },
  async 'library-prompt-history'(page) {
    await page.getByRole('link', { name: 'Create' }).click();
    await page.getByRole('button', { name: 'Prompt history' }).click();
    await page.getByRole('list', { name: 'Prompts you’ve used' }).getByRole('listitem').first().waitFor();
  },
};

/** Photographs the library's screens with a made library. */
export async function shootLibrary(browser: Browser, camera: Camera): Promise<void> {
  const wanted = Object.entries(SCENES).filter(([name]) => camera.wants(name));
  if (wanted.length === 0) return;
  const { home, remove } = await makeHome();
  const folder = join(home, 'made');
  await promisify(execFile)(process.execPath, [MAKE, '--count', '5000', '--dir', folder, '--thumbnails', '200']);
  const demo = await startDemoApi({ pace: 0 });
  const environment = { OPENAI_API_KEY: 'sk-demo-0123456789abcdef', OPENAI_BASE_URL: demo.baseUrl };
  const host = await startLoopbackHost({ home, args: ['--library', folder], environment });
  try {
    for (const size of [WIDE, NARROW, HUGE])
      for (const [name, prepare] of wanted.filter(([name]) => camera.wants(name, size.width))) {
        const page = await openWindow(browser, host.url, size);
        await page.getByRole('link', { name: 'Library' }).click();
        await page.getByRole('gridcell').first().waitFor();
        await prepare(page);
        await settled(page);
        await photograph(page, camera, name);
        await page.close();
      }
  } finally {
    await Promise.all([host.stop(), demo.close()]);
    await remove();
  }
}
