import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { accessibilityFaults } from './accessibility.ts';
import { ANIMALS, sha256 } from './damaged-library.ts';
import { WHERE, type DesktopApp } from './desktop-app.ts';
import { expect, test } from './desktop-fixtures.ts';
import { environmentFor } from './fixtures.ts';
import { imageWithPrompt } from './imported-images.ts';
import { cells, imageCells } from './library-cells.ts';
import { openLibrarySettings } from './library-settings.ts';

/** The hash of every original of a library, sorted. */
async function originalsIn(library: string): Promise<string[]> {
  const entries = await readdir(join(library, 'originals'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map(async (file) => sha256(await readFile(file))))).toSorted();
}

/** The next dialogs for files and folders answer with this path. */
async function choose(app: DesktopApp, path: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, path);
}

async function importAnimals(app: DesktopApp, page: Page, folder: string): Promise<void> {
  await mkdir(folder);
  for (const [prompt, hue] of Object.entries(ANIMALS))
    await writeFile(join(folder, `${prompt}.png`), await imageWithPrompt(hue, prompt));
  await choose(app, folder);
  await page.getByRole('link', { name: 'Library' }).click();
  await page.keyboard.press('ControlOrMeta+o');
  const dialog = page.getByRole('dialog', { name: 'Import images' });
  await dialog.getByRole('button', { name: 'Choose a folder…' }).click();
  await dialog.getByRole('button', { name: 'Import 4 images' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(cells(page)).toHaveCount(4);
}

async function copyLibrary(app: DesktopApp, page: Page, copy: string): Promise<void> {
  await choose(app, copy);
  await openLibrarySettings(page);
  const copying = page.getByRole('region', { name: 'Copy or move' });
  await copying.getByRole('button', { name: 'Copy library…' }).click();
  await expect(copying.getByText(new RegExp(`copied to ${copy} and compared`, 'u'))).toBeVisible();
}

async function openCopy(page: Page): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Open the copy' }).click();
  await loaded;
  await expect(cells(page)).toHaveCount(4);
}

const question = (page: Page) =>
  page.getByRole('dialog', { name: /^Move the old folder to the (?:Trash|Recycle Bin)\?/u });
const ask = (page: Page) => page.getByRole('button', { name: /^Move to (?:Trash|Recycle Bin)…/u });
const agree = (page: Page) => question(page).getByRole('button', { name: /^Move to (?:Trash|Recycle Bin)$/u });

test(`a library is moved: copied, opened, and its old folder moved to the trash, ${WHERE}`, async ({
  home,
  launch,
  demo,
}) => {
  const [library, copy] = [join(home, 'library'), join(home, 'a copy')];
  const options = { args: ['--library', library], environment: environmentFor(await demo()) };
  const { app, page } = await launch(options);
  await importAnimals(app, page, join(home, 'downloads'));
  const before = await originalsIn(library);
  expect(before).toHaveLength(4);
  await copyLibrary(app, page, copy);
  await expect(ask(page)).toHaveCount(0);
  await openCopy(page);

  await page.reload();
  await expect(ask(page)).toBeVisible();
  expect(existsSync(library)).toBe(true);
  await ask(page).focus();
  await page.keyboard.press('Enter');
  await expect(question(page)).toContainText(library);
  expect(await accessibilityFaults(page)).toEqual([]);
  await agree(page).focus();
  await page.keyboard.press('Enter');

  await expect(question(page)).toHaveCount(0);
  await expect(ask(page)).toHaveCount(0);
  expect(existsSync(library)).toBe(false);
  expect(await originalsIn(copy)).toEqual(before);
  await page.reload();
  await expect(cells(page)).toHaveCount(4);
  await expect(ask(page)).toHaveCount(0);
  await openLibrarySettings(page);
  await expect(page.getByText(library, { exact: true })).toHaveCount(0);
});

test(`the old folder stays if an image was changed after it was copied, ${WHERE}`, async ({ home, launch, demo }) => {
  const [library, copy] = [join(home, 'library'), join(home, 'a copy')];
  const options = { args: ['--library', library], environment: environmentFor(await demo()) };
  const { app, page } = await launch(options);
  await importAnimals(app, page, join(home, 'downloads'));
  await copyLibrary(app, page, copy);
  await page.getByRole('link', { name: 'Library', exact: true }).click();
  const fox = imageCells(page, /a red fox/u);
  await fox.click();
  await page.keyboard.press('4');
  await expect(fox).toHaveAccessibleName(/4 stars/u);
  await openLibrarySettings(page);
  await openCopy(page);

  await ask(page).click();
  await agree(page).click();
  await expect(question(page)).toContainText('Something was added or changed in it after it was copied.');
  expect(await originalsIn(library)).toEqual(await originalsIn(copy));
});

test(`the old folder stays if the system can’t move it to a trash, ${WHERE}`, async ({ home, launch, demo }) => {
  const [library, copy] = [join(home, 'library'), join(home, 'a copy')];
  const options = { args: ['--library', library], environment: environmentFor(await demo()) };
  const { app, page } = await launch(options);
  await importAnimals(app, page, join(home, 'downloads'));
  await copyLibrary(app, page, copy);
  await openCopy(page);
  await app.evaluate(({ shell }) => {
    shell.trashItem = () => Promise.reject(new Error('no trash on this disk'));
  }, null);

  await ask(page).click();
  await agree(page).click();
  await expect(question(page)).toContainText('The folder is still there');
  expect(await originalsIn(library)).toEqual(await originalsIn(copy));
});
