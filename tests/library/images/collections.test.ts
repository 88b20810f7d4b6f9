import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { Collection } from '../../../electron/contract/entities/collections.ts';
import type { CollectionId, ImageId } from '../../../electron/contract/entities/ids.ts';
import { listCollections } from '../../../electron/library/order/read-collections.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { saveImage } from '../../../electron/library/images/save-image.ts';
import type { Library } from '../../../electron/library/library.ts';
import { collect, createCollection } from '../../fakes/collections.ts';
import { receiveFile, intentFor, recordRequest, reportOf, savedImage, smallPng, testLibrary } from '../test-library.ts';

const create = ({ db }: Library, name: string): Collection => createCollection(db, name, 1);

function put({ db }: Library, collectionId: CollectionId, imageIds: ImageId[], present = true): void {
  collect(db, collectionId, imageIds, present);
}

describe('collections', () => {
  it('are listed in their order with their image counts', async () => {
    const library = await testLibrary();
    const [a, b] = [create(library, 'beta'), create(library, 'Alpha')];
    const image = await savedImage(library);
    put(library, b.id, [image.id]);
    expect(listCollections(library.db)).toMatchObject([
      { id: a.id, name: 'beta', images: 0 },
      { id: b.id, name: 'Alpha', images: 1 },
    ]);
  });

  it('add and remove images; repeating either changes nothing', async () => {
    const library = await testLibrary();
    const { id } = create(library, 'Ships');
    const image = await savedImage(library);
    put(library, id, [image.id, uuid() as ImageId]);
    put(library, id, [image.id]);
    expect(readImage(library.db, image.id)?.collections).toEqual([{ id, name: 'Ships', position: 1 }]);
    put(library, id, [image.id], false);
    put(library, id, [image.id], false);
    expect(readImage(library.db, image.id)?.collections).toEqual([]);
  });

  it('don’t count images in the trash, and count them again when restored', async () => {
    const library = await testLibrary();
    const { id } = create(library, 'Ships');
    const image = await savedImage(library);
    put(library, id, [image.id]);
    library.db.exec('UPDATE images SET deleted_at = 5');
    expect(listCollections(library.db)[0]?.images).toBe(0);
    library.db.exec('UPDATE images SET deleted_at = NULL');
    expect(listCollections(library.db)[0]?.images).toBe(1);
  });

  it('reject images for an unknown collection', async () => {
    const library = await testLibrary();
    const image = await savedImage(library);
    expect(await reportOf(() => put(library, uuid() as CollectionId, [image.id]))).toMatchObject({
      code: 'not-found',
    });
  });
});

describe('a job that requests a collection', () => {
  const saveFor = async (library: Library, collectionId: CollectionId) => {
    const intent = intentFor('a ship');
    const id = recordRequest(library, { ...intent, request: { ...intent.request, collectionId } });
    const file = await receiveFile(library, await smallPng());
    return saveImage(library, { generationId: id, position: 0, file, revisedPrompt: null, at: 3 });
  };

  it('has its images there as soon as they are saved', async () => {
    const library = await testLibrary();
    const { id } = create(library, 'Ships');
    const image = await saveFor(library, id);
    expect(readImage(library.db, image.id)?.collections.map(({ name }) => name)).toEqual(['Ships']);
  });

  it('keeps its images if the collection is gone', async () => {
    const library = await testLibrary();
    const image = await saveFor(library, uuid() as CollectionId);
    expect(readImage(library.db, image.id)?.collections).toEqual([]);
  });
});
