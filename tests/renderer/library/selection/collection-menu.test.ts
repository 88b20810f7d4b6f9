import { beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { Edit } from '../../../../electron/contract/entities/changes.ts';
import type { ChangeId } from '../../../../electron/contract/entities/ids.ts';
import { mountView } from '../../state/mounted-view.ts';
import { image, scriptedStudio, uuid, viewsOf } from '../../state/scripted-studio.ts';
import { doneChange } from '../../viewer/image-record.ts';

const IMAGES = [3, 2, 1].map((number) => image(number, { prompt: `Pear ${number}` }));
const cell = (number: number) => page.getByRole('gridcell', { name: new RegExp(`^Pear ${number},`, 'u') });
const item = (name: string) => page.getByRole('menuitem', { name, exact: true });
const collection = (number: number, name: string, query: string | null = null) => ({
  ...{ id: uuid(number), name, parentId: null, coverId: null, query, images: 3 },
});

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.style.height = '800px';
  await page.viewport(1440, 800);
});

async function openLibrary(query: string) {
  const script = scriptedStudio({
    ...viewsOf(IMAGES),
    'collections.list': () => [collection(20, 'Casa Azul'), collection(21, 'Best', 'rating:>=4')],
    'collections.change': () => ({ ...collection(20, 'Casa Azul'), coverId: uuid(2) }),
    'changes.apply': ({ id, edit }: { id: ChangeId; edit: Edit }) => doneChange(id, edit),
  });
  const { state } = await mountView('library', script);
  await expect.poll(() => state.library.lists.collections.length).toBe(2);
  state.library.question.show(query);
  await expect.element(cell(1)).toBeVisible();
  return (endpoint: string) => script.calls.filter((call) => call.endpoint === endpoint).map(({ payload }) => payload);
}

test('in a collection, an image becomes its cover', async () => {
  const asked = await openLibrary('in:"Casa Azul"');
  await cell(2).click({ button: 'right' });
  await item('Use as collection cover').click();
  await expect.poll(() => asked('collections.change')).toMatchObject([{ collectionId: uuid(20), coverId: uuid(2) }]);
});

test('in a collection, selected images are removed from it and stay in the library', async () => {
  const asked = await openLibrary('in:"Casa Azul"');
  await cell(3).click();
  await cell(2).click({ modifiers: ['ControlOrMeta'] });
  await cell(2).click({ button: 'right' });
  // One cover, of one image.
  await expect.element(item('Use as collection cover')).not.toBeInTheDocument();
  await item('Remove from collection').click();
  await expect
    .poll(() => asked('changes.apply'))
    .toMatchObject([
      {
        edit: { kind: 'collect', collectionId: uuid(20), on: false },
        selection: { kind: 'images', imageIds: [uuid(3), uuid(2)] },
      },
    ]);
});

test.each(['', 'in:Best', '-in:"Casa Azul"'])('neither is there outside of one collection: “%s”', async (query) => {
  await openLibrary(query);
  await cell(2).click({ button: 'right' });
  await expect.element(item('Open')).toBeVisible();
  await expect.element(item('Use as collection cover')).not.toBeInTheDocument();
  await expect.element(item('Remove from collection')).not.toBeInTheDocument();
});
