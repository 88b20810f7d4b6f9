import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Locator, Page } from '@playwright/test';
import sharp from 'sharp';
import { readTexts } from '../../electron/library/pixels/metadata/read-texts.ts';
import { readPdf } from '../library/export/sheet/read-pdf.ts';
import { zipContents } from '../library/export/zip-contents.ts';
import { expect, test } from './fixtures.ts';

/** A host that starts with a profile, so that the library is there at once. */
const ENVIRONMENT = { OPENAI_API_KEY: 'sk-test-0123456789abcdef', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
const HUES = { fox: '#c52', hare: '#25c', heron: '#2a6' };

/** A library of three images that were imported from `files`. */
async function fill(page: Page, files: string): Promise<void> {
  await mkdir(files);
  for (const [name, background] of Object.entries(HUES)) {
    const image = sharp({ create: { width: 120, height: 80, channels: 3, background } });
    await writeFile(join(files, `${name}.png`), await image.png().toBuffer());
  }
  await page.getByRole('link', { name: 'Library' }).click();
  await page.keyboard.press('ControlOrMeta+o');
  const dialog = page.getByRole('dialog', { name: 'Import images' });
  await dialog.getByLabel('Path of a file or folder').fill(files);
  await dialog.getByRole('button', { name: 'Look' }).click();
  await dialog.getByRole('button', { name: 'Import 3 images' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('gridcell')).toHaveCount(3);
}

const contents = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder);
  const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return files.map((bytes) => bytes.toString('base64')).sort();
};

const allDrawn = (images: Locator): Promise<boolean> =>
  images.evaluateAll((all) => all.every((image) => image instanceof HTMLImageElement && image.naturalWidth > 0));

test('a ZIP is browsed and searched offline', async ({ page, host, home }) => {
  const { url } = await host({ environment: ENVIRONMENT });
  await page.goto(url);
  await fill(page, join(home, 'downloads'));
  const cell = page.getByRole('gridcell').first();
  await cell.focus();
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Note' }).fill('<img src=x onerror=alert(1)> for the client');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(page.getByRole('textbox', { name: 'Note' })).toBeHidden();
  await cell.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+Shift+e');
  const dialog = page.getByRole('dialog', { name: /^Export/u });
  await dialog.getByRole('radio', { name: 'One ZIP' }).click();
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(home);
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog.getByText('3 images exported')).toBeVisible();

  const [zip = ''] = (await readdir(home)).filter((name) => name.endsWith('.zip'));
  const unpacked = join(home, 'unpacked, 100% #1');
  for (const [name, bytes] of await zipContents(join(home, zip))) {
    await mkdir(dirname(join(unpacked, name)), { recursive: true });
    await writeFile(join(unpacked, name), bytes);
  }
  await page.goto(pathToFileURL(join(unpacked, 'index.html')).href);
  await expect(page.getByText('3 images', { exact: true })).toBeVisible();
  const tiles = page.getByRole('main').getByRole('button');
  await expect(tiles).toHaveCount(3);
  await expect.poll(() => allDrawn(tiles.locator('img'))).toBe(true);
  await page.getByRole('searchbox').fill('CLIENT for');
  await expect(page.getByText('1 of 3 images')).toBeVisible();
  await tiles.click();
  const image = page.getByRole('dialog');
  await expect(image.getByText('<img src=x onerror=alert(1)> for the client')).toBeVisible();
  await expect.poll(() => allDrawn(image.locator('img'))).toBe(true);
  await expect(image.locator('img')).toHaveCount(1);
});

test('selected images are exported byte for byte, and as copies that say their rating', async ({
  page,
  host,
  home,
}) => {
  const [files, originals, copies] = ['downloads', 'originals', 'copies'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  await Promise.all([mkdir(originals), mkdir(copies)]);
  const { url } = await host({ environment: ENVIRONMENT });
  await page.goto(url);
  await fill(page, files);

  await page.getByRole('gridcell').first().focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.getByRole('toolbar', { name: 'Selection' }).getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Export 3 images' });
  await dialog.getByRole('textbox', { name: 'File names' }).fill('{counter}');
  await expect(dialog.getByText('0003.png')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(originals);
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  const ended = page.getByRole('dialog', { name: 'Export images' });
  await expect(ended.getByText('3 images exported')).toBeVisible();
  await ended.getByRole('button', { name: 'Done' }).click();
  expect((await readdir(originals)).sort()).toEqual(['0001.png', '0002.png', '0003.png']);
  expect(await contents(originals)).toEqual(await contents(files));

  await page.getByRole('button', { name: 'Clear selection' }).click();
  const cell = page.getByRole('gridcell').first();
  await cell.focus();
  await page.keyboard.press('4');
  await expect(cell).toHaveAccessibleName(/4 stars/u);
  await page.keyboard.press('ControlOrMeta+Shift+e');
  const one = page.getByRole('dialog', { name: 'Export 1 image' });
  await one.getByRole('radio', { name: 'Copies with details' }).click();
  await expect(one.getByText('None of them is signed.')).toBeVisible();
  await one.getByRole('textbox', { name: 'Folder' }).fill(copies);
  await one.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(ended.getByText('1 image exported')).toBeVisible();
  const { texts } = await readTexts(join(copies, '0001.png'), 'png');
  expect(texts.find(({ name }) => name === 'xmp:Rating')?.text).toBe('4');
});

test('a contact sheet is one PDF with all images and their names', async ({ page, host, home }) => {
  const { url } = await host({ environment: ENVIRONMENT });
  await page.goto(url);
  await fill(page, join(home, 'downloads'));
  await page.getByRole('gridcell').first().focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+Shift+e');
  const dialog = page.getByRole('dialog', { name: /^Export/u });
  await dialog.getByRole('radio', { name: 'Contact sheet' }).click();
  await dialog.getByRole('spinbutton', { name: 'Columns' }).fill('2');
  await dialog.getByRole('spinbutton', { name: 'Rows' }).fill('1');
  await dialog.getByRole('textbox', { name: 'Names' }).fill('{counter}');
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Animals');
  await expect(dialog.getByText('3 images on 2 pages')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(home);
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog.getByRole('button', { name: 'Done' })).toBeVisible();
  await expect(dialog.getByText('3 images on 2 pages')).toBeVisible();
  const { pages } = await readPdf(join(home, 'Animals.pdf'));
  expect(pages.map(({ pictures }) => pictures)).toEqual([2, 1]);
  expect(pages.map(({ texts }) => texts)).toEqual([
    ['Animals', '1', '0001', '0002'],
    ['Animals', '2', '0003'],
  ]);
});
