import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { environmentFor, expect, test as base } from './fixtures.ts';
import {
  BULK_MS,
  cells,
  changeEnded,
  focusedCell,
  grid,
  promptField,
  selectionBar,
  total,
  treeItem,
  waitForLibrary,
} from './library-cells.ts';
import { countProgress, goToPlace, Keys, makeTarget, progressHeard } from './keys.ts';
import { NO_FILE, WALK_MS } from './library-journey.ts';
import { copyMadeLibrary, MADE_IMAGES } from './made-library.ts';

/** A fresh window on 5,000 images, with nothing focused. Only keys that a person can learn on the screen are pressed. */
const test = base.extend<{ keys: Keys }>({
  ignored: NO_FILE,
  keys: async ({ page, home, host, demo }, use) => {
    const folder = join(home, 'library');
    await copyMadeLibrary(folder);
    const { url } = await host({ args: ['--library', folder], environment: environmentFor(await demo()) });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(url);
    await expect(promptField(page)).toBeVisible();
    await use(new Keys(page));
  },
});

const selected = (page: Page): Locator => selectionBar(page).getByRole('status').first();
const dialog = (page: Page, name: string): Locator => page.getByRole('dialog', { name });

test.describe.configure({ timeout: WALK_MS });

test.describe('by keys alone, in 5,000 images', () => {
  test('images are found: both ends, a date, words, filters', async ({ page, keys }) => {
    await keys.openLibrary();
    // Before, End leads to the last of the newest ones.
    await waitForLibrary(page);
    await keys.press('End');
    await expect(focusedCell(page)).toBeInViewport();
    await expect(grid(page).getByRole('heading').last()).toHaveText(/20\d\d$/u);
    const oldest = (await grid(page).getByRole('heading').last().textContent()) ?? '';
    const [, month = '', year = ''] = /(\p{L}{3})\p{L}* (20\d\d)/u.exec(oldest) ?? [];
    await keys.press('Home');
    await expect(focusedCell(page)).toHaveAttribute('data-position', '0');
    await keys.typeAtOnce(`j${year}-${1 + MONTHS.indexOf(month)}`);
    await expect(grid(page).getByRole('heading').filter({ hasText: month }).first()).toBeInViewport();
    await expect(focusedCell(page)).toBeInViewport();

    await keys.goToSearch();
    const all = await total(page);
    await keys.type('rating:');
    await expect(page.getByRole('option').first()).toBeVisible();
    await keys.press('ArrowDown', 'Enter');
    const chips = page.getByRole('list', { name: 'Filters' }).getByRole('listitem');
    await expect(chips).toHaveCount(1);
    await expect.poll(() => total(page)).toBeLessThan(all);
    await keys.press('Backspace');
    await expect.poll(() => total(page)).toBe(all);
    await keys.type('mountain');
    await expect.poll(() => total(page)).toBeLessThan(all);
    await keys.press('Enter');
    await expect(focusedCell(page)).toHaveAttribute('data-position', '0');

    const found = await total(page);
    await keys.press('Shift+Tab');
    const filter = page.getByRole('group', { name: 'Filters' }).getByRole('checkbox', { checked: false });
    await keys.goTo(filter, 'Shift+Tab');
    await keys.press('Space');
    await expect.poll(() => total(page)).not.toBe(found);
    await keys.press('Space');
    await expect.poll(() => total(page)).toBe(found);

    await keys.goToSearch();
    await keys.press('End');
    await keys.goTo(page.getByRole('button', { name: 'Save as smart collection' }));
    await keys.press('Enter');
    await expect(dialog(page, 'Save as smart collection')).toBeVisible();
    await keys.goTo(dialog(page, 'Save as smart collection').getByRole('textbox', { name: 'Name' }));
    await keys.type('High mountains');
    await keys.press('Enter');
    await expect(treeItem(page, /^High mountains/u)).toBeAttached();
  });

  test('images are ordered: marks, tags, notes, collections, bulk edits, undo, history', async ({ page, keys }) => {
    await keys.openLibrary();
    const first = cells(page).first();
    await keys.press('4', 'f', 'x');
    await expect(first).toHaveAccessibleName(/, 4 stars, favourite, rejected/u);
    await keys.press('x');
    await expect(first).not.toHaveAccessibleName(/rejected/u);
    await keys.press('t');
    await expect(page.getByRole('combobox', { name: 'Tags' })).toBeFocused();
    await keys.type('keys/one');
    await keys.press('Enter');
    await expect(treeItem(page, 'keys, 1')).toBeAttached();
    await keys.press('Escape');
    await expect(first).toBeFocused();
    await keys.press('n');
    await expect(page.getByRole('textbox', { name: 'Note' })).toBeFocused();
    await keys.type('A note by keys');
    await keys.press('ControlOrMeta+Enter');
    await expect(first).toBeFocused();

    await keys.press('Shift+C');
    await expect(page.getByRole('combobox', { name: 'Collections' })).toBeFocused();
    await keys.type('Key shelf');
    await keys.press('Enter');
    await expect(treeItem(page, 'Key shelf, 1')).toBeAttached();
    await keys.press('Escape');
    await makeTarget(page, keys, 'Key shelf, 1');
    await keys.goToImages();
    await keys.press('Escape', 'ArrowRight', 'c');
    await expect(treeItem(page, 'Key shelf, 2')).toBeAttached();

    await keys.press('Shift+ArrowRight', 'Shift+ArrowRight');
    await expect(selected(page)).toHaveText('3 selected');
    await keys.press('ControlOrMeta+a');
    await expect(selected(page)).toHaveText(/^4,\d{3} selected$/u);
    const many = ((await selected(page).textContent()) ?? '').split(' ')[0] ?? '';
    await keys.press('t');
    await expect(page.getByRole('combobox', { name: 'Tags' })).toBeFocused();
    await countProgress(page);
    await keys.type('bulk');
    await keys.press('Enter', 'Escape');
    const tagged = treeItem(page, `bulk, ${many}`);
    await expect(tagged).toBeAttached({ timeout: BULK_MS });
    // One that goes on would be cancelled, and what is cancelled can't be redone.
    await changeEnded(page);
    expect(await progressHeard(page)).toBeGreaterThan(0);
    await keys.press('ControlOrMeta+z');
    await expect(tagged).toBeHidden({ timeout: BULK_MS });
    // Only what has been undone to the end can be redone.
    await changeEnded(page);
    await keys.press('ControlOrMeta+Shift+Z');
    await expect(tagged).toBeAttached({ timeout: BULK_MS });
    await changeEnded(page);
    await keys.press('ControlOrMeta+z');
    await expect(tagged).toBeHidden({ timeout: BULK_MS });

    await keys.goToSearch();
    await keys.goTo(page.getByRole('button', { name: 'History', exact: true }));
    await keys.press('Enter');
    await expect(dialog(page, 'History')).toBeVisible();
    await keys.goTo(dialog(page, 'History').getByRole('button', { name: 'Undo: Rated 1 image 4 stars' }));
    await keys.press('Enter');
    await expect(first).not.toHaveAccessibleName(/4 stars/u);
    await keys.press('Escape');
    await expect(dialog(page, 'History')).toBeHidden();
  });

  test('images are looked at: viewer, family, culling, survey, stacks', async ({ page, keys }) => {
    await keys.openLibrary();
    await keys.press('Enter');
    const place = page.getByText(/^\d+ of 4,\d{3}$/u);
    await expect(place).toHaveText(/^1 of/u);
    await keys.press('ArrowRight', 'ArrowRight', 'ArrowLeft');
    await expect(place).toHaveText(/^2 of/u);
    await keys.press('Escape');
    await expect(focusedCell(page)).toHaveAttribute('data-position', '1');

    await keys.goToSearch();
    const all = await total(page);
    await keys.type('op:edit');
    await keys.press('Enter');
    await expect(focusedCell(page)).toHaveAttribute('data-position', '0');
    expect(await total(page)).toBeLessThan(all);
    await keys.choose('Show family');
    const family = page.getByRole('tree', { name: 'Family' });
    const current = family.getByRole('treeitem', { selected: true });
    await expect(current).toBeVisible();
    await keys.goTo(current);
    const source = family.getByRole('treeitem', { selected: false });
    await keys.goTo(source, 'ArrowLeft');
    const here = page.url();
    await keys.press('Enter');
    await expect(page).not.toHaveURL(here);
    await keys.leave(grid(page));
    await keys.goToSearch();
    await keys.press('Escape', 'Escape');
    await expect.poll(() => total(page)).toBe(all);

    await keys.goToImages();
    await keys.press('Home', 'k');
    const culling = page.getByRole('main', { name: 'Culling' });
    await expect(culling.getByRole('heading').first()).toHaveText(/^1 of/u);
    await keys.press('5', 'x');
    await expect(culling.getByRole('status').first()).toHaveText('1 kept · 1 rejected');
    await expect(culling.getByRole('heading').first()).toHaveText(/^3 of/u);
    await keys.press('z', 'Escape');
    await expect(culling).toBeHidden();
    await expect(focusedCell(page)).toHaveAttribute('data-position', '1');

    await keys.press('Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight');
    await expect(selected(page)).toHaveText('4 selected');
    await keys.press('v');
    const panes = page.getByRole('main', { name: 'Survey' }).getByRole('group', { name: /^\d of \d: /u });
    await expect(panes).toHaveCount(4);
    await keys.press('ArrowRight', '3', 'Delete');
    await expect(panes).toHaveCount(3);
    await keys.press('Enter');
    await expect(panes).toHaveCount(1);
    await keys.press('Escape');
    await expect(panes).toHaveCount(0);
    await keys.press('ArrowRight');
    await expect(focusedCell(page)).toBeVisible();
  });

  test('stacks are opened, and another image stands for one', async ({ page, keys }) => {
    await keys.openLibrary();
    await keys.goToSearch();
    await keys.goTo(page.getByRole('button', { name: 'View', exact: true }));
    await keys.press('Enter');
    await keys.goTo(page.getByRole('menuitemradio', { name: 'One for each job' }), 'ArrowDown');
    await keys.press('Enter', 'Escape');
    await keys.goToImages();
    const stack = page.getByRole('gridcell', { name: /, stack of \d+/u });
    await expect(stack.first()).toBeVisible();
    await keys.goTo(stack, 'ArrowRight');
    const cover = (await focusedCell(page).getAttribute('aria-label')) ?? '';
    const many = Number(/stack of (\d+)/u.exec(cover)?.[1]);
    await keys.choose('Show stack');
    await expect.poll(() => total(page)).toBe(many);
    await keys.goToImages();
    await keys.press('ArrowRight', 'g');
    await keys.goToSearch();
    await keys.goTo(page.getByRole('button', { name: 'History', exact: true }));
    await keys.press('Enter');
    await expect(dialog(page, 'History')).toContainText('Changed a stack’s cover');
  });

  test('images are moved to the trash, restored, and deleted for good', async ({ page, keys }) => {
    await keys.openLibrary();
    const all = await total(page);
    const trashed = MADE_IMAGES - all + 2;
    await keys.press('Shift+ArrowRight', 'Delete');
    await expect.poll(() => total(page)).toBe(all - 2);
    await expect(focusedCell(page)).toBeVisible();
    await goToPlace(page, keys, `Trash, ${trashed}`);
    await expect.poll(() => total(page)).toBe(trashed);
    const empty = page.getByRole('button', { name: 'Empty trash…' });
    await expect(empty).toBeVisible();
    await keys.goToImages();
    await keys.press('r');
    await expect.poll(() => total(page)).toBe(trashed - 1);
    await keys.goTo(empty, 'Shift+Tab');
    await keys.press('Enter');
    const confirm = page.getByRole('dialog').getByRole('button', { name: /^Delete/u });
    await keys.goTo(confirm);
    await keys.press('Enter');
    await expect(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible({ timeout: BULK_MS });
    await goToPlace(page, keys, /^All images/u);
    await expect.poll(() => total(page)).toBe(all - 1);
  });

  test('prompts are saved, used and looked up', async ({ page, keys }) => {
    await keys.openLibrary();
    await keys.choose('Use prompt');
    await expect(promptField(page)).toBeFocused();
    await expect(promptField(page)).not.toHaveValue('');
    await keys.press('ControlOrMeta+a');
    await keys.type('A {subject} above a slate sea');
    await keys.goTo(page.getByRole('button', { name: 'Save prompt' }));
    await keys.press('Enter');
    const save = dialog(page, 'Save prompt');
    await keys.goTo(save.getByRole('textbox', { name: 'Name' }));
    await keys.press('ControlOrMeta+a');
    await keys.type('Slate sea');
    await keys.press('Enter');
    await expect(save).toBeHidden();
    await keys.press('ControlOrMeta+l');
    await expect(promptField(page)).toBeFocused();
    await keys.press('ControlOrMeta+a', 'Delete', 'ArrowUp');
    await expect(promptField(page)).not.toHaveValue('');
    await keys.press('ArrowDown');
    await expect(promptField(page)).toHaveValue('');
    await keys.goTo(page.getByRole('button', { name: 'Saved prompts' }));
    await keys.press('Enter');
    await keys.goTo(page.getByRole('textbox', { name: 'Search saved prompts' }));
    await keys.type('slate');
    await keys.goTo(
      page.getByRole('list', { name: 'Saved prompts' }).getByRole('button', { name: /Slate sea/u }),
      'ArrowDown',
    );
    await keys.goTo(page.getByRole('textbox', { name: 'subject' }));
    await keys.type('lighthouse');
    await keys.goTo(page.getByRole('button', { name: 'Replace prompt' }));
    await keys.press('Enter');
    await expect(promptField(page)).toHaveValue('A lighthouse above a slate sea');
    await expect(promptField(page)).toBeFocused();
    await keys.goToSearch();
  });
});

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
