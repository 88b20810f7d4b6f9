import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import sharp from 'sharp';
import { pngChunk, withChunks } from '../../electron/library/pixels/colour/png-chunks.ts';
import { makeHome, startLoopbackHost } from '../e2e/loopback-host.ts';
import { NARROW, openWindow, photograph, settled, WIDE, type Camera } from './looks.ts';

const SCENES = [
  'import-choose',
  'import-report',
  'import-done',
  'import-record',
  'import-metadata',
  'import-own',
  'import-own-record',
] as const;

const environment = { OPENAI_API_KEY: 'sk-demo-0123456789abcdef' };

/** Photographs an import from choosing files to the record of an imported image. */
export async function shootImport(browser: Browser, camera: Camera): Promise<void> {
  if (!SCENES.some((name) => camera.wants(name))) return;
  for (const size of [NARROW, WIDE]) {
    const { home, remove } = await makeHome();
    const host = await startLoopbackHost({ home, environment });
    try {
      const files = join(home, 'downloads');
      await makeFiles(files);
      const page = await openWindow(browser, host.url, size);
      const shoot: Shoot = async (name) => {
        await settled(page);
        if (camera.wants(name, size.width)) await photograph(page, camera, name);
      };
      await walk(page, files, shoot);
      await exportRated(page, home);
      await host.stop();
      const other = await startLoopbackHost({ home, environment, args: ['--library', join(home, 'another library')] });
      try {
        await page.goto(other.url);
        await importOwn(page, home, shoot);
      } finally {
        await other.stop();
      }
      await page.close();
    } finally {
      await host.stop();
      await remove();
    }
  }
}

type Shoot = (name: (typeof SCENES)[number]) => Promise<void>;

async function walk(page: Page, files: string, shoot: Shoot): Promise<void> {
  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Import images' });
  await dialog.getByLabel('Path of a file or folder').fill(files);
  await shoot('import-choose');
  await dialog.getByRole('button', { name: 'Look' }).click();
  const start = dialog.getByRole('button', { name: /^Import \d+ images$/u });
  await start.waitFor();
  await dialog.getByText('The file isn’t an image.').click();
  await dialog.getByText('notes.txt').waitFor();
  await shoot('import-report');
  await start.click();
  await dialog
    .getByText(/imported/u)
    .first()
    .waitFor();
  await shoot('import-done');
  await dialog.getByRole('button', { name: 'Show imported' }).click();
  await page
    .getByRole('gridcell', { name: /lantern/u })
    .first()
    .dblclick();
  await page.getByText('Made with').waitFor();
  await shoot('import-record');
  const metadata = page.getByText('Metadata in the file');
  await metadata.click();
  await metadata.evaluate((element) => element.scrollIntoView());
  await shoot('import-metadata');
}

/** Rates the image that is shown, and exports the library as a ZIP to `folder`. */
async function exportRated(page: Page, folder: string): Promise<void> {
  await page.keyboard.press('4');
  await page.keyboard.press('Escape');
  await page.getByRole('gridcell').first().focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+Shift+e');
  const dialog = page.getByRole('dialog', { name: /^Export/u });
  await dialog.getByRole('radio', { name: 'One ZIP' }).click();
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder);
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await dialog.getByText(/images exported/u).waitFor();
}

/** Imports that ZIP in another library. */
async function importOwn(page: Page, folder: string, shoot: Shoot): Promise<void> {
  const [zip = ''] = (await readdir(folder)).filter((name) => name.endsWith('.zip'));
  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Import images' });
  await dialog.getByLabel('Path of a file or folder').fill(join(folder, zip));
  await dialog.getByRole('button', { name: 'Look' }).click();
  const start = dialog.getByRole('button', { name: /^Import \d+ images$/u });
  await start.waitFor();
  await shoot('import-own');
  await start.click();
  await dialog.getByRole('button', { name: 'Show imported' }).click();
  await page
    .getByRole('gridcell', { name: /4 stars/u })
    .first()
    .dblclick();
  await page.getByText('Made with').waitFor();
  await shoot('import-own-record');
}

const HUES = ['#c2553a', '#3a6ec2', '#4f9a5b', '#b08a2e', '#7d4fb0', '#2e9aa6'];

async function makeFiles(folder: string): Promise<void> {
  await mkdir(join(folder, 'older'), { recursive: true });
  for (const [index, background] of HUES.entries()) {
    const plain = await sharp({ create: { width: 900, height: index % 2 ? 600 : 900, channels: 3, background } })
      .png()
      .toBuffer();
    const settings = `Steps: 30, Sampler: Euler a, CFG scale: 7, Seed: ${index}, Model: dreamshaper`;
    const text = `a paper lantern, study ${index}\nNegative prompt: blurry\n${settings}`;
    const chunk = pngChunk('tEXt', Buffer.from(`parameters\0${text}`, 'latin1'));
    await writeFile(join(folder, `lantern-${index}.png`), Buffer.concat(withChunks(plain, [chunk])));
  }
  const photo = await sharp({ create: { width: 800, height: 500, channels: 3, background: '#555' } })
    .jpeg()
    .toBuffer();
  await writeFile(join(folder, 'older/photo.jpg'), photo);
  await writeFile(join(folder, 'older/photo (copy).jpg'), photo);
  await writeFile(join(folder, 'older/cut.jpg'), photo.subarray(0, 600));
  await writeFile(join(folder, 'notes.txt'), 'words');
  await writeFile(join(folder, 'list.csv'), 'a,b');
}
