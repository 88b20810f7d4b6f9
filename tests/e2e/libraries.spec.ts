import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';

/** A host that starts with a profile, so that the library is there at once. */
const ENVIRONMENT = { OPENAI_API_KEY: 'sk-test-0123456789abcdef', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };

test('a second library is created and opened without a restart, and the first one is returned to', async ({
  page,
  host,
  home,
}) => {
  const { url } = await host({ environment: ENVIRONMENT });
  await page.goto(url);
  const prompt = page.getByRole('textbox', { name: 'Prompt' });
  await prompt.fill('A lighthouse');
  const openSettings = async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Library folder' }).click();
  };
  await openSettings();
  const first = (await page.getByRole('region', { name: 'Library folder' }).locator('.id').first().textContent()) ?? '';

  const second = join(home, 'second library');
  await page.getByRole('button', { name: 'Open or create a library…' }).click();
  await page.getByLabel('Folder on this computer').fill(second);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Create a library here?' });
  await expect(dialog.getByText(second)).toBeVisible();
  await dialog.getByRole('button', { name: 'Create library' }).click();
  await expect(page.getByRole('heading', { name: /^Library/u })).toBeVisible();
  await openSettings();
  await expect(page.getByText(second, { exact: true })).toBeVisible();
  expect(await readdir(second)).toContain('library.db');

  // It has no images yet, so it isn't listed as one to return to; its folder is typed.
  await page.getByRole('button', { name: 'Open or create a library…' }).click();
  await page.getByLabel('Folder on this computer').fill(first);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Open this library?' }).getByRole('button', { name: 'Open library' }).click();
  await expect(page.getByRole('heading', { name: /^Library/u })).toBeVisible();
  await openSettings();
  await expect(page.getByText(first, { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Create' }).click();
  await expect(prompt).toHaveValue('A lighthouse');
});
