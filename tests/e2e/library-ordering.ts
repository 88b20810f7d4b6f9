import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import { MADE_IMAGES } from './made-library.ts';
import type { LibraryHost } from './library-journey.ts';
import { BULK_MS, cells, changeEnded, countIn, promptField, selectionBar, total, treeItem } from './library-cells.ts';

const MARKED = /, 4 stars, favourite/u;

/** Marks by keys, a tag for all images and back, the trash and back; the oldest change is undone after a restart. */
export async function orderImages({ page, restart }: LibraryHost): Promise<void> {
  const first = cells(page).first();
  await first.click();
  await page.keyboard.press('4');
  if (!/favourite/u.test((await first.getAttribute('aria-label')) ?? '')) await page.keyboard.press('f');
  await expect(first).toHaveAccessibleName(MARKED);
  await tagAllAndUndo(page);
  const all = await total(page);
  await first.click();
  await page.keyboard.press('Delete');
  await expect.poll(() => total(page)).toBe(all - 1);
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => total(page)).toBe(all);

  const again = await restart();
  const same = cells(again).first();
  await expect(same).toHaveAccessibleName(MARKED);
  await same.click();
  await again.keyboard.press('ControlOrMeta+z');
  await expect(same).not.toHaveAccessibleName(MARKED);
}

async function tagAllAndUndo(page: Page): Promise<void> {
  await page.keyboard.press('ControlOrMeta+a');
  const status = selectionBar(page).getByRole('status').first();
  await expect(status).toHaveText(/^4,\d{3} selected$/u);
  const [count] = ((await status.textContent()) ?? '').split(' ');
  await page.keyboard.press('t');
  await page.getByRole('combobox', { name: 'Tags' }).fill('walk/all');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  // All of them: a change that goes on can be stopped, and undone once it has ended.
  const tagged = treeItem(page, `walk, ${count}`);
  await expect(tagged).toBeVisible({ timeout: BULK_MS });
  await changeEnded(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(tagged).toBeHidden({ timeout: BULK_MS });
}

/** Drags with the pointer: onto what is in the sidebar, and onto views in the rail. */
export async function dragImages(page: Page): Promise<void> {
  await makeCollection(page, 'Walk shelf');
  await cells(page).nth(0).dragTo(treeItem(page, 'Walk shelf, 0'));
  await expect(treeItem(page, 'Walk shelf, 1')).toBeVisible();

  await cells(page).nth(0).click();
  await cells(page)
    .nth(2)
    .click({ modifiers: ['Shift'] });
  await cells(page).nth(1).dragTo(treeItem(page, 'Walk shelf, 1'));
  await expect(treeItem(page, 'Walk shelf, 3')).toBeVisible();

  await tagFocused(page, 'walk');
  await cells(page).nth(3).dragTo(treeItem(page, 'walk, 3'));
  await expect(treeItem(page, 'walk, 4')).toBeVisible();

  await cells(page).nth(1).click();
  await cells(page).nth(1).dragTo(view(page, 'Create'));
  await expect(page.getByRole('button', { name: /^Reference 1 of 1/u })).toBeVisible();
  await view(page, 'Library').click();
  await cells(page).nth(2).click();
  await holdOver(page, cells(page).nth(2), view(page, 'Create'));
  await expect(promptField(page)).toBeVisible();
  await page.mouse.move(500, 400, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole('button', { name: /^Reference 2 of 2/u })).toBeVisible();

  await view(page, 'Library').click();
  await cells(page).nth(1).dragTo(view(page, 'Canvas'));
  await expect(page.getByRole('application', { name: /^Image on the stage/u })).toBeVisible();
}

const view = (page: Page, name: string): Locator => page.getByRole('link', { name, exact: true });

/** Drags something over a target and leaves it there, with the button down. */
async function holdOver(page: Page, from: Locator, to: Locator): Promise<void> {
  await from.hover();
  await page.mouse.down();
  await to.hover();
  // A browser tells of a drag that rests; here a movement does, within the same element.
  const { x, y } = await to.evaluate((element) => element.getBoundingClientRect().toJSON() as { x: number; y: number });
  for (const step of [1, 2, 3]) await page.mouse.move(x + 2 + step, y + 2);
}

async function makeCollection(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New collection' }).click();
  const dialog = page.getByRole('dialog', { name: 'New collection' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('button', { name: 'Create collection' }).click();
  await expect(dialog).toBeHidden();
}

/** Tags the selected images. */
async function tagFocused(page: Page, tag: string): Promise<void> {
  await page.keyboard.press('t');
  await page.getByRole('combobox', { name: 'Tags' }).fill(tag);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
}

/** Moves images to the trash, restores one of them, and deletes the others for good. */
export async function emptyTheTrash(page: Page): Promise<void> {
  const all = await total(page);
  const trashed = MADE_IMAGES - all + 2;
  await cells(page).first().click();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Delete');
  await expect.poll(() => total(page)).toBe(all - 2);
  await treeItem(page, `Trash, ${trashed}`).click();
  await expect.poll(() => total(page)).toBe(trashed);
  await cells(page).first().click();
  await page.keyboard.press('r');
  await expect.poll(() => total(page)).toBe(trashed - 1);

  await page.getByRole('button', { name: 'Empty trash…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('This can’t be undone.');
  await expect.poll(async () => countIn(await dialog.getByRole('heading').textContent())).toBe(trashed - 1);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(() => total(page)).toBe(trashed - 1);
  await page.getByRole('button', { name: 'Empty trash…' }).click();
  await dialog.getByRole('button', { name: /^Delete/u }).click();
  await expect(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible({ timeout: BULK_MS });
  await treeItem(page, /^All images/u).click();
  await expect.poll(() => total(page)).toBe(all - 1);
}
