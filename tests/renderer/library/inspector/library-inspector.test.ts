import axe from 'axe-core';
import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { SelectionSummary } from '../../../../electron/contract/entities/annotations.ts';
import { commonRows, togetherRows } from '../../../../renderer/library/inspector/common-rows.ts';
import { mountView } from '../../state/mounted-view.ts';
import { image, SAME_FACTS, scriptedStudio, uuid, viewsOf } from '../../state/scripted-studio.ts';
import { imageRecord } from '../../viewer/image-record.ts';
import { cell as numbered, indexOf } from '../grid/scripted-index.ts';

const IMAGES = [5, 4, 3, 2, 1].map((number) => image(number, { prompt: `Pear ${number}` }));
const cell = (number: number) => page.getByRole('gridcell', { name: new RegExp(`^Pear ${number},`, 'u') });
const panel = (name: string) => page.getByRole('complementary', { name, exact: true });
const SUMMARY: SelectionSummary = {
  images: 2,
  bytes: 2_400_000,
  cost: { micros: 571_000, unknown: 1 },
  facts: { ...SAME_FACTS, model: { value: 'gpt-image-2', values: 2 }, quality: { value: 'high', values: 3 } },
  ratings: [1, 0, 0, 0, 1, 0],
  favourites: 2,
  rejected: 1,
  tags: [
    { id: uuid(30), images: 2 },
    { id: uuid(31), images: 1 },
  ] as SelectionSummary['tags'],
  collections: [],
  note: null,
};

function mountLibrary() {
  const script = scriptedStudio(viewsOf(IMAGES));
  const tag = { parentId: null, images: 2, own: 2 };
  Object.assign(script.answers, {
    'library.image': ({ imageId }: { imageId: string }) => {
      const number = Number(imageId.slice(-12));
      return imageRecord(number, {}, { parameters: { prompt: `Pear ${number}` } });
    },
    'views.summarize': () => SUMMARY,
    'tags.list': () => [
      { ...tag, id: uuid(30), name: 'fruit', path: 'fruit' },
      { ...tag, id: uuid(31), name: 'hero', path: 'hero' },
    ],
    'changes.apply': ({ id, edit }: { id: string; edit: unknown }) => ({
      ...{ id, edit, state: 'done', names: [], images: 1, applied: 1, left: 0, at: 1, undoneAt: null },
    }),
  });
  const edits = () => script.calls.filter(({ endpoint }) => endpoint === 'changes.apply').map(({ payload }) => payload);
  const looked = () => script.calls.filter(({ endpoint }) => endpoint === 'library.image').length;
  return mountView('library', script).then((mounted) => ({ ...mounted, script, edits, looked }));
}

async function expectNoFaults(): Promise<void> {
  const { violations } = await axe.run(document.body);
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.style.height = '800px';
  await page.viewport(1440, 800);
});

test('the record of the image with the focus is shown beside the grid, and edits are for it', async () => {
  const { edits, looked } = await mountLibrary();
  await expect.element(cell(5)).toBeVisible();
  await expect.element(panel('Record')).not.toBeInTheDocument();
  await cell(5).click();
  expect(looked()).toBe(0);
  await page.getByRole('button', { name: 'Show inspector' }).click();
  await expect.element(panel('Record').getByText('Pear 5')).toBeVisible();
  await expectNoFaults();
  await cell(3).click();
  await expect.element(panel('Record').getByText('Pear 3')).toBeVisible();
  await panel('Record').getByRole('button', { name: '4 stars' }).click();
  await expect
    .poll(edits)
    .toMatchObject([{ edit: { kind: 'rate', rating: 4 }, selection: { kind: 'images', imageIds: [uuid(3)] } }]);
  await page.getByRole('button', { name: 'Hide inspector' }).click();
  await expect.element(panel('Record')).not.toBeInTheDocument();
});

test('several images: what they have in common, and what they cost together', async () => {
  const { edits } = await mountLibrary();
  await cell(5).click();
  await cell(2).click({ modifiers: ['ControlOrMeta'] });
  await userEvent.keyboard('{Control>}i{/Control}');
  const several = panel('2 images');
  await expect.element(several.getByText('2 models')).toBeVisible();
  await expect.element(several.getByText('≥ $0.571')).toBeVisible();
  await expect.element(several.getByText('Different notes')).toBeVisible();
  await expect.element(several.getByRole('listitem').filter({ hasText: 'hero' }).getByText('1 of 2')).toBeVisible();
  await expect.element(several.getByRole('button', { name: 'Favourite' })).toHaveAttribute('aria-pressed', 'true');
  await expect.element(several.getByRole('button', { name: 'Reject' })).toHaveAttribute('aria-pressed', 'mixed');
  await expectNoFaults();
  await several.getByRole('button', { name: 'Remove tag hero' }).click();
  await expect
    .poll(edits)
    .toMatchObject([{ edit: { kind: 'tag', remove: [uuid(31)] }, selection: { imageIds: [uuid(5), uuid(2)] } }]);
});

test('it says so where nothing is selected, and is still open at the next start', async () => {
  const first = await mountLibrary();
  await page.getByRole('button', { name: 'Show inspector' }).click();
  await expect.element(panel('Record').getByText('Select an image to see its record.')).toBeVisible();
  await expect.element(panel('Record').getByRole('button', { name: 'Reuse' })).toBeDisabled();
  await first.unmount();
  await mountLibrary();
  await expect.element(panel('Record')).toBeVisible();
});

test('a note that is being written keeps the keys while images arrive', async () => {
  const { script, grow } = indexOf(5000);
  Object.assign(script.answers, {
    'library.image': ({ imageId }: { imageId: string }) => imageRecord(Number(imageId.slice(-12))),
    'changes.apply': ({ id, edit }: { id: string; edit: unknown }) => ({
      ...{ id, edit, state: 'done', names: [], images: 1, applied: 1, left: 0, at: 1, undoneAt: null },
    }),
  });
  const edits = () =>
    script.calls
      .filter(({ endpoint }) => endpoint === 'changes.apply')
      .map(({ payload }) => (payload as { edit: { kind: string } }).edit);
  await mountView('library', script);
  await numbered(4998).click();
  await page.getByRole('button', { name: 'Show inspector' }).click();
  const note = panel('Record').getByRole('textbox', { name: 'Note' });
  await note.fill('Hang it ');
  for (let arrived = 1; arrived <= 3; arrived += 1) {
    grow(1);
    await expect
      .poll(() => script.calls.filter(({ endpoint }) => endpoint === 'views.ask').length)
      .toBeGreaterThan(arrived);
    await userEvent.keyboard('x5');
  }
  // Stored meanwhile, and looked up again before that shows in the record.
  const notes = () => edits().filter(({ kind }) => kind === 'note');
  await expect.poll(notes).toContainEqual({ kind: 'note', note: 'Hang it x5x5x5' });
  const looked = () => script.calls.filter(({ endpoint }) => endpoint === 'library.image').length;
  const before = looked();
  grow(1);
  await expect.poll(looked).toBeGreaterThan(before);
  await userEvent.keyboard('.');
  await expect.element(note).toHaveValue('Hang it x5x5x5.');
  await expect.element(note).toHaveFocus();
  expect(edits().filter(({ kind }) => kind !== 'note')).toEqual([]);
});

test('hiding it while a note is written leaves the keys at its button', async () => {
  const { edits } = await mountLibrary();
  await cell(4).click();
  await page.getByRole('button', { name: 'Show inspector' }).click();
  await panel('Record').getByRole('textbox', { name: 'Note' }).click();
  await userEvent.keyboard('{Control>}i{/Control}');
  await expect.element(page.getByRole('button', { name: 'Show inspector' })).toHaveFocus();
  expect(edits()).toEqual([]);
});

test('a new collection takes the images that were selected when its name was typed', async () => {
  const { edits, script } = await mountLibrary();
  const created = Promise.withResolvers<unknown>();
  script.answers['collections.create'] = () => created.promise;
  await cell(5).click();
  await cell(2).click({ modifiers: ['ControlOrMeta'] });
  await page.getByRole('button', { name: 'Show inspector' }).click();
  await panel('2 images').getByRole('combobox', { name: 'Add to a collection' }).fill('Pears');
  await expect.element(page.getByRole('option', { name: 'Create “Pears”' })).toHaveAttribute('data-highlighted');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => script.calls.some(({ endpoint }) => endpoint === 'collections.create')).toBe(true);
  await cell(1).click();
  created.resolve({
    ...{ id: uuid(40), parentId: null, name: 'Pears', position: 1, query: null, coverId: null, images: 0 },
  });
  await expect
    .poll(edits)
    .toMatchObject([
      { edit: { kind: 'collect', collectionId: uuid(40) }, selection: { imageIds: [uuid(5), uuid(2)] } },
    ]);
});

test('in a narrow window it is a sheet over the grid', async () => {
  await page.viewport(900, 700);
  await mountLibrary();
  await cell(4).click();
  await page.getByRole('button', { name: 'Show inspector' }).click();
  await expect.element(panel('Record').getByText('Pear 4')).toBeVisible();
  await page.getByRole('button', { name: 'Hide inspector' }).click();
  await expect.element(panel('Record')).not.toBeInTheDocument();
});

test('costs that aren’t known and facts that differ are said as such', () => {
  expect(togetherRows({ ...SUMMARY, cost: { micros: 0, unknown: 2 } })[0]).toMatchObject({ value: 'Unknown' });
  expect(togetherRows({ ...SUMMARY, cost: { micros: 0, unknown: 0 } })[0]).toMatchObject({ value: '$0' });
  expect(togetherRows(SUMMARY)[0]).toMatchObject({ value: '≥ $0.571', hint: '1 unknown' });
  expect(commonRows(SUMMARY).map(({ value, hint }) => hint ?? value)).toEqual([
    ...['Create', '2 models', '1024 × 1024', '3 levels', 'PNG', 'Auto'],
  ]);
});
