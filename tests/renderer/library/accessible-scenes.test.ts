import axe from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Change } from '../../../electron/contract/entities/changes.ts';
import type { ChangeId } from '../../../electron/contract/entities/ids.ts';
import { animationsEnded } from '../shared/animations.ts';
import { mountView } from '../state/mounted-view.ts';
import { image, SAME_FACTS, scriptedStudio, uuid, viewsOf } from '../state/scripted-studio.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.style.height = '900px';
  await page.viewport(1440, 900);
});
afterEach(() => {
  delete document.documentElement.dataset['theme'];
});

const IMAGES = [6, 5, 4, 3, 2, 1].map((number) => ({
  ...image(number, { prompt: `Pear ${number}` }),
  marks: { rating: number > 5 ? (4 as const) : (0 as const), favourite: number === 5, rejected: number === 4 },
}));
const SUMMARY = {
  images: 2,
  bytes: 4_800_000,
  cost: { micros: 384_000, unknown: 0 },
  facts: SAME_FACTS,
  ratings: [1, 0, 0, 0, 1, 0],
  favourites: 1,
  rejected: 0,
  tags: [],
  collections: [],
  note: '',
};
const RATED: Change = {
  id: uuid(61) as ChangeId,
  state: 'done',
  edit: { kind: 'rate', rating: 4 },
  names: [],
  images: 12,
  applied: 12,
  left: 0,
  at: 1_795_000_000_000,
  undoneAt: null,
};
const TAG = { id: uuid(30), parentId: null, name: 'client', path: 'client', images: 58 };
const COLLECTION = { id: uuid(20), name: 'Casa Azul', parentId: null, coverId: null, query: null, images: 3 };

async function mountLibrary(images = IMAGES) {
  const buckets = [
    { key: '2026-11-18', first: 0, count: 4, cost: { micros: 192_000, unknown: 1 } },
    { key: '2026-10-02', first: 4, count: images.length - 4, cost: null },
  ];
  const script = scriptedStudio(viewsOf(images, { all: IMAGES.length, buckets: images.length > 4 ? buckets : [] }));
  Object.assign(script.answers, {
    'collections.list': () => [COLLECTION, { ...COLLECTION, id: uuid(21), name: 'Best', query: 'rating:>=4' }],
    'tags.list': () => [TAG, { ...TAG, id: uuid(31), parentId: TAG.id, name: 'acme', path: 'client/acme' }],
    'views.summarize': () => SUMMARY,
    'views.facets': () => ({
      facets: [
        {
          field: 'model',
          values: [{ value: 'gpt-image-2', label: 'gpt-image-2', count: 6 }],
          more: 0,
          none: 0,
        },
      ],
      ranges: [{ field: 'rating', least: '0', most: '4', counts: [5, 0, 0, 0, 1, 0] }],
    }),
    'changes.list': () => ({ changes: [RATED], next: null }),
  });
  return mountView('library', script);
}

/** Faults in both themes, by every rule, best practices included. `except`: rules that don't apply. */
async function expectNoFaults(except: readonly string[] = []): Promise<void> {
  for (const theme of ['dark', 'light']) {
    document.documentElement.dataset['theme'] = theme;
    await animationsEnded();
    const rules = Object.fromEntries(except.map((rule) => [rule, { enabled: false }]));
    const { violations } = await axe.run(document.body, { rules });
    expect(violations.map(({ id, nodes }) => [theme, id, nodes.map(({ html }) => html)])).toEqual([]);
  }
}

const cells = () => page.getByRole('gridcell');

test('the grid with sidebar, filters and scrubber', async () => {
  await mountLibrary();
  await expect.element(cells().first()).toBeVisible();
  await expect.element(page.getByRole('treeitem', { name: /^client,/u })).toBeVisible();
  await expect.element(page.getByRole('checkbox', { name: 'gpt-image-2' })).toBeVisible();
  await expect.element(page.getByRole('slider', { name: 'Month' })).toBeVisible();
  await expectNoFaults();
});

test('filters in a popover, in a narrow window', async () => {
  await page.viewport(1000, 720);
  await mountLibrary();
  await page.getByRole('button', { name: 'Filters' }).click();
  await expect.element(page.getByRole('checkbox', { name: 'gpt-image-2' })).toBeVisible();
  await expectNoFaults();
});

test('a selection with its bar', async () => {
  await mountLibrary();
  await cells().first().click();
  await cells()
    .nth(1)
    .click({ modifiers: ['ControlOrMeta'] });
  await expect.element(page.getByRole('toolbar', { name: 'Selection' }).getByText('2 selected')).toBeVisible();
  await expectNoFaults();
});

test('the menu of an image', async () => {
  await mountLibrary();
  await cells().first().click({ button: 'right' });
  await expect.element(page.getByRole('menu', { name: 'Images' })).toBeVisible();
  // An open menu isn't a part of the page: it lies over it, and the next click closes it.
  await expectNoFaults(['region']);
});

test('chips, completion, help, and what wasn’t understood', async () => {
  await mountLibrary();
  const search = page.getByRole('combobox', { name: 'Search', exact: true });
  await search.fill('op:edit -format:gif colour:red rating:7 tag:c');
  await expect.element(page.getByRole('listbox', { name: 'Suggestions' })).toBeVisible();
  await expectNoFaults();
  await userEvent.keyboard('{Enter}');
  await page.getByRole('button', { name: 'Search help' }).click();
  await expect.element(page.getByRole('dialog', { name: 'Search help' })).toBeVisible();
  await expectNoFaults();
});

test('a search without results', async () => {
  await mountLibrary([]);
  await page.getByRole('combobox', { name: 'Search', exact: true }).fill('zebra');
  await expect.element(page.getByRole('heading', { name: 'No images match' })).toBeVisible();
  await expectNoFaults();
});

test('the history, and the dialog of a smart collection', async () => {
  await mountLibrary();
  await page.getByRole('button', { name: 'History' }).click();
  await expect.element(page.getByText('Rated 12 images 4 stars')).toBeVisible();
  await expectNoFaults();
  await userEvent.keyboard('{Escape}');
  await page.getByRole('combobox', { name: 'Search', exact: true }).fill('rating:>=3');
  await userEvent.keyboard('{Enter}');
  await page.getByRole('button', { name: 'Save as smart collection' }).click();
  await expect.element(page.getByRole('textbox', { name: 'Name' })).toBeVisible();
  await expectNoFaults();
});

test('the trash, and the dialog before it is emptied', async () => {
  await mountLibrary();
  await page.getByRole('treeitem', { name: /^Trash/u }).click();
  await page.getByRole('button', { name: 'Empty trash…' }).click();
  await expect.element(page.getByRole('button', { name: 'Delete 2 images' })).toBeVisible();
  await expectNoFaults();
});

test('an empty library', async () => {
  const script = scriptedStudio();
  await mountView('library', script);
  await expect.element(page.getByRole('heading', { name: 'Your images will appear here' })).toBeVisible();
  await expectNoFaults();
});
