import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import { sidecarPath } from '../../../electron/library/files/folders.ts';
import { deleteImages } from '../../../electron/library/order/delete-images.ts';
import { finishGeneration } from '../../../electron/library/jobs/generations.ts';
import type { Library } from '../../../electron/library/library.ts';
import { listOutdatedSidecars, writeOutdatedSidecars } from '../../../electron/library/sidecars/outdated-sidecars.ts';
import { markMissingSidecars } from '../../../electron/library/sidecars/missing-sidecars.ts';
import { readGenerationSidecar, readSidecar } from '../../../electron/library/sidecars/sidecar-schema.ts';
import { createCollection } from '../../fakes/collections.ts';
import { importedImage } from '../imported-image.ts';
import { openOrder } from '../order/order-fixtures.ts';
import { savedImage, testLibrary } from '../test-library.ts';
import type { Edit } from '../../../electron/contract/entities/changes.ts';

const AT = Date.UTC(2026, 10, 30, 12);
const failed = (thrown: unknown): void => expect.unreachable(String(thrown));

async function requested(library: Library): Promise<{ id: ImageId; sidecar: string }> {
  const { id, generationId } = await savedImage(library, { at: AT });
  finishGeneration(library.db, generationId, { state: 'done', at: AT, answer: null, billing: 'billed', error: null });
  return { id, sidecar: sidecarPath(library.folder, generationId, AT) };
}

async function imported(library: Library): Promise<{ id: ImageId; sidecar: string }> {
  const { id, importId } = await importedImage(library, { at: AT, prompt: 'a fox', model: 'sd_xl' });
  return { id, sidecar: sidecarPath(library.folder, importId, AT) };
}

it.each([
  ['a requested image', requested],
  ['an imported image', imported],
])('the sidecar of %s has all that a person added, and follows each change and its undo', async (_, make) => {
  const library = await testLibrary();
  const { db } = library;
  const { id, sidecar } = await make(library);
  const { apply, changes } = openOrder(library);
  const collection = createCollection(db, 'Foxes', 1);
  const image = async (): Promise<object | null> => {
    await writeOutdatedSidecars(library, { failed });
    const record = await readSidecar(sidecar);
    return record.kind === 'emulsion-import' ? record.image : (record.images[0] ?? null);
  };
  const edits: [Edit, object][] = [
    [{ kind: 'rate', rating: 4 }, { rating: 4 }],
    [{ kind: 'favourite', on: true }, { favourite: true }],
    [{ kind: 'reject', on: true }, { rejected: true }],
    [{ kind: 'note', note: 'good' }, { note: 'good' }],
    [{ kind: 'tag', add: ['client/acme'], remove: [] }, { tags: [{ path: 'client/acme' }] }],
    [
      { kind: 'collect', collectionId: collection.id, on: true, before: null },
      { collections: [{ name: 'Foxes', position: 1 }] },
    ],
    [{ kind: 'trash' }, { trashed_at: expect.any(String) as string }],
  ];
  for (const [edit, expected] of edits) {
    const before = await image();
    const change = await apply([id], edit);
    expect(listOutdatedSidecars(db), edit.kind).toHaveLength(1);
    expect(await image(), edit.kind).toMatchObject(expected);
    await changes.undo(change.id);
    expect(await image(), edit.kind).toEqual(before);
    await changes.redo(change.id);
  }
  expect(await image()).toMatchObject(Object.assign({}, ...edits.map(([, expected]) => expected)) as object);
});

it('an imported image’s sidecar has what came with it, and stays when the image is deleted for good', async () => {
  const library = await testLibrary();
  const { id, sidecar } = await imported(library);
  await writeOutdatedSidecars(library, { failed });
  expect(await readSidecar(sidecar)).toMatchObject({
    kind: 'emulsion-import',
    version: 2,
    file_name: 'photo.png',
    imported_at: '2026-11-30T12:00:00.000Z',
    dated: 'metadata',
    software: 'ComfyUI',
    prompt: 'a fox',
    model: 'sd_xl',
    parameters: { steps: 20 },
    texts: [{ name: 'caption', text: 'a caption' }],
    image: { id, width: 8, height: 6 },
  });
  library.db.exec('UPDATE images SET deleted_at = 5');
  const timeline = library.db.prepare<[], number>('SELECT timeline FROM images').pluck().get() ?? 0;
  library.db.transaction(() => deleteImages(library.db, [timeline]))();
  await writeOutdatedSidecars(library, { failed });
  expect(await readSidecar(sidecar)).toMatchObject({ kind: 'emulsion-import', image: null });
});

it('a missing sidecar of an import is found', async () => {
  const library = await testLibrary();
  await imported(library);
  await writeOutdatedSidecars(library, { failed });
  expect(await markMissingSidecars(library)).toBe(0);
  library.db.exec('UPDATE imports SET imported_at = imported_at + 40 * 86400000');
  expect(await markMissingSidecars(library)).toBe(1);
  expect(listOutdatedSidecars(library.db)).toHaveLength(1);
});

it('a sidecar of version 1 is read: what it lacks is as if nothing had been added', async () => {
  const library = await testLibrary();
  const { sidecar } = await requested(library);
  await writeOutdatedSidecars(library, { failed });
  const record = JSON.parse(readFileSync(sidecar, 'utf8')) as { version: number; images: Record<string, unknown>[] };
  record.version = 1;
  for (const name of ['rating', 'favourite', 'rejected', 'note', 'tags', 'stack_cover', 'trashed_at'])
    delete record.images[0]?.[name];
  Object.assign(record.images[0] ?? {}, {
    collections: [{ id: '01890000-0000-7000-8000-000000000000', name: 'Ships' }],
  });
  writeFileSync(sidecar, JSON.stringify(record));
  const { images } = await readGenerationSidecar(sidecar);
  expect(images[0]).toMatchObject({ rating: 0, favourite: false, note: '', tags: [], trashed_at: null });
  expect(images[0]?.collections).toMatchObject([{ name: 'Ships', position: null, added_at: null }]);
});
