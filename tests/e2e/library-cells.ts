import { expect, type Locator, type Page } from '@playwright/test';

/** The cells of the library's grid whose names have these words. */
export function imageCells(page: Page, words: string | RegExp): Locator {
  return page.getByRole('gridcell', { name: words });
}

/** Opens the first image of the library's grid whose name has these words. */
export async function openImage(page: Page, words: string | RegExp): Promise<void> {
  await imageCells(page, words).first().dblclick();
}

/** The library's grid. */
export const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Images' });

/** The cells that are drawn, in order. */
export const cells = (page: Page): Locator => grid(page).getByRole('gridcell');

/** The cell that has the focus. */
export const focusedCell = (page: Page): Locator => page.locator('[role="gridcell"]:focus');

export const searchField = (page: Page): Locator => page.getByRole('combobox', { name: 'Search', exact: true });

export const promptField = (page: Page): Locator => page.getByRole('textbox', { name: 'Prompt', exact: true });

/** A place, collection or tag of the sidebar. Its name ends with its number of images. */
export const treeItem = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('treeitem', { name, ...(typeof name === 'string' && { exact: true }) });

export const selectionBar = (page: Page): Locator => page.getByRole('toolbar', { name: 'Selection' });

/** A change of thousands of images goes on in slices; a busy machine takes longer. */
export const BULK_MS = 30_000;

/** Waits until no change is being applied or taken back: the counts may know of its last slice before the page knows of its end. */
export async function changeEnded(page: Page): Promise<void> {
  await expect(selectionBar(page).getByRole('progressbar')).toBeHidden({ timeout: BULK_MS });
}

/** How many images the library says it shows; NaN while it says nothing. */
export async function total(page: Page): Promise<number> {
  const words = await page.getByRole('search').getByRole('status').textContent();
  return countIn(words);
}

/** A cell's name, whether or not its file was looked for already: many of a made library's images have none. */
export function named(name: string): RegExp {
  const escaped = name.replace(/, file missing$/u, '').replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&');
  return new RegExp(`^${escaped}(?:, file missing)?$`, 'u');
}

/** A busy machine takes this long to load the index of a library. */
const LOADING_MS = 30_000;

/** Waits until all of a library of 5,000 images is shown, not only the newest ones that come before the index. */
export async function waitForLibrary(page: Page): Promise<void> {
  await expect(page.getByRole('treeitem', { name: /^All images, 4,\d{3}$/u })).toBeAttached({ timeout: LOADING_MS });
  await expect(page.getByRole('search').getByRole('status')).not.toHaveText(/^200 of /u);
  await expect(cells(page).first()).not.toHaveAccessibleName('Loading');
}

/** Empties the search with the button in it. */
export async function clearSearch(page: Page): Promise<void> {
  await page.getByRole('search').getByRole('button', { name: 'Clear search' }).click();
}

/** The first number of some words: "4,321 of 5,000" is 4321. */
export function countIn(words: string | null): number {
  return Number(/[\d,]+/u.exec(words ?? '')?.[0].replaceAll(',', '') ?? Number.NaN);
}
