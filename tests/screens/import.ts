import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import sharp from 'sharp';
import { pngChunk, withChunks } from '../../electron/library/pixels/colour/png-chunks.ts';
import { makeHome, startLoopbackHost } from '../e2e/loopback-host.ts';
import { NARROW, openWindow, photograph, settled, WIDE, type Camera } from './looks.ts';

const SCENES = ['import-choose', 'import-report', 'import-done', 'import-record'] as const;

/** Photographs an import from choosing files to the record of an imported image. */
export async function shootImport(browser: Browser, camera: Camera): Promise<void> {
  if (!SCENES.some((name) => camera.wants(name))) return;
  for (const size of [NARROW, WIDE]) {
    const { home, remove } = await makeHome();
    const host = await startLoopbackHost({ home, environment: { OPENAI_API_KEY: 'sk-demo-0123456789abcdef' } });
    try {
      const files = join(home, 'downloads');
      await makeFiles(files);
      const page = await openWindow(browser, host.url, size);
      await walk(page, files, async (name) => {
        await settled(page);
        if (camera.wants(name, size.width)) await photograph(page, camera, name);
      });
      await page.close();
    } finally {
      await host.stop();
      await remove();
    }
  }
}

async function walk(page: Page, files: string, shoot: (name: (typeof SCENES)[number]) => Promise<void>): Promise<void> {
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
