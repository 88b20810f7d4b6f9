import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import sharp from 'sharp';
import { pngChunk, withChunks } from '../../electron/library/pixels/colour/png-chunks.ts';

/** A PNG of one colour with a prompt in it. */
export async function imageWithPrompt(background: string, prompt: string): Promise<Buffer> {
  const png = await sharp({ create: { width: 120, height: 80, channels: 3, background } })
    .png()
    .toBuffer();
  const text = `parameters\0${prompt}\nSteps: 20, Model: dreamshaper`;
  return Buffer.concat(withChunks(png, [pngChunk('tEXt', Buffer.from(text, 'latin1'))]));
}

/** Writes images of one colour to a folder, and imports it in the open library. @returns their bytes, by prompt */
export async function importImages<Prompt extends string>(
  page: Page,
  folder: string,
  hues: Readonly<Record<Prompt, string>>,
): Promise<Record<Prompt, Buffer>> {
  await mkdir(folder);
  const images = {} as Record<Prompt, Buffer>;
  for (const [prompt, hue] of Object.entries(hues) as [Prompt, string][]) {
    images[prompt] = await imageWithPrompt(hue, prompt);
    await writeFile(join(folder, `${prompt}.png`), images[prompt]);
  }
  const count = Object.keys(hues).length;
  await page.getByRole('link', { name: 'Library' }).click();
  await page.keyboard.press('ControlOrMeta+o');
  const dialog = page.getByRole('dialog', { name: 'Import images' });
  await dialog.getByLabel('Path of a file or folder').fill(folder);
  await dialog.getByRole('button', { name: 'Look' }).click();
  await dialog.getByRole('button', { name: `Import ${count} images` }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('gridcell')).toHaveCount(count);
  return images;
}
