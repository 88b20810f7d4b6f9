import type { Locator, Page } from '@playwright/test';

/** The cells of the library's grid whose names have these words. */
export function imageCells(page: Page, words: string | RegExp): Locator {
  return page.getByRole('gridcell', { name: words });
}

/** Opens the first image of the library's grid whose name has these words. */
export async function openImage(page: Page, words: string | RegExp): Promise<void> {
  await imageCells(page, words).first().dblclick();
}
