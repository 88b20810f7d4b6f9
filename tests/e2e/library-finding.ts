import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import type { LibraryHost } from './library-journey.ts';
import {
  cells,
  clearSearch,
  countIn,
  focusedCell,
  grid,
  named,
  searchField,
  selectionBar,
  total,
  treeItem,
} from './library-cells.ts';

/** Both ends, a month, words, a filter, nothing at all. */
export async function findImages(page: Page): Promise<void> {
  await cells(page).first().click();
  // Whether the day before has images depends on the date.
  const newest = (await grid(page).getByRole('heading').first().textContent()) ?? '';
  await page.keyboard.press('End');
  await expect(focusedCell(page)).toBeInViewport();
  await expect(grid(page).getByRole('heading').last()).toHaveText(/20\d\d$/u);
  await page.keyboard.press('Home');
  await expect(grid(page).getByRole('heading').first()).toHaveText(newest);
  await page.keyboard.press('Escape');
  await jumpToAMonth(page);

  const all = await total(page);
  await searchField(page).fill('mountain');
  await expect.poll(() => total(page)).toBeLessThan(all);
  const found = await total(page);
  await page.getByRole('checkbox', { name: 'gpt-image-2', exact: true }).click();
  await expect.poll(() => total(page)).toBeLessThan(found);
  await clearSearch(page);
  await expect.poll(() => total(page)).toBe(all);
  await searchField(page).fill('no such image anywhere');
  await expect(page.getByRole('heading', { name: /^No images match/u })).toBeVisible();
  await clearSearch(page);
  await expect(cells(page).first()).toBeVisible();
}

async function jumpToAMonth(page: Page): Promise<void> {
  const scrubber = page.getByRole('slider', { name: 'Month' });
  await scrubber.press('PageDown');
  const month = (await scrubber.getAttribute('aria-valuetext'))?.split(',')[0] ?? '';
  expect(month).toMatch(/^\p{L}+ 20\d\d$/u);
  const [name = ''] = month.split(' ');
  await expect(grid(page).getByRole('heading').filter({ hasText: name }).first()).toBeInViewport();
  await scrubber.press('Home');
}

/** Saves what a search finds, opens it again, and changes what belongs to it. */
export async function saveASearch(page: Page): Promise<void> {
  const all = await total(page);
  await searchField(page).fill('mountain rating:>=3');
  await expect.poll(() => total(page)).toBeLessThan(all);
  const found = await total(page);
  await page.getByRole('button', { name: 'Save as smart collection' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save as smart collection' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('High mountains');
  await expect.poll(async () => countIn(await dialog.getByRole('status').textContent())).toBe(found);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await clearSearch(page);
  await expect.poll(() => total(page)).toBe(all);
  await treeItem(page, /^High mountains/u).click();
  await expect.poll(() => total(page)).toBe(found);

  // An image that doesn't match any more leaves it.
  await cells(page).first().click();
  await page.keyboard.press('1');
  await expect.poll(() => total(page)).toBe(found - 1);
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => total(page)).toBe(found);
}

/** The place in the grid, what is selected and what is searched for: after the viewer, and after a restart. */
export async function findAgain({ page, restart, keepsStorage }: LibraryHost): Promise<void> {
  const all = await total(page);
  await searchField(page).fill('mountain');
  await expect.poll(() => total(page)).toBeLessThan(all);
  const found = await total(page);
  await page.getByRole('slider', { name: 'Month' }).press('End');
  await expect(grid(page).getByRole('heading').last()).toBeInViewport();
  await page
    .getByRole('gridcell', { name: named(await lastInView(page)) })
    .last()
    .click();
  await page.keyboard.press('Shift+ArrowLeft');
  const name = (await focusedCell(page).getAttribute('aria-label')) ?? '';
  await expect(selectionBar(page).getByRole('status').first()).toHaveText('2 selected');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'Record' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(focusedCell(page)).toHaveAccessibleName(named(name));
  await expect(focusedCell(page)).toBeInViewport();
  await expect(selectionBar(page).getByRole('status').first()).toHaveText('2 selected');
  await expect(searchField(page)).toHaveValue('mountain');
  expect(await total(page)).toBe(found);

  if (!keepsStorage) return;
  const again = await restart();
  await expect(searchField(again)).toHaveValue('mountain');
  await expect.poll(() => total(again)).toBe(found);
  await expect(again.getByRole('gridcell', { name: named(name) }).last()).toBeInViewport();
  await expect(selectionBar(again).getByRole('status').first()).toHaveText('2 selected');
}

/** The accessible name of the last image that is wholly in view, once all of them are loaded. */
async function lastInView(page: Page): Promise<string> {
  await expect(grid(page).getByRole('gridcell', { name: 'Loading', exact: true })).toHaveCount(0);
  return grid(page).evaluate((element) => {
    const bottom = element.parentElement?.getBoundingClientRect().bottom ?? 0;
    const inView = [...element.querySelectorAll('[role="gridcell"]')].filter(
      (cell) => cell.getBoundingClientRect().bottom <= bottom && cell.getAttribute('aria-label') !== 'Loading',
    );
    return inView.at(-1)?.getAttribute('aria-label') ?? '';
  });
}
