import type { Page } from '@playwright/test';
import { v7 as uuid } from 'uuid';
import type { EndpointName } from '../../electron/contract/endpoints.ts';
import { settled } from './looks.ts';

/** One of the library's screens, and what is done before it is photographed. */
export interface LibraryScene {
  name: string;
  prepare: (page: Page) => Promise<unknown>;
}

const LONG_NAME = 'A collection whose name goes on and on, well past the edge of any panel';

const search = (page: Page) => page.getByRole('combobox', { name: 'Search', exact: true });
const grid = (page: Page) => page.getByRole('grid', { name: 'Images' });
const cells = (page: Page) => grid(page).getByRole('gridcell');

/** Asks a question, and shows its answer with the search closed. */
async function ask(page: Page, query: string): Promise<void> {
  await search(page).fill(`${query} `);
  await page.getByRole('button', { name: 'Clear search' }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('main [aria-busy="true"]').first().waitFor({ state: 'hidden' });
}

/** In windows narrower than 1280 px, sidebar and filters are behind a button. */
async function openSide(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: /^Filters(?: \d+)?$/u });
  if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
  await page.getByRole('tree', { name: 'Places' }).waitFor();
}

async function select(page: Page, positions: readonly number[]): Promise<void> {
  for (const at of positions)
    await cells(page)
      .nth(at)
      .click({ modifiers: ['ControlOrMeta'] });
  await page.getByRole('toolbar', { name: 'Selection' }).waitFor();
  await page.mouse.move(400, 5);
}

async function openTrash(page: Page): Promise<void> {
  await openSide(page);
  await page.getByRole('treeitem', { name: /^Trash/u }).click();
  await page.getByRole('button', { name: 'Empty trash…' }).waitFor();
  // The popover of narrow windows.
  if (await page.getByRole('dialog', { name: 'Filters' }).isVisible()) await page.keyboard.press('Escape');
  await cells(page).first().waitFor();
}

/** Wide windows show it already. */
async function showInspector(page: Page): Promise<void> {
  const show = page.getByRole('button', { name: 'Show inspector' });
  if (await show.isVisible()) await show.click();
}

/** The picker, asked for references; some of its images are chosen. */
async function openPicker(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Create' }).click();
  const show = page.getByRole('button', { name: 'Show inspector' });
  if (await show.isVisible()) await show.click();
  await page.getByRole('button', { name: 'Add from library' }).click();
  await cells(page).first().waitFor();
}

/** In this order: later scenes find what earlier ones have left. */
export const LIBRARY_SCENES: readonly LibraryScene[] = [
  { name: 'library-grid', prepare: settled },
  {
    name: 'library-picker',
    async prepare(page) {
      await openPicker(page);
      for (const at of [4, 2, 7]) await cells(page).nth(at).click();
      await page.mouse.move(400, 5);
    },
  },
  {
    name: 'library-picker-search',
    async prepare(page) {
      await openPicker(page);
      await search(page).fill('tag:');
      await page.getByRole('listbox').waitFor();
    },
  },
  {
    name: 'library-facets',
    async prepare(page) {
      await ask(page, 'op:edit rating:>=3');
      await openSide(page);
      await page.getByRole('group', { name: 'Rating at least' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'library-chips',
    prepare: (page) => ask(page, 'op:edit rating:>=1 -format:gif morning light'),
  },
  {
    name: 'library-scrubber',
    async prepare(page) {
      const scrubber = page.getByRole('slider', { name: 'Month' });
      await scrubber.focus();
      await page.keyboard.press('PageDown');
      const box = await scrubber.boundingBox();
      if (box) await page.mouse.move(box.x + 20, box.y + box.height / 2);
    },
  },
  { name: 'library-selection', prepare: (page) => select(page, [1, 3, 6]) },
  {
    name: 'library-inspector',
    async prepare(page) {
      await select(page, [1, 3, 6]);
      await showInspector(page);
      await page.getByRole('complementary', { name: '3 images' }).getByText('In common').waitFor();
    },
  },
  {
    name: 'library-record',
    async prepare(page) {
      await page.getByRole('gridcell').first().click();
      await showInspector(page);
      await page.getByRole('complementary', { name: 'Record' }).getByText('Response').waitFor();
    },
  },
  {
    name: 'library-menu',
    async prepare(page) {
      await cells(page).nth(2).click({ button: 'right' });
      await page.getByRole('menu', { name: 'Images' }).waitFor();
    },
  },
  {
    name: 'library-help',
    async prepare(page) {
      await page.getByRole('button', { name: 'Search help' }).click();
      await page.getByRole('dialog', { name: 'Search help' }).waitFor();
    },
  },
  {
    name: 'library-completion',
    async prepare(page) {
      await search(page).fill('is:favourite tag:c');
      await page.getByRole('listbox', { name: 'Suggestions' }).waitFor();
    },
  },
  {
    name: 'library-errors',
    async prepare(page) {
      await search(page).fill('fox rating:7 colour:red date:yesterdaye');
      await page.keyboard.press('Enter');
    },
  },
  {
    name: 'library-nothing',
    async prepare(page) {
      await search(page).fill('rating:5 op:variation zebra');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'No images match' }).waitFor();
    },
  },
  {
    name: 'library-smart-collection',
    async prepare(page) {
      await ask(page, 'rating:>=4 date:this-year');
      await page.getByRole('button', { name: 'Save as smart collection' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('Best of the year');
    },
  },
  {
    name: 'library-history',
    async prepare(page) {
      await page.getByRole('button', { name: 'History', exact: true }).click();
      await page.getByRole('dialog', { name: 'History' }).getByRole('listitem').first().waitFor();
    },
  },
  { name: 'library-trash', prepare: openTrash },
  {
    name: 'library-trash-emptying',
    async prepare(page) {
      await openTrash(page);
      await page.getByRole('button', { name: 'Empty trash…' }).click();
      await page.getByRole('button', { name: /^Delete [\d,]+ images/u }).waitFor();
    },
  },
  {
    name: 'library-duplicates',
    async prepare(page) {
      await openSide(page);
      await page.getByRole('button', { name: 'Duplicates' }).click();
      await page.getByRole('list', { name: 'Groups of duplicates' }).getByRole('listitem').first().waitFor();
    },
  },
  {
    name: 'library-prompts',
    async prepare(page) {
      await openSide(page);
      await page.getByRole('button', { name: 'Prompts', exact: true }).click();
      await page.getByRole('list', { name: 'Saved prompts' }).getByRole('button').first().waitFor();
    },
  },
  {
    name: 'library-prompt-history',
    async prepare(page) {
      await page.getByRole('link', { name: 'Create' }).click();
      await page.getByRole('button', { name: 'Prompt history' }).click();
      await page.getByRole('list', { name: 'Prompts you’ve used' }).getByRole('listitem').first().waitFor();
    },
  },
  {
    name: 'library-names',
    async prepare(page) {
      await giveAwkwardNames(page);
      await ask(page, `tag:"ألوان/ضوء",夜の東京 in:"${LONG_NAME}"`);
      await openSide(page);
      await page.getByRole('treeitem', { name: /^A collection whose name/u }).scrollIntoViewIfNeeded();
    },
  },
];

const NEWEST = {
  query: '',
  sort: { by: 'date', descending: true },
  grouping: 'day',
  stacking: 'none',
  place: 'library',
};

/** Some changes for the history panel, and images for the trash. */
export async function makePast(page: Page): Promise<void> {
  const ids = await newest(page, 40);
  const collections = await call<{ id: string; query: string | null }[]>(page, 'collections.list', {});
  const collectionId = collections.find(({ query }) => query === null)?.id;
  await change(page, ids.slice(0, 3), { kind: 'rate', rating: 4 });
  await change(page, ids.slice(1, 9), { kind: 'tag', add: ['client/acme', 'hero'], remove: [] });
  await change(page, ids.slice(4, 6), { kind: 'favourite', on: true });
  await change(page, ids.slice(2, 7), { kind: 'collect', collectionId, on: true });
  await change(page, ids.slice(7, 8), { kind: 'reject', on: true });
  await change(page, ids.slice(30, 36), { kind: 'trash' });
}

/** Names that are long, or written from right to left, or in other scripts. */
async function giveAwkwardNames(page: Page): Promise<void> {
  const ids = await newest(page, 12);
  const { id: collectionId } = await call<{ id: string }>(page, 'collections.create', { name: LONG_NAME });
  const add = ['ألوان/ضوء', '夜の東京', 'a-tag-in-one-very-long-word-without-a-single-place-where-it-could-break'];
  await change(page, ids, { kind: 'tag', add, remove: [] });
  await change(page, ids, { kind: 'collect', collectionId, on: true });
}

async function newest(page: Page, count: number): Promise<string[]> {
  const { id: viewId } = await call<{ id: string }>(page, 'views.ask', { question: NEWEST });
  const rows = await call<({ id: string } | null)[]>(page, 'views.rows', { viewId, from: 0, count });
  return rows.flatMap((row) => (row ? [row.id] : []));
}

function change(page: Page, imageIds: string[], edit: object): Promise<unknown> {
  return call(page, 'changes.apply', { id: uuid(), selection: { kind: 'images', imageIds }, edit });
}

/** Calls an endpoint as the page does. @throws Error if it is refused */
async function call<T>(page: Page, endpoint: EndpointName, payload: object): Promise<T> {
  const outcome = await page.evaluate(([name, sent]) => window.studio.call(name, sent), [endpoint, payload] as const);
  if ('error' in outcome) throw new Error(outcome.error.message);
  return outcome.ok as T;
}
