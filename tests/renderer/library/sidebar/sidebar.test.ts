import { beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Change } from '../../../../electron/contract/entities/changes.ts';
import type { ChangeId } from '../../../../electron/contract/entities/ids.ts';
import { visibleRows } from '../../../../renderer/library/sidebar/tree-rows.ts';
import { fold } from '../../../../renderer/order/find-items.ts';
import { mountView } from '../../state/mounted-view.ts';
import { image, scriptedStudio, uuid, viewsOf } from '../../state/scripted-studio.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.style.height = '900px';
  await page.viewport(1440, 900);
});

const collection = (number: number, name: string, more: object = {}) => ({
  id: uuid(number),
  name,
  parentId: null,
  coverId: null,
  query: null,
  images: 3,
  ...more,
});
const tag = (number: number, path: string, parentId: string | null = null) => ({
  id: uuid(number),
  parentId,
  name: path.split('/').at(-1),
  path,
  images: 58,
});

function libraryOf() {
  const script = scriptedStudio(viewsOf([image(1, { prompt: 'Pear 1' })]));
  Object.assign(script.answers, {
    'collections.list': () => [
      collection(20, 'Casa Azul'),
      collection(21, 'Walls', { parentId: uuid(20) }),
      collection(22, 'Best', { query: 'rating:>=4' }),
    ],
    'tags.list': () => [tag(30, 'client'), tag(31, 'client/acme', uuid(30)), tag(32, 'wip')],
    'tags.merge': () => null,
    'tags.rename': () => null,
    'collections.change': () => collection(20, 'Casa Rosa'),
  });
  const last = (endpoint: string) => script.calls.findLast((call) => call.endpoint === endpoint)?.payload;
  return { script, last };
}

const item = (name: RegExp) => page.getByRole('treeitem', { name });

test('a collection shows its images in its own order, a tag those with it', async () => {
  const { script } = libraryOf();
  const { state } = await mountView('library', script);
  await item(/^Casa Azul/u).click();
  expect(state.library.question.settled).toMatchObject({
    query: 'in:"Casa Azul"',
    sort: { by: 'collection', collectionId: uuid(20) },
  });
  await expect.element(item(/^Casa Azul/u)).toHaveAttribute('aria-selected', 'true');
  await item(/^Best/u).click();
  expect(state.library.question.settled.query).toBe('rating:>=4');
  await item(/^wip/u).click();
  expect(state.library.question.settled.query).toBe('tag:wip');
  await item(/^Trash/u).click();
  expect(state.library.question.settled).toMatchObject({ query: '', place: 'trash' });
});

test('trees work by keyboard: open, close, rename', async () => {
  const { script, last } = libraryOf();
  await mountView('library', script);
  await expect.element(item(/^Casa Azul/u)).toHaveAttribute('aria-expanded', 'true');
  item(/^Casa Azul/u)
    .element()
    .focus();
  await userEvent.keyboard('{ArrowLeft}');
  await expect.element(item(/^Walls/u)).not.toBeInTheDocument();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  await expect.element(item(/^Walls/u)).toHaveFocus();
  await userEvent.keyboard('{ArrowLeft}{F2}');
  await page.getByRole('textbox', { name: 'Name' }).fill('Casa Rosa');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => last('collections.change')).toMatchObject({ collectionId: uuid(20), name: 'Casa Rosa' });
});

test('a tag is merged into another one after its images are named', async () => {
  const { script, last } = libraryOf();
  const { state } = await mountView('library', script);
  await expect.element(item(/^wip/u)).toBeVisible();
  await item(/^wip/u).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Merge into…' }).click();
  await expect.element(page.getByText('The other tag replaces it on 58 images.', { exact: false })).toBeVisible();
  await page.getByRole('option', { name: 'client/acme' }).click();
  await page.getByRole('button', { name: 'Merge into “client/acme”' }).click();
  await expect.poll(() => last('tags.merge')).toMatchObject({ tagId: uuid(32), into: uuid(31) });
  expect(state.library.changes.error).toBeNull();
});

test('the history lists changes with Undo, and says why some can’t be undone', async () => {
  const { script, last } = libraryOf();
  const entry = (number: number, more: Partial<Change>): Change => ({
    id: uuid(number) as ChangeId,
    state: 'done',
    edit: { kind: 'rate', rating: 4 },
    names: [],
    images: 12,
    applied: 12,
    left: 0,
    at: number,
    undoneAt: null,
    ...more,
  });
  const changes = [entry(61, {}), entry(60, { state: 'final', edit: { kind: 'empty' }, images: 41 })];
  script.answers['changes.list'] = () => ({ changes, next: null });
  script.answers['changes.undo'] = () => entry(61, { state: 'undone' });
  await mountView('library', script);
  await page.getByRole('button', { name: 'History' }).click();
  await expect.element(page.getByText('Deleted 41 images for good')).toBeVisible();
  await expect.element(page.getByText('Can’t be undone. The files were deleted.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo: Rated 12 images 4 stars' }).click();
  await expect.poll(() => last('changes.undo')).toEqual({ id: uuid(61) });
  await expect.element(page.getByRole('button', { name: 'Redo: Rated 12 images 4 stars' })).toBeVisible();
});

test('ten thousand tags show a hundred rows; a filter finds any of them with its parents', () => {
  const items = Array.from({ length: 10_000 }, (_, index) => ({
    id: `t${index}`,
    parentId: index % 10 === 0 ? null : `t${index - (index % 10)}`,
    name: `tag-${index}`,
    path: `tag-${index}`,
    images: 1,
  }));
  const folded = vi.fn(fold);
  const closed = visibleRows(items, { open: new Set(), filter: '', limit: 100, fold: folded });
  expect([closed.rows.length, closed.more]).toEqual([100, 900]);
  const found = visibleRows(items, { open: new Set(), filter: 'tag-9999', limit: 100, fold: folded });
  expect(found.rows.map(({ item: { id }, level }) => [id, level])).toEqual([
    ['t9990', 1],
    ['t9999', 2],
  ]);
  // Once for each tag, and only where there is a filter.
  expect(folded).toHaveBeenCalledTimes(10_000);
});
