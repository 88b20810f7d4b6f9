import { expect, type Page } from '@playwright/test';

export async function openLibrarySettings(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Library folder' }).click();
}

/** Opens or creates the library in a folder, from the settings. Resolves when the page has started anew with it. */
export async function switchLibrary(page: Page, folder: string, action: 'Open' | 'Create'): Promise<void> {
  await page.getByRole('button', { name: 'Open or create a library…' }).click();
  await page.getByLabel('Folder on this computer').fill(folder);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', {
    name: action === 'Open' ? 'Open this library?' : 'Create a library here?',
  });
  await expect(dialog.getByText(folder)).toBeVisible();
  const loaded = page.waitForEvent('load');
  await dialog.getByRole('button', { name: `${action} library` }).click();
  await loaded;
  await expect(page).toHaveURL(/#\/library$/u);
}
