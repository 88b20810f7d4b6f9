import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { accessibilityFaults } from './accessibility.ts';
import { ANIMALS } from './damaged-library.ts';
import { environmentFor, expect, test } from './fixtures.ts';
import { importImages } from './imported-images.ts';
import { cells, imageCells, promptField, searchField, selectionBar } from './library-cells.ts';
import { openLibrarySettings } from './library-settings.ts';
import { collectRefusals, pressEverything } from './press-everything.ts';

const WHY = 'This library is read-only';

/** Mounts a library's folder as a read-only medium is, for some work. Skips the test where that isn't allowed. */
async function mountedReadOnly(library: string, work: () => Promise<void>): Promise<void> {
  try {
    execFileSync('mount', ['--bind', library, library], { stdio: 'ignore' });
  } catch {
    test.skip(true, 'Mounting a folder read-only isn’t allowed here.');
  }
  try {
    execFileSync('mount', ['-o', 'remount,ro,bind', library]);
    await work();
  } finally {
    execFileSync('umount', ['--lazy', library]);
  }
}

/** A library with marks, a tag, a collection, an image in the trash, a snapshot and a saved prompt, but no thumbnails. */
async function fillLibrary(page: Page, home: string): Promise<void> {
  await importImages(page, join(home, 'downloads'), ANIMALS);
  await imageCells(page, /a red fox/u).click();
  await page.keyboard.press('3');
  await page.keyboard.press('t');
  await page.getByRole('combobox', { name: 'Tags' }).fill('animals');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New collection' }).click();
  await page.getByLabel('Name').fill('Favourites of May');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('treeitem', { name: /Favourites of May/u })).toBeVisible();
  await imageCells(page, /heron/u).click();
  await page.keyboard.press('Delete');
  await expect(cells(page)).toHaveCount(3);
  await page.getByRole('link', { name: 'Create', exact: true }).click();
  await promptField(page).fill('a house by the sea');
  await page.getByRole('button', { name: 'Save prompt' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(/^Saved “/u)).toBeVisible();
  await openLibrarySettings(page);
  await page.getByRole('button', { name: 'Make snapshot now' }).click();
  await expect(page.getByText(/^Snapshot made and checked/u)).toBeVisible();
}

test('a library on a read-only medium is searched and viewed; what would change it is disabled and says why', async ({
  page,
  host,
  home,
  demo,
}) => {
  const library = join(home, 'library');
  const environment = environmentFor(await demo());
  const first = await host({ environment });
  await page.goto(first.url);
  await fillLibrary(page, home);
  await page.goto('about:blank');
  await first.stop();
  rmSync(join(library, 'thumbnails'), { recursive: true });
  await mountedReadOnly(library, async () => {
    const second = await host({ environment });
    const refused = collectRefusals(page);
    await page.goto(second.url);
    await expect(page.getByText('This library is read-only. Nothing is sent or changed')).toBeVisible();
    const main = page.locator('.view');
    const disabled = (name: string | RegExp) => main.getByRole('button', { name }).first();

    await promptField(page).fill('a house');
    const send = page.getByRole('button', { name: /^Create 1 image/u });
    await expect(send).toBeDisabled();
    await expect(send).toHaveAccessibleDescription(WHY);
    await expect(disabled('Save prompt')).toHaveAccessibleDescription(WHY);
    await expect(disabled('Add images from files')).toHaveAccessibleDescription(WHY);
    expect(await accessibilityFaults(page)).toEqual([]);
    await pressEverything(page, main);

    await page.getByRole('link', { name: 'Library', exact: true }).click();
    await expect(cells(page)).toHaveCount(3);
    // Originals stand in for thumbnails that can't be made.
    const shown = cells(page).locator('img');
    await expect(shown).toHaveCount(3);
    const loaded = () => shown.evaluateAll((images: HTMLImageElement[]) => images.every((one) => one.naturalWidth > 0));
    await expect.poll(loaded).toBe(true);
    for (const name of ['Import', 'Cull', 'New collection'])
      await expect(disabled(name)).toHaveAccessibleDescription(WHY);
    await page.keyboard.press('Control+o');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    const fox = imageCells(page, /a red fox/u);
    await fox.click();
    for (const key of ['5', 'f', 'x', 't', 'c', 'n', 'k', 'e', 'Delete', 'Control+z']) await page.keyboard.press(key);
    await expect(fox).toHaveAccessibleName(/3 stars/u);
    for (const name of ['Favourite', 'Reject', 'Tag', 'Collect', 'Note', 'Trash', '5 stars']) {
      const button = selectionBar(page).getByRole('button', { name, exact: true });
      await expect(button).toHaveAttribute('aria-disabled', 'true');
      await expect(button).toHaveAccessibleDescription(WHY);
    }
    await expect(selectionBar(page).getByRole('button', { name: 'Export' })).toBeEnabled();
    expect(await accessibilityFaults(page)).toEqual([]);
    await fox.click({ button: 'right' });
    await expect(page.getByRole('menuitem', { name: 'Move to trash' })).toBeDisabled();
    await expect(page.getByRole('menuitem', { name: 'Find similar' })).toBeEnabled();
    await page.keyboard.press('Escape');
    await page.getByRole('treeitem', { name: /^Trash/u }).click();
    await expect(disabled('Empty trash…')).toHaveAccessibleDescription(WHY);
    await page.getByRole('treeitem', { name: /^All images/u }).click();
    await expect(cells(page)).toHaveCount(3);
    await pressEverything(page, main);

    await searchField(page).fill('fox ');
    await page.keyboard.press('Enter');
    await expect(cells(page)).toHaveCount(1);
    await expect(disabled('Save as smart collection')).toHaveAccessibleDescription(WHY);
    await fox.dblclick();
    await expect(page.locator('img[src*="/original/"]').first()).toBeVisible();
    await expect(disabled('Edit in Canvas')).toHaveAccessibleDescription(WHY);
    await pressEverything(page, main);
    await page.getByRole('link', { name: 'Canvas' }).click();
    await expect(disabled('From the library')).toHaveAccessibleDescription(WHY);
    await page.getByRole('link', { name: 'Activity' }).click();
    await pressEverything(page, main);

    await openLibrarySettings(page);
    await expect(page.getByText('Emulsion can’t write to its folder.')).toBeVisible();
    await expect(page.getByRole('row', { name: /Made by you/u })).toBeVisible();
    for (const name of ['Try missing thumbnails again', 'Watch', /^Restore the snapshot/u, 'Make snapshot now'])
      await expect(disabled(name)).toHaveAccessibleDescription(WHY);
    await disabled('Check library').click();
    await expect(page.getByText('4 images without a complete thumbnail')).toBeVisible();
    await expect(disabled('Create thumbnails again')).toHaveAccessibleDescription(WHY);
    expect(await accessibilityFaults(page)).toEqual([]);
    await pressEverything(page, main.getByRole('navigation', { name: 'Settings' }).locator('..'));

    expect(refused).toEqual([]);
    await expect(page.locator('.region[role="status"] .toast')).toHaveCount(0);
    await page.close();
    await second.stop();
  });
});
