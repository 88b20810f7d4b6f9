import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { openLibrarySettings, switchLibrary } from './library-settings.ts';

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
  await openLibrarySettings(page);
  const first = (await page.getByRole('region', { name: 'Library folder' }).locator('.id').first().textContent()) ?? '';

  const second = join(home, 'second library');
  await switchLibrary(page, second, 'Create');
  await openLibrarySettings(page);
  await expect(page.getByText(second, { exact: true })).toBeVisible();
  expect(await readdir(second)).toContain('library.db');

  // It has no images yet, so it isn't listed as one to return to; its folder is typed.
  await switchLibrary(page, first, 'Open');
  await openLibrarySettings(page);
  await expect(page.getByText(first, { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Create' }).click();
  await expect(prompt).toHaveValue('A lighthouse');
});
