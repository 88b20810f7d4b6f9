import type { Locator, Page } from '@playwright/test';
import { create, expect } from './fixtures.ts';
import { cells, focusedCell, grid, named, promptField, searchField, total } from './library-cells.ts';

const view = async (page: Page, name: string): Promise<void> => page.getByRole('link', { name, exact: true }).click();

/** The commands that begin a request from an image: in the grid's menu, then in the viewer. None sends anything by itself. */
export async function takeUpImages(page: Page): Promise<void> {
  await choose(page, 'Reuse in Create');
  await expect(promptField(page)).not.toHaveValue('');
  await view(page, 'Library');
  await choose(page, 'Variation in Create');
  await expect(page.getByRole('button', { name: /^Reference 1 of 1/u })).toBeVisible();
  await view(page, 'Library');
  await choose(page, 'Edit in Canvas');
  await expect(page).toHaveTitle(/^Canvas/u);
  await expect(promptField(page)).toBeVisible();
  await view(page, 'Library');

  await cells(page).first().dblclick();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Recreate…' }).click();
  const recreate = page.getByRole('dialog', { name: /^Recreate with/u });
  await expect(recreate.getByRole('button', { name: /^Recreate, / })).toBeEnabled();
  await page.keyboard.press('Escape');
  await expect(recreate).toBeHidden();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Variation in Create' }).click();
  await expect(page.getByRole('button', { name: /^Reference 1 of 1/u })).toBeVisible();
  await view(page, 'Library');
  await cells(page).first().dblclick();
  await page.getByRole('button', { name: 'Reuse', exact: true }).click();
  await expect(promptField(page)).not.toHaveValue('');
}

/** Chooses from the menu of the first image in the grid. */
async function choose(page: Page, item: string): Promise<void> {
  await cells(page).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: item }).click();
}

/** A prompt with a variable: taken from an image, saved, filled in; and the prompts that were used. */
export async function usePrompts(page: Page): Promise<void> {
  await cells(page).first().dblclick();
  await page.getByRole('button', { name: 'Use prompt' }).click();
  await expect(promptField(page)).not.toHaveValue('');
  await promptField(page).fill('A {subject} above a slate sea');
  await page.getByRole('button', { name: 'Save prompt' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Slate sea');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await promptField(page).fill('Something else');
  await page.getByRole('button', { name: 'Saved prompts' }).click();
  await page.getByRole('textbox', { name: 'Search saved prompts' }).fill('slate');
  await page
    .getByRole('list', { name: 'Saved prompts' })
    .getByRole('button', { name: /Slate sea/u })
    .click();
  await page.getByRole('textbox', { name: 'subject' }).fill('lighthouse');
  await page.getByRole('button', { name: 'Replace prompt' }).click();
  await expect(promptField(page)).toHaveValue('A lighthouse above a slate sea');
  await expect(promptField(page)).toBeFocused();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(promptField(page)).toHaveValue('Something else');
  await promptField(page).fill('');
  await page.keyboard.press('ArrowUp');
  await expect(promptField(page)).not.toHaveValue('');
}

/** An image that is created while the grid shows old ones doesn't move them; at the head, it is there. */
export async function keepThePlace(page: Page): Promise<void> {
  const all = await total(page);
  await page.getByRole('slider', { name: 'Month' }).press('PageDown');
  await cells(page).nth(20).click();
  await expect(focusedCell(page)).not.toHaveAccessibleName('Loading');
  const name = (await focusedCell(page).getAttribute('aria-label')) ?? '';
  const top = await topOf(focusedCell(page));
  await view(page, 'Create');
  await create(page, 'A kite above the dunes');
  await view(page, 'Library');
  await expect.poll(() => total(page)).toBe(all + 1);
  const same = page.getByRole('gridcell', { name: named(name), selected: true });
  await expect(same).toBeInViewport();
  await expect.poll(async () => Math.abs((await topOf(same)) - top)).toBeLessThan(2);

  await page.getByRole('slider', { name: 'Month' }).press('Home');
  await expect(grid(page).getByRole('heading').first()).toHaveText('Today');
  await expect(cells(page).first()).toHaveAccessibleName(/^A kite above the dunes/u);
  await searchField(page).fill('kite dunes');
  await expect.poll(() => total(page)).toBe(1);
}

async function topOf(cell: Locator): Promise<number> {
  return (await cell.boundingBox())?.y ?? Number.NaN;
}
