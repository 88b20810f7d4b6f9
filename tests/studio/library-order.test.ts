import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { StudioEvent } from '../../electron/contract/events.ts';
import type { ImageId } from '../../electron/contract/entities/ids.ts';
import { openLibrary } from '../../electron/library/library.ts';
import { changeId, insertImages } from '../library/order/order-fixtures.ts';
import { sharedDecoding } from '../library/shared-decoding.ts';
import { reportOf } from '../library/test-library.ts';
import { emptyFolder, openTestStudio, type TestStudio } from './test-studio.ts';

async function openedWithImages(
  count: number,
): Promise<TestStudio & { images: ImageId[]; events: StudioEvent['type'][] }> {
  const folder = await emptyFolder();
  const library = await openLibrary(join(folder, 'library'), sharedDecoding);
  const images = insertImages(library.db, count);
  library.close();
  const test = await openTestStudio({ folder });
  const events: StudioEvent['type'][] = [];
  test.studio.subscribe(({ type }) => {
    if (['change', 'library', 'order'].includes(type)) events.push(type);
  });
  return { ...test, images, events };
}

it('edits, tags and trashes images, tells it by events, and undoes it', async () => {
  const { api, images, events } = await openedWithImages(3);
  const selection = { kind: 'images' as const, imageIds: images };
  await api.changes.apply({ id: changeId(), selection, edit: { kind: 'rate', rating: 4 } });
  expect(events.splice(0)).toEqual(['change']);
  await api.changes.apply({ id: changeId(), selection, edit: { kind: 'tag', add: ['client/acme'], remove: [] } });
  expect(events.splice(0)).toEqual(['change', 'order']);
  const [client, acme] = await api.tags.list({});
  expect([client?.images, acme?.path]).toEqual([3, 'client/acme']);
  const trashed = await api.changes.apply({ id: changeId(), selection, edit: { kind: 'trash' } });
  expect(events.splice(0)).toEqual(['change', 'library', 'order']);
  expect(await api.trash.get({})).toMatchObject({ images: 3 });
  expect((await api.tags.list({}))[0]?.images).toBe(0);
  await api.changes.undo({ id: trashed.id });
  expect(await api.trash.get({})).toEqual({ images: 0, bytes: 0 });
  const record = await api.library.image({ imageId: images[0] as ImageId });
  expect(record).toMatchObject({ marks: { rating: 4 }, tags: [{ path: 'client/acme' }], trashedAt: null });
  if (acme) await api.tags.rename({ id: changeId(), tagId: acme.id, name: 'ACME Inc' });
  expect((await api.tags.list({})).map(({ path }) => path)).toEqual(['client', 'client/ACME Inc']);
  const { changes } = await api.changes.list({ after: null, limit: 10 });
  expect(changes.map(({ edit, state }) => [edit.kind, state])).toEqual([
    ['tag-rename', 'done'],
    ['trash', 'undone'],
    ['tag', 'done'],
    ['rate', 'done'],
  ]);
});

it('creates a collection once for each name, changes and removes it', async () => {
  const { api, images } = await openedWithImages(2);
  const ships = await api.collections.create({ name: ' Casa  Azul ' });
  expect(ships).toMatchObject({ name: 'Casa Azul', parentId: null, images: 0 });
  expect(await api.collections.create({ name: 'casa azul' })).toEqual(ships);
  const below = await api.collections.create({ name: 'Below', parentId: ships.id });
  const edit = { kind: 'collect' as const, collectionId: ships.id, on: true };
  await api.changes.apply({ id: changeId(), selection: { kind: 'images', imageIds: images }, edit });
  const renamed = await api.collections.change({
    id: changeId(),
    collectionId: ships.id,
    name: 'Ships',
    coverId: images[1],
  });
  expect(renamed).toMatchObject({ name: 'Ships', coverId: images[1], images: 2 });
  const taken = api.collections.change({ id: changeId(), collectionId: ships.id, name: 'below' });
  expect(await reportOf(() => taken)).toMatchObject({ code: 'parameter-invalid' });
  const removed = await api.collections.remove({ id: changeId(), collectionId: ships.id });
  expect((await api.collections.list({})).map(({ id, parentId }) => [id, parentId])).toEqual([[below.id, null]]);
  await api.changes.undo({ id: removed.id });
  expect(await api.collections.list({})).toMatchObject([
    { name: 'Ships', coverId: images[1], images: 2 },
    { name: 'Below', parentId: ships.id },
  ]);
  const gone = api.collections.remove({
    id: changeId(),
    collectionId: '01890000-0000-7000-8000-ffffffffffff',
  });
  expect(await reportOf(() => gone)).toMatchObject({
    code: 'not-found',
    message: 'This collection is no longer in the library. Nothing was changed.',
  });
});
