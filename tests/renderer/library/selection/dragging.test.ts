import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Edit } from '../../../../electron/contract/entities/changes.ts';
import type { ChangeId } from '../../../../electron/contract/entities/ids.ts';
import { imageDrag } from '../../../../renderer/state/image-drag.svelte.ts';
import { mountView } from '../../state/mounted-view.ts';
import { image, scriptedStudio, uuid, viewsOf } from '../../state/scripted-studio.ts';
import { doneChange } from '../../viewer/image-record.ts';

const IMAGES = [5, 4, 3, 2, 1].map((number) =>
  image(number, { prompt: `Pear ${number}`, ...(number === 2 && { format: 'webp' }) }),
);
const cell = (number: number) => page.getByRole('gridcell', { name: new RegExp(`^Pear ${number},`, 'u') });
const place = (name: RegExp) => page.getByRole('treeitem', { name });
const ids = (...numbers: number[]) => ({ kind: 'images', imageIds: numbers.map(uuid) });

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.style.height = '800px';
  await page.viewport(1440, 800);
});

async function openLibrary() {
  const script = scriptedStudio({
    ...viewsOf(IMAGES),
    'collections.list': () => [
      { id: uuid(20), name: 'Casa Azul', parentId: null, coverId: null, query: null, images: 5 },
    ],
    'changes.apply': ({ id, edit }: { id: ChangeId; edit: Edit }) => doneChange(id, edit),
  });
  const mounted = await mountView('library', script);
  await expect.element(cell(1)).toBeVisible();
  const edits = () => script.calls.filter(({ endpoint }) => endpoint === 'changes.apply').map(({ payload }) => payload);
  return { ...mounted, edits };
}

/** What a drag of a cell carries. */
function dragged(number: number): DataTransfer {
  const dataTransfer = new DataTransfer();
  cell(number)
    .element()
    .dispatchEvent(new DragEvent('dragstart', { bubbles: true, dataTransfer }));
  imageDrag.end();
  return dataTransfer;
}

const address = (number: number) => new URL(`/images/original/${uuid(number)}`, location.href).href;

test('images that are dropped on Favourites, Rejected and Trash are marked and moved there', async () => {
  const { edits } = await openLibrary();
  await userEvent.dragAndDrop(cell(3), place(/^Favourites/u));
  await expect.poll(edits).toMatchObject([{ edit: { kind: 'favourite', on: true }, selection: ids(3) }]);
  await userEvent.dragAndDrop(cell(4), place(/^Rejected/u));
  await expect.poll(edits).toMatchObject([{}, { edit: { kind: 'reject', on: true }, selection: ids(4) }]);
  await cell(5).click();
  await cell(1).click({ modifiers: ['ControlOrMeta'] });
  await userEvent.dragAndDrop(cell(1), place(/^Trash/u));
  await expect.poll(edits).toMatchObject([{}, {}, { edit: { kind: 'trash' }, selection: ids(5, 1) }]);
});

test('places that aren’t marks take no images', async () => {
  const { edits } = await openLibrary();
  await userEvent.dragAndDrop(cell(3), place(/^Unrated/u));
  await userEvent.dragAndDrop(cell(3), place(/^All images/u));
  await userEvent.dragAndDrop(cell(3), place(/^Rejected/u));
  await expect.poll(edits).toMatchObject([{ edit: { kind: 'reject' } }]);
});

test('in a collection’s own order, images are moved before and after others, and to the end', async () => {
  const { edits, state } = await openLibrary();
  await place(/^Casa Azul/u).click();
  await expect.poll(() => state.library.view.question?.sort.by).toBe('collection');
  await expect.element(cell(1)).toBeVisible();
  const arranged = (before: number | null) => ({
    edit: { kind: 'arrange', collectionId: uuid(20), before: before === null ? null : uuid(before) },
    selection: ids(2),
  });
  await userEvent.dragAndDrop(cell(2), cell(4), { targetPosition: { x: 8, y: 40 } });
  await expect.poll(edits).toMatchObject([arranged(4)]);
  const { width } = cell(4).element().getBoundingClientRect();
  await userEvent.dragAndDrop(cell(2), cell(4), { targetPosition: { x: width - 8, y: 40 } });
  await expect.poll(edits).toMatchObject([{}, arranged(3)]);
  const last = cell(1).element().getBoundingClientRect();
  await userEvent.dragAndDrop(cell(2), cell(1), { targetPosition: { x: last.width - 8, y: 40 } });
  await expect.poll(edits).toMatchObject([{}, {}, arranged(null)]);
});

test('in any other order, a drop on an image moves nothing', async () => {
  const { edits } = await openLibrary();
  await userEvent.dragAndDrop(cell(2), cell(4), { targetPosition: { x: 8, y: 40 } });
  await userEvent.dragAndDrop(cell(2), place(/^Favourites/u));
  await expect.poll(edits).toMatchObject([{ edit: { kind: 'favourite' } }]);
});

test('other programs get the original’s address, and one image as a file with its name and type', async () => {
  await openLibrary();
  const one = dragged(2);
  expect(one.getData('text/uri-list')).toBe(address(2));
  expect(one.getData('DownloadURL')).toBe(`image/webp:${uuid(2)}.webp:${address(2)}`);
});

test('several images are addresses, one a line, and no single file', async () => {
  await openLibrary();
  await cell(5).click();
  await cell(3).click({ modifiers: ['Shift'] });
  const several = dragged(4);
  expect(several.getData('text/uri-list').split('\r\n')).toEqual([5, 4, 3].map(address));
  expect([...several.types]).not.toContain('downloadurl');
});
