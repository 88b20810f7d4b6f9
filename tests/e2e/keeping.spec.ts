import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accessibilityFaults } from './accessibility.ts';
import { ANIMALS, damageLibrary, placeOf, sha256, STRAY } from './damaged-library.ts';
import { create, environmentFor, expect, test } from './fixtures.ts';
import { importImages } from './imported-images.ts';
import { cells, imageCells, searchField } from './library-cells.ts';
import { openLibrarySettings } from './library-settings.ts';

/** Every file of a folder's subfolder, by its path in it. */
async function filesIn(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) files.set(name, sha256(await readFile(path)));
  }
  return files;
}

test('damage is found and repaired, and files leave the quarantine as they are told to', async ({
  page,
  host,
  home,
  demo,
}) => {
  const library = join(home, 'library');
  await page.goto((await host({ environment: environmentFor(await demo()) })).url);
  const images = await importImages(page, join(home, 'downloads'), ANIMALS);
  const { 'a red fox': fox, 'a blue hare': hare } = images;

  await damageLibrary(library, images);
  await openLibrarySettings(page);
  const check = page.getByRole('region', { name: 'Check', exact: true });
  await check.getByRole('button', { name: 'Check library' }).click();
  await expect(check.getByText('4 originals checked')).toBeVisible();
  for (const finding of [
    '1 original damaged',
    '1 original missing',
    '1 file not listed',
    '1 record missing, incomplete or different',
    '1 image without a complete thumbnail',
  ])
    await expect(check.getByRole('heading', { name: finding })).toBeVisible();
  expect(await accessibilityFaults(page)).toEqual([]);

  await check.getByRole('button', { name: 'Write records again' }).click();
  await expect(check.getByText('1 record written again.')).toBeVisible();
  await check.getByRole('button', { name: 'Create thumbnails again' }).click();
  await expect(check.getByText('Thumbnails of 1 image created again.')).toBeVisible();
  await check.getByRole('button', { name: 'Add to library' }).click();
  await expect(check.getByText(/1 file couldn’t be added/u)).toBeVisible();
  await check.getByRole('button', { name: 'Move to quarantine' }).click();
  await expect(check.getByText('1 file moved to the quarantine.')).toBeVisible();
  const saving = page.waitForEvent('download');
  await check.getByRole('button', { name: 'Save report' }).click();
  const report = await readFile(await (await saving).path(), 'utf8');
  expect(report).toContain(`originals/${sha256(hare).slice(0, 2)}/${sha256(hare).slice(2)}.png`);

  const quarantine = page.getByRole('region', { name: 'Quarantine' });
  const file = (name: string | RegExp) => quarantine.getByRole('listitem', { name });
  await expect(quarantine.getByText('3 files')).toBeVisible();
  await expect(file('fox by hand.png')).toContainText('Not put here by Emulsion');
  const preview = file('fox by hand.png').locator('img');
  await preview.scrollIntoViewIfNeeded();
  await expect
    .poll(() => preview.evaluate((element) => (element instanceof HTMLImageElement ? element.naturalWidth : 0)))
    .toBeGreaterThan(0);
  await file('fox by hand.png').getByRole('button', { name: 'Restore' }).click();
  await expect(quarantine.getByText('Restored: the original is back in its place.')).toBeVisible();
  expect(await readFile(placeOf(library, fox))).toEqual(fox);
  const downloading = page.waitForEvent('download');
  await file(sha256(STRAY)).getByRole('link', { name: /^Save/u }).click();
  expect(await readFile(await (await downloading).path())).toEqual(STRAY);

  const remove = file(sha256(STRAY)).getByRole('button', { name: 'Delete' });
  await remove.focus();
  await page.keyboard.press('Enter');
  const asks = page.getByRole('dialog', { name: 'Delete this file for good?' });
  await expect(asks).toBeVisible();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(file(sha256(STRAY))).toBeVisible();
  await remove.click();
  await asks.getByRole('button', { name: 'Delete for good' }).click();
  await expect(quarantine.getByText('1 file deleted.')).toBeVisible();
  await expect(file(sha256(STRAY))).toBeHidden();
  expect(await readdir(join(library, 'quarantine'))).toHaveLength(1);

  await check.getByRole('button', { name: 'Check library' }).click();
  await expect(check.getByRole('heading', { level: 3 })).toHaveText(['1 original damaged']);
  await page.getByRole('link', { name: 'Library' }).click();
  await expect(cells(page)).toHaveCount(4);
});

test('a restored snapshot takes back what was changed, and keeps what was received since', async ({
  page,
  host,
  home,
  demo,
}) => {
  await page.goto((await host({ environment: environmentFor(await demo()) })).url);
  await importImages(page, join(home, 'downloads'), ANIMALS);
  const fox = imageCells(page, /a red fox/u);
  await fox.click();
  await page.keyboard.press('3');
  await expect(fox).toHaveAccessibleName(/3 stars/u);
  await openLibrarySettings(page);
  const snapshots = page.getByRole('region', { name: 'Snapshots' });
  await snapshots.getByRole('button', { name: 'Make snapshot now' }).click();
  await expect(snapshots.getByText(/^Snapshot made and checked/u)).toBeVisible();

  await page.getByRole('link', { name: 'Library' }).click();
  await fox.click();
  await page.keyboard.press('5');
  await expect(fox).toHaveAccessibleName(/5 stars/u);
  await page.keyboard.press('t');
  await page.getByRole('combobox', { name: 'Tags' }).fill('animals');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Create', exact: true }).click();
  await create(page, 'A lighthouse');
  await expect(page.getByRole('main').getByRole('link', { name: /A lighthouse/u })).toBeVisible();

  await openLibrarySettings(page);
  await snapshots
    .getByRole('row', { name: /Made by you/u })
    .getByRole('button')
    .click();
  const asks = page.getByRole('dialog', { name: 'Restore this snapshot?' });
  await expect(asks).toBeVisible();
  expect(await accessibilityFaults(page)).toEqual([]);
  const loaded = page.waitForEvent('load');
  await asks.getByRole('button', { name: 'Restore' }).click();
  await loaded;
  const opened = page.getByRole('dialog', { name: 'The library is open again' });
  await expect(opened).toContainText('The snapshot was restored.');
  await opened.getByRole('button', { name: 'Done' }).click();
  await expect(imageCells(page, /A lighthouse/u)).toHaveCount(1);
  await expect(cells(page)).toHaveCount(5);
  await expect(fox).toHaveAccessibleName(/3 stars/u);
  await searchField(page).fill('tag:animals ');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'No images match' })).toBeVisible();
  await openLibrarySettings(page);
  await expect(snapshots.getByRole('row', { name: /Before a snapshot was restored/u })).toBeVisible();
});

test('a library is copied to another folder, and the copy is opened', async ({ page, host, home, demo }) => {
  const [library, copy] = [join(home, 'library'), join(home, 'a copy')];
  await page.goto((await host({ environment: environmentFor(await demo()) })).url);
  await importImages(page, join(home, 'downloads'), ANIMALS);
  await openLibrarySettings(page);
  const copying = page.getByRole('region', { name: 'Copy or move' });
  await copying.getByLabel('Copy to').fill(copy);
  await copying.getByRole('button', { name: 'Copy library' }).click();
  await expect(copying.getByText(new RegExp(`copied to ${copy} and compared`, 'u'))).toBeVisible();
  expect(await accessibilityFaults(page)).toEqual([]);
  for (const part of ['originals', 'records'])
    expect(await filesIn(join(copy, part))).toEqual(await filesIn(join(library, part)));

  const loaded = page.waitForEvent('load');
  await copying.getByRole('button', { name: 'Open the copy' }).click();
  await loaded;
  await expect(cells(page)).toHaveCount(4);
  const fox = imageCells(page, /a red fox/u);
  await fox.click();
  await page.keyboard.press('4');
  await expect(fox).toHaveAccessibleName(/4 stars/u);
  await openLibrarySettings(page);
  await expect(page.getByRole('region', { name: 'Library folder' }).getByText(copy, { exact: true })).toBeVisible();
  const others = page.getByRole('region', { name: 'Other libraries' });
  await expect(others.getByText(library, { exact: true })).toBeVisible();
  await expect(others.getByRole('button', { name: 'Open library', exact: true })).toBeEnabled();
});

test('images are copied to a mirror folder, and nothing that is there is touched', async ({
  page,
  host,
  home,
  demo,
}) => {
  await page.goto((await host({ environment: environmentFor(await demo()) })).url);
  const images = await importImages(page, join(home, 'downloads'), ANIMALS);
  const folder = join(home, 'mirror');
  await mkdir(folder);
  await writeFile(join(folder, 'a red fox.png'), 'mine');

  await openLibrarySettings(page);
  const section = page.getByRole('region', { name: 'Mirror folder' });
  await section.getByLabel('File names').fill('{prompt}');
  const target = section.getByLabel('Folder to copy to');
  await target.fill(join(home, 'library', 'originals'));
  await page.keyboard.press('Enter');
  await expect(
    section.getByText(/is in the library’s own folder\. Choose another folder\. Nothing was changed\./u),
  ).toBeVisible();
  await target.fill(folder);
  await page.keyboard.press('Enter');
  await expect(section.getByText('4 images copied.')).toBeVisible();
  expect(await accessibilityFaults(page)).toEqual([]);
  const copies = await filesIn(folder);
  copies.delete('.emulsion-mirror.jsonl');
  const wanted = new Map([
    ['a red fox.png', sha256(Buffer.from('mine'))],
    ['a red fox (2).png', sha256(images['a red fox'])],
  ]);
  for (const animal of ['a blue hare', 'a green heron', 'a grey seal'] as const)
    wanted.set(`${animal}.png`, sha256(images[animal]));
  expect(copies).toEqual(wanted);

  await section.getByRole('button', { name: 'Stop mirroring' }).click();
  await expect(section.getByText(`Stopped. The files in ${folder} stay there.`)).toBeVisible();
  expect((await filesIn(folder)).size).toBe(6);
});
