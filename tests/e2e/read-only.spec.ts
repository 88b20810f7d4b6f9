import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { accessibilityFaults } from './accessibility.ts';
import { ANIMALS } from './damaged-library.ts';
import { environmentFor, expect, test } from './fixtures.ts';
import { importImages } from './imported-images.ts';
import { cells, imageCells, promptField, searchField } from './library-cells.ts';
import { openLibrarySettings } from './library-settings.ts';

test('a library on a read-only medium is searched and viewed, says so, and sends nothing', async ({
  page,
  host,
  home,
  demo,
}) => {
  const library = join(home, 'library');
  const environment = environmentFor(await demo());
  const first = await host({ environment });
  await page.goto(first.url);
  await importImages(page, join(home, 'downloads'), ANIMALS);
  await page.goto('about:blank');
  await first.stop();
  try {
    execFileSync('mount', ['--bind', library, library], { stdio: 'ignore' });
  } catch {
    test.skip(true, 'Mounting a folder read-only isn’t allowed here.');
  }
  try {
    execFileSync('mount', ['-o', 'remount,ro,bind', library]);
    const second = await host({ environment });
    await page.goto(second.url);
    const notice = page.getByText('This library is read-only. Nothing is sent or changed');
    await expect(notice).toBeVisible();
    await promptField(page).fill('a house');
    const send = page.getByRole('button', { name: /^Create 1 image/u });
    await expect(send).toBeDisabled();
    await expect(page.getByText('This library is read-only', { exact: true })).toBeVisible();

    await page.getByRole('link', { name: 'Library', exact: true }).click();
    await expect(cells(page)).toHaveCount(4);
    await searchField(page).fill('fox ');
    await page.keyboard.press('Enter');
    await expect(cells(page)).toHaveCount(1);
    const fox = imageCells(page, /a red fox/u);
    await fox.click();
    await page.keyboard.press('4');
    await expect(page.getByText('This library is read-only. Nothing was sent or changed.')).toBeVisible();
    await expect(fox).not.toHaveAccessibleName(/4 stars/u);
    await fox.dblclick();
    await expect(page.locator('img[src*="/original/"]').first()).toBeVisible();
    await openLibrarySettings(page);
    await expect(page.getByText('Emulsion can’t write to its folder.')).toBeVisible();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.close();
    await second.stop();
  } finally {
    execFileSync('umount', ['--lazy', library]);
  }
});
