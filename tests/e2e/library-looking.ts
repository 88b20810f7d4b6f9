import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import { cells, clearSearch, focusedCell, searchField, total } from './library-cells.ts';

/** Culling from the first image: keys decide, the next image comes by itself, and a decision can be taken back. */
export async function decideImages(page: Page): Promise<void> {
  await cells(page).first().click();
  await page.keyboard.press('k');
  const culling = page.getByRole('main', { name: 'Culling' });
  const [place, tally] = [culling.getByRole('heading').first(), culling.getByRole('status').first()];
  await expect(place).toHaveText(/^1 of 4,\d{3}$/u);
  await page.keyboard.press('5');
  await expect(place).toHaveText(/^2 of/u);
  await page.keyboard.press('x');
  await expect(place).toHaveText(/^3 of/u);
  await expect(tally).toHaveText('1 kept · 1 rejected');
  await page.keyboard.press('z');
  await expect(place).toHaveText(/^2 of/u);
  await expect(tally).toHaveText('1 kept · 0 rejected');
  await culling.getByRole('switch', { name: 'Auto-advance' }).click();
  await page.keyboard.press('f');
  await expect(tally).toHaveText('2 kept · 0 rejected');
  await expect(place).toHaveText(/^2 of/u);
  await page.keyboard.press('Escape');
  await expect(culling).toBeHidden();
  await expect(cells(page).first()).toHaveAccessibleName(/, 5 stars/u);
  await expect(focusedCell(page)).toHaveAttribute('data-position', '1');
}

/** A survey of four: one camera for all, what differs, the best one. */
export async function compareImages(page: Page): Promise<void> {
  await cells(page).first().click();
  await cells(page)
    .nth(3)
    .click({ modifiers: ['Shift'] });
  await page.keyboard.press('v');
  const survey = page.getByRole('main', { name: 'Survey' });
  const panes = survey.getByRole('group', { name: /^\d of \d: /u });
  await expect(panes).toHaveCount(4);
  await expect(survey.getByRole('term').first()).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(panes.nth(1)).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('Delete');
  await expect(panes).toHaveCount(3);
  await page.keyboard.press('Enter');
  await expect(panes).toHaveCount(1);
  await survey.getByRole('button', { name: 'Reject 3 removed images' }).click();
  await survey.getByRole('button', { name: 'Show all' }).click();
  await expect(panes).toHaveCount(4);
  await expect(survey.getByRole('button', { name: 'Reject', pressed: true })).toHaveCount(3);
  await page.keyboard.press('Escape');
  await expect(survey).toBeHidden();
  await expect(page.getByRole('gridcell', { name: /, rejected/u }).first()).toBeVisible();
}

/** An image's family, and what looks like it. */
export async function seeRelatives(page: Page): Promise<void> {
  const all = await total(page);
  await searchField(page).fill('op:edit');
  await expect.poll(() => total(page)).toBeLessThan(all);
  await cells(page).first().dblclick();
  await page.getByRole('tab', { name: /^Family/u }).click();
  const family = page.getByRole('tree', { name: 'Family' });
  const relatives = family.getByRole('treeitem');
  await expect.poll(() => relatives.count()).toBeGreaterThan(1);
  await family.getByRole('treeitem', { selected: false }).first().click();
  await expect(family.getByRole('treeitem', { selected: true })).toHaveCount(1);
  await page.getByRole('button', { name: 'Open family' }).click();
  const full = page.getByRole('dialog', { name: 'Family' });
  await expect.poll(() => full.getByRole('treeitem').count()).toBeGreaterThan(1);
  await page.keyboard.press('Escape');
  await expect(full).toBeHidden();
  await page.getByRole('button', { name: 'Back' }).click();

  await clearSearch(page);
  await expect.poll(() => total(page)).toBe(all);
  await findLike(page, 'Find similar', all);
  await findLike(page, 'Find near duplicates', all);
  await findLike(page, 'Find same prompt', all);
}

/** Finds what is like the first image, with its menu, and goes back to all. */
async function findLike(page: Page, item: string, all: number): Promise<void> {
  await cells(page).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: item }).click();
  await expect(page.getByRole('list', { name: 'Filters' }).getByRole('listitem')).toHaveCount(1);
  await expect.poll(() => total(page)).toBeLessThan(all);
  await expect(cells(page).first()).toBeVisible();
  await clearSearch(page);
  await expect.poll(() => total(page)).toBe(all);
}
