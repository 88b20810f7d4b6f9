import { fileURLToPath } from 'node:url';
import { expect, test } from './desktop-fixtures.ts';

const STILL = fileURLToPath(new URL('../../electron/demo-api/photos/still-celadon.jpg', import.meta.url));

test('a file from the desktop’s page is stored in the library and sent with an edit', async ({ launch }) => {
  const { page } = await launch({ args: ['--demo'] });
  await page.locator('input[type=file]').first().setInputFiles(STILL);
  await expect(page.getByRole('button', { name: /^Reference 1 of 1: still-celadon\.jpg/u })).toBeVisible();
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('The same at dusk');
  await page.getByRole('button', { name: /^Create 1 image/u }).click();
  // The row of what runs says so for a moment, then the finished request stands in the list.
  const made = page
    .getByText('Created 1 image')
    .or(page.getByRole('main').getByRole('link', { name: 'The same at dusk' }));
  await expect(made.first()).toBeVisible({ timeout: 60_000 });
  await page.reload();
  await expect(page.getByRole('button', { name: /^Reference 1 of 1: still-celadon\.jpg/u })).toBeVisible();
});
