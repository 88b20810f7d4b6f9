import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import sharp from 'sharp';
import { pngChunk, withChunks } from '../../electron/library/pixels/colour/png-chunks.ts';
import { makeHome, startLoopbackHost } from '../e2e/loopback-host.ts';
import { NARROW, openWindow, photograph, settled, WIDE, type Camera } from './looks.ts';

const SCENES = ['export-choose', 'export-copies', 'export-converted', 'export-sheet', 'export-done'] as const;
const PROMPTS = [
  'a paper lantern over a canal',
  'a red fox in snow',
  'con: a heron / at dusk',
  'an owl',
  'a signed hare',
];
const HUES = ['#c2553a', '#3a6ec2', '#4f9a5b', '#b08a2e', '#7d4fb0'];

/** Photographs an export from choosing how to what was written. */
export async function shootExport(browser: Browser, camera: Camera): Promise<void> {
  if (!SCENES.some((name) => camera.wants(name))) return;
  for (const size of [NARROW, WIDE]) {
    const { home, remove } = await makeHome();
    const host = await startLoopbackHost({ home, environment: { OPENAI_API_KEY: 'sk-demo-0123456789abcdef' } });
    try {
      const page = await openWindow(browser, host.url, size);
      await fill(page, join(home, 'downloads'));
      await walk(page, join(home, 'Pictures'), async (name) => {
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

async function walk(
  page: Page,
  folder: string,
  shoot: (name: (typeof SCENES)[number]) => Promise<void>,
): Promise<void> {
  await mkdir(folder);
  await page.getByRole('gridcell').first().focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+Shift+e');
  const dialog = page.getByRole('dialog', { name: /^Export/u });
  await dialog.getByText(/heron/u).waitFor();
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder);
  await shoot('export-choose');
  await dialog.getByRole('radio', { name: 'Copies with details' }).click();
  await dialog.getByText(/signed \(/u).waitFor();
  await shoot('export-copies');
  await dialog.getByRole('radio', { name: 'Converted' }).click();
  await dialog.getByRole('radio', { name: 'Fit within' }).click();
  await dialog.getByText(/Converting breaks/u).waitFor();
  await shoot('export-converted');
  await dialog.getByRole('radio', { name: 'Contact sheet' }).click();
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Animals in snow');
  await shoot('export-sheet');
  await dialog.getByRole('radio', { name: 'Files in a folder' }).click();
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await dialog.getByText(/images exported/u).waitFor();
  await shoot('export-done');
}

/** Imports images, the last one signed. */
async function fill(page: Page, files: string): Promise<void> {
  await mkdir(files);
  for (const [index, prompt] of PROMPTS.entries()) {
    const create = {
      width: 900,
      height: index % 2 ? 600 : 900,
      channels: 3 as const,
      background: HUES[index] ?? '#555',
    };
    const chunks = [pngChunk('tEXt', Buffer.from(`parameters\0${prompt}\nSteps: 30, Model: dreamshaper`, 'latin1'))];
    if (prompt.includes('signed')) chunks.push(pngChunk('caBX', Buffer.from('manifest')));
    const plain = await sharp({ create }).png().toBuffer();
    await writeFile(join(files, `${index}.png`), Buffer.concat(withChunks(plain, chunks)));
  }
  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Import images' });
  await dialog.getByLabel('Path of a file or folder').fill(files);
  await dialog.getByRole('button', { name: 'Look' }).click();
  await dialog.getByRole('button', { name: `Import ${PROMPTS.length} images` }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page
    .getByRole('gridcell')
    .nth(PROMPTS.length - 1)
    .waitFor();
}
