import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** Limit of a walk, with making the library, two starts and a busy machine. */
export const WALK_MS = 150_000;

/** All but the newest of a made library have no files; the page says so in each. */
const NO_FILE = /^Failed to load resource: .*(?:404|ERR_FILE_NOT_FOUND)/u;

const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Images' });
const cells = (page: Page): Locator => grid(page).getByRole('gridcell');
const search = (page: Page): Locator => page.getByRole('combobox', { name: 'Search', exact: true });
const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) });
const prompt = (page: Page): Locator => page.getByRole('textbox', { name: 'Prompt', exact: true });

/**
 * What a daily user does with a library of 5,000 images, on one host.
 * @param restart quits the host, starts it again and resolves with its page
 */
export async function walkLibrary(page: Page, restart: () => Promise<Page>, complaints: string[]): Promise<void> {
  let last = page;
  try {
    await walk(page, async () => (last = await restart()));
  } finally {
    // No image is asked for any more.
    await last.getByRole('link', { name: 'Spending' }).click();
    await last.getByRole('heading', { name: 'Spending' }).first().waitFor();
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !NO_FILE.test(text)));
  }
}

async function walk(page: Page, restart: () => Promise<Page>): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('link', { name: 'Library' }).click();
  await goToBothEnds(page);
  await jumpToAMonth(page);
  await searchAndFilter(page);
  await orderImages(page);
  await useAPrompt(page);
  const again = await restart();
  await again.getByRole('link', { name: 'Library' }).click();
  await expect(cells(again).first()).toBeVisible();
  await undoAfterRestart(again);
}

async function total(page: Page): Promise<number> {
  const words = await page.getByRole('search').getByRole('status').textContent();
  return Number(/[\d,]+/u.exec(words ?? '')?.[0].replaceAll(',', '') ?? Number.NaN);
}

async function goToBothEnds(page: Page): Promise<void> {
  await expect(cells(page).first()).toBeVisible();
  await cells(page).first().focus();
  await page.keyboard.press('End');
  const last = page.locator('[role="gridcell"]:focus');
  await expect(last).toBeInViewport();
  await expect(grid(page).getByRole('heading').last()).toHaveText(/20\d\d$/u);
  await page.keyboard.press('Home');
  await expect(grid(page).getByRole('heading').first()).toHaveText('Yesterday');
}

async function jumpToAMonth(page: Page): Promise<void> {
  const scrubber = page.getByRole('slider', { name: 'Month' });
  await scrubber.focus();
  await page.keyboard.press('PageDown');
  const said = await scrubber.getAttribute('aria-valuetext');
  const month = said?.split(',')[0] ?? '';
  expect(month).toMatch(/^\p{L}+ 20\d\d$/u);
  await expect(
    grid(page)
      .getByRole('heading')
      .filter({ hasText: month.split(' ')[0] ?? '' })
      .first(),
  ).toBeInViewport();
  await page.keyboard.press('Home');
}

async function searchAndFilter(page: Page): Promise<void> {
  const all = await total(page);
  await search(page).fill('mountain');
  await expect.poll(() => total(page)).toBeLessThan(all);
  const found = await total(page);
  await page.getByRole('checkbox', { name: 'gpt-image-2', exact: true }).click();
  await expect.poll(() => total(page)).toBeLessThan(found);
  await button(page, /^Clear/u)
    .first()
    .click();
  await expect.poll(() => total(page)).toBe(all);
  await search(page).fill('no such image anywhere');
  await expect(page.getByRole('heading', { name: /^No images match/u })).toBeVisible();
  await button(page, /^Clear/u)
    .first()
    .click();
  await expect(cells(page).first()).toBeVisible();
}

const NAME_OF_FIRST = /, 4 stars, favourite/u;

/** Marks by keys, a tag for 500 images and back, trash and restore. */
async function orderImages(page: Page): Promise<void> {
  const first = cells(page).first();
  await first.focus();
  await page.keyboard.press('4');
  if (!/favourite/u.test((await first.getAttribute('aria-label')) ?? '')) await page.keyboard.press('f');
  await expect(first).toHaveAccessibleName(NAME_OF_FIRST);
  await tagAndUndo(page);
  const all = await total(page);
  await first.focus();
  await page.keyboard.press('Delete');
  await expect.poll(() => total(page)).toBe(all - 1);
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => total(page)).toBe(all);
}

async function tagAndUndo(page: Page): Promise<void> {
  await cells(page).first().focus();
  await page.keyboard.press('ControlOrMeta+a');
  const status = page.getByRole('toolbar', { name: 'Selection' }).getByRole('status').first();
  await expect(status).toHaveText(/^4,\d{3} selected$/u);
  const [count] = ((await status.textContent()) ?? '').split(' ');
  await page.keyboard.press('t');
  await page.getByRole('combobox', { name: 'Tags' }).fill('walk/all');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  // All of them: a change that goes on can be stopped, and undone once it has ended.
  const tagged = page.getByRole('treeitem', { name: `walk, ${count}`, exact: true });
  await expect(tagged).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Escape');
  await cells(page).first().focus();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(tagged).toBeHidden({ timeout: 30_000 });
}

/** The journal outlives a restart: the rating of before is undone. */
async function undoAfterRestart(page: Page): Promise<void> {
  await expect(cells(page).first()).toHaveAccessibleName(NAME_OF_FIRST);
  await cells(page).first().focus();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(cells(page).first()).not.toHaveAccessibleName(NAME_OF_FIRST);
}

async function useAPrompt(page: Page): Promise<void> {
  await cells(page).first().focus();
  await page.keyboard.press('Enter');
  await button(page, 'Use prompt').click();
  await expect(prompt(page)).not.toHaveValue('');
  await prompt(page).fill('A {subject} above a slate sea');
  await button(page, 'Save prompt').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Slate sea');
  await button(page, 'Save').click();
  await prompt(page).fill('Something else');
  await button(page, 'Saved prompts').click();
  await page.getByRole('textbox', { name: 'subject' }).fill('lighthouse');
  await button(page, 'Replace prompt').click();
  await expect(prompt(page)).toHaveValue('A lighthouse above a slate sea');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(prompt(page)).toHaveValue('Something else');
  await prompt(page).fill('');
  await page.keyboard.press('ArrowUp');
  await expect(prompt(page)).not.toHaveValue('');
}
