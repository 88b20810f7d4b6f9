import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Edit } from '../../../../electron/contract/entities/changes.ts';
import type { Collection } from '../../../../electron/contract/entities/collections.ts';
import type { ChangeId, CollectionId, ImageId, ImportId, Sha256 } from '../../../../electron/contract/entities/ids.ts';
import type { Generation } from '../../../../electron/contract/entities/generations.ts';
import type { ImageRecord } from '../../../../electron/contract/entities/image-records.ts';
import { watchCopies } from '../../shared/watch-copies.ts';
import { mountView } from '../../state/mounted-view.ts';
import { image, scriptedStudio, uuid, viewsOf } from '../../state/scripted-studio.ts';
import { doneChange, imageRecord, WITH_IMAGES } from '../image-record.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
});

const panel = () => page.getByRole('complementary', { name: 'Record' });
const studioOf = (record: () => ImageRecord, more: Parameters<typeof scriptedStudio>[0] = {}) =>
  scriptedStudio({
    ...viewsOf([image(2)]),
    'library.image': record,
    'library.response': () => ({ documents: [] }),
    ...more,
  });

test('a revised prompt shows added and removed words and can be copied', async () => {
  const record = imageRecord(
    2,
    { revisedPrompt: 'A red fox in deep snow' },
    { parameters: { prompt: 'A fox in snow' } },
  );
  await mountView(
    'viewer',
    studioOf(() => record),
    uuid(2),
  );
  const section = panel().getByRole('region', { name: 'Revised prompt' });
  await expect.element(section).toHaveTextContent('Revised prompt 2 added A red fox in deep snow');
  const added = [...section.element().querySelectorAll('ins')].map((word) => word.textContent.trim());
  expect(added).toEqual(['red', 'deep']);
  const copies = watchCopies();
  await section.getByRole('button', { name: 'Copy revised prompt' }).click();
  await expect.element(section.getByRole('status').getByText('Copied')).toBeInTheDocument();
  expect(copies()).toEqual(['A red fox in deep snow']);
});

test('an error has the server message behind Details', async () => {
  const error = {
    code: 'answer-cut',
    message: 'The answer broke off.',
    billing: 'possible',
    server: { status: 200, message: 'upstream reset' },
  } as const;
  await mountView(
    'viewer',
    studioOf(() => imageRecord(2, {}, { state: 'failed', error })),
    uuid(2),
  );
  await expect.element(panel().getByText('The answer broke off.')).toBeVisible();
  await expect.element(panel().getByText('upstream reset')).not.toBeVisible();
  await panel().getByText('Details').click();
  await expect.element(panel().getByText('upstream reset')).toBeVisible();
});

test('a prompt that the server used unchanged says so', async () => {
  const record = imageRecord(2, { revisedPrompt: 'A fox' }, { parameters: { prompt: 'A fox' } });
  await mountView(
    'viewer',
    studioOf(() => record),
    uuid(2),
  );
  await expect.element(panel().getByText('The server used this prompt unchanged.')).toBeVisible();
});

const inputs: Generation['inputs'] = [
  { role: 'image', position: 0, sha256: 'a'.repeat(64) as Sha256, imageId: uuid(1) as ImageId },
  { role: 'image', position: 1, sha256: 'b'.repeat(64) as Sha256, imageId: null },
  { role: 'mask', position: 2, sha256: 'c'.repeat(64) as Sha256, imageId: null },
];

test('inputs open their image in the library; the mask and other inputs can be previewed', async () => {
  const record = (number: number) => imageRecord(number, {}, number === 2 ? { operation: 'edit', inputs } : {});
  const script = studioOf(() => record(2), {
    'library.image': ({ imageId }: { imageId: ImageId }) => record(Number(imageId.slice(-3))),
  });
  const { route, container } = await mountView('viewer', script, uuid(2), WITH_IMAGES);
  const references = panel().getByRole('region', { name: 'References' });
  const stage = () => container.querySelector<HTMLImageElement>('.stage img:last-of-type')?.src ?? '';
  await references.getByRole('button', { name: 'Preview Reference 2' }).click();
  await expect.poll(stage).toContain(`/input/${'b'.repeat(64)}`);
  await panel().getByRole('region', { name: 'Mask' }).getByRole('button', { name: 'Preview Mask' }).click();
  await expect.poll(stage).toContain(`/input/${'c'.repeat(64)}`);
  await userEvent.keyboard('{Escape}');
  await expect.poll(stage).not.toContain('/input/');
  await references.getByRole('button', { name: 'Open Reference 1 in the library' }).click();
  expect(route.imageId).toBe(uuid(1));
});

test('collections are shown as chips; one can be added by name, created and removed', async () => {
  const named = (number: number, name: string): Collection => ({
    id: uuid(number) as CollectionId,
    name,
    parentId: null,
    coverId: null,
    query: null,
    images: 1,
  });
  let all = [named(1, 'Covers'), named(2, 'Olive & stone')];
  let held = [named(1, 'Covers')];
  const script = studioOf(
    () => imageRecord(2, { collections: held.map((each, position) => ({ ...each, position })) }),
    {
      'collections.list': () => all,
      'collections.create': ({ name }: { name: string }) => {
        all = [...all, named(3, name)];
        return named(3, name);
      },
      'changes.apply': ({ id, edit }: { id: ChangeId; edit: Edit }) => {
        if (edit.kind !== 'collect') throw new Error(`Not expected: ${edit.kind}`);
        held = edit.on
          ? [...held, ...all.filter((each) => each.id === edit.collectionId)]
          : held.filter((each) => each.id !== edit.collectionId);
        return { ...doneChange(id, edit) };
      },
    },
  );
  await mountView('viewer', script, uuid(2));
  const chips = () =>
    panel()
      .getByRole('list', { name: 'Collections' })
      .getByRole('listitem')
      .elements()
      .map((chip) => chip.textContent.trim());
  const field = panel().getByRole('combobox', { name: 'Add to a collection' });
  await expect.poll(chips).toEqual(['Covers']);

  await field.click();
  await page.getByRole('option', { name: 'Olive & stone' }).click();
  await expect.poll(chips).toEqual(['Covers', 'Olive & stone']);

  await field.fill('Sketches');
  await page.getByRole('option', { name: 'Create “Sketches”' }).click();
  await expect.poll(chips).toEqual(['Covers', 'Olive & stone', 'Sketches']);
  expect(script.calls.filter(({ endpoint }) => endpoint === 'collections.create')).toEqual([
    { endpoint: 'collections.create', payload: expect.objectContaining({ name: 'Sketches' }) },
  ]);

  await panel().getByRole('button', { name: 'Remove from Covers' }).click();
  await expect.poll(chips).toEqual(['Olive & stone', 'Sketches']);
});

test('a collection that can’t be saved says why', async () => {
  const refusal = { code: 'disk-full', message: 'The disk is full. Make room and try again.', billing: 'none' };
  const script = studioOf(() => imageRecord(2), {
    'collections.list': () => [],
    'collections.create': () => ({ refusal }),
  });
  await mountView('viewer', script, uuid(2));
  const field = panel().getByRole('combobox', { name: 'Add to a collection' });
  await field.fill('Covers');
  await userEvent.keyboard('{ArrowDown}{Enter}');
  await expect.element(panel().getByRole('alert').getByText(refusal.message)).toBeVisible();
});

test('an imported image’s record says where it is from, and has no request, cost or response', async () => {
  const record: ImageRecord = {
    ...imageRecord(2, { prompt: 'a fox', model: 'sd_xl' }),
    jobId: null,
    generationId: null,
    generation: null,
    imported: {
      id: uuid(9) as ImportId,
      fileName: 'fox 7.png',
      importedAt: 1_795_000_000_000,
      dated: 'metadata',
      software: 'ComfyUI',
      negativePrompt: 'blurry',
      parameters: { steps: 20, sampler: 'euler' },
      texts: [],
    },
  };
  await mountView(
    'viewer',
    studioOf(() => record),
    uuid(2),
  );
  const section = panel().getByRole('region', { name: 'Import' });
  for (const words of ['fox 7.png', 'from its metadata', 'ComfyUI', 'blurry', '20', 'euler'])
    await expect.element(section.getByText(words, { exact: true })).toBeVisible();
  await expect.element(panel().getByText('a fox')).toBeVisible();
  await expect.element(panel().getByText('sd_xl')).toBeVisible();
  for (const gone of ['Response', 'More'])
    await expect.element(panel().getByRole('region', { name: gone, exact: true })).not.toBeInTheDocument();
  await expect.element(panel().getByText('used this prompt')).not.toBeInTheDocument();
});
