import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from '@playwright/test';
import { startDemoApi } from '../../electron/demo-api/server.ts';
import { makeHome, startLoopbackHost } from '../e2e/loopback-host.ts';
import { LIBRARY_SCENES, makePast, type LibraryScene } from './library-scenes.ts';
import { NARROW, openWindow, photograph, settled, type Camera, type WindowSize } from './looks.ts';

const MAKE = resolve(import.meta.dirname, '../../build/make-library/main.ts');
const SIZES: readonly WindowSize[] = [NARROW, { width: 1440, height: 900 }, { width: 2560, height: 1440 }];
/** A scene that can't be prepared is reported after this long, ms. */
const PATIENCE = 20_000;

/** Photographs the library's screens with a made library. */
export async function shootLibrary(browser: Browser, camera: Camera): Promise<void> {
  const wanted = LIBRARY_SCENES.filter(({ name }) => camera.wants(name));
  if (wanted.length === 0) return;
  const { home, remove } = await makeHome();
  const folder = join(home, 'made');
  await promisify(execFile)(process.execPath, [MAKE, '--count', '5000', '--dir', folder, '--thumbnails', '300']);
  const demo = await startDemoApi({ pace: 0 });
  const environment = { OPENAI_API_KEY: 'sk-demo-0123456789abcdef', OPENAI_BASE_URL: demo.baseUrl };
  const host = await startLoopbackHost({ home, args: ['--library', folder], environment });
  try {
    const page = await openWindow(browser, host.url, NARROW);
    await makePast(page);
    await page.close();
    for (const scene of wanted)
      for (const size of SIZES)
        if (camera.wants(scene.name, size.width)) await shoot(browser, host.url, size, scene, camera);
  } finally {
    await Promise.all([host.stop(), demo.close()]);
    await remove();
  }
}

/** Photographs a scene in a window of its own. One that fails is reported and photographed as it is. */
async function shoot(
  browser: Browser,
  url: string,
  size: WindowSize,
  { name, prepare }: LibraryScene,
  camera: Camera,
): Promise<void> {
  const page = await openWindow(browser, url, size);
  page.setDefaultTimeout(PATIENCE);
  try {
    await page.getByRole('link', { name: 'Library' }).click();
    await page.getByRole('gridcell').first().waitFor();
    await prepare(page);
    await settled(page);
  } catch (thrown) {
    process.exitCode = 1;
    console.error(`${name} at ${size.width}:`, thrown);
  }
  await photograph(page, camera, name);
  await page.close();
}
