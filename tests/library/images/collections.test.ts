import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { Collection, CollectionId, ImageId } from '../../../electron/contract/entities.ts';
import { createCollection, listCollections, updateCollection } from '../../../electron/library/images/collections.ts';
import { readPicture, savePicture } from '../../../electron/library/images/save-image.ts';
import type { Library } from '../../../electron/library/library.ts';
import { arrive, intentFor, recorded, refusal, savedPicture, smallPng, testLibrary } from '../test-library.ts';

const create = ({ db }: Library, name: string): Collection => createCollection(db, name, 1);

function put({ db }: Library, collectionId: CollectionId, imageIds: ImageId[], present = true): void {
  updateCollection(db, { collectionId, imageIds, present }, 2);
}

describe('collections', () => {
  it('are listed by name with their pictures', async () => {
    const library = await testLibrary();
    const [b, a] = [create(library, 'beta'), create(library, 'Alpha')];
    const picture = await savedPicture(library);
    put(library, b.id, [picture.id]);
    expect(listCollections(library.db)).toEqual([
      { id: a.id, name: 'Alpha', pictures: 0 },
      { id: b.id, name: 'beta', pictures: 1 },
    ]);
  });

  it('have one name each: asked for again, in other letters, the one that is there is answered', async () => {
    const library = await testLibrary();
    const first = create(library, 'Casa Azul');
    expect(create(library, 'casa azul')).toEqual(first);
    expect(listCollections(library.db)).toHaveLength(1);
  });

  it('take pictures in and let them go, twice over without harm', async () => {
    const library = await testLibrary();
    const { id } = create(library, 'Ships');
    const picture = await savedPicture(library);
    put(library, id, [picture.id, picture.id, uuid() as ImageId]);
    put(library, id, [picture.id]);
    expect(readPicture(library.db, picture.id)?.collections).toEqual([{ id, name: 'Ships', pictures: 1 }]);
    put(library, id, [picture.id], false);
    put(library, id, [picture.id], false);
    expect(readPicture(library.db, picture.id)?.collections).toEqual([]);
  });

  it('do not count what is in the trash, and have it back with it', async () => {
    const library = await testLibrary();
    const { id } = create(library, 'Ships');
    const picture = await savedPicture(library);
    put(library, id, [picture.id]);
    library.db.exec('UPDATE images SET deleted_at = 5');
    expect(listCollections(library.db)[0]?.pictures).toBe(0);
    library.db.exec('UPDATE images SET deleted_at = NULL');
    expect(listCollections(library.db)[0]?.pictures).toBe(1);
  });

  it('refuse pictures where there is no such collection', async () => {
    const library = await testLibrary();
    const picture = await savedPicture(library);
    expect(await refusal(() => put(library, uuid() as CollectionId, [picture.id]))).toMatchObject({
      code: 'not-found',
    });
  });
});

describe('a click that asks for a collection', () => {
  const saveFor = async (library: Library, collectionId: CollectionId) => {
    const intent = intentFor('a ship');
    const id = recorded(library, { ...intent, request: { ...intent.request, collectionId } });
    const file = await arrive(library, await smallPng());
    return savePicture(library, { generationId: id, position: 0, file, revisedPrompt: null, at: 3 });
  };

  it('has its pictures there as soon as they are saved', async () => {
    const library = await testLibrary();
    const { id } = create(library, 'Ships');
    const picture = await saveFor(library, id);
    expect(readPicture(library.db, picture.id)?.collections.map(({ name }) => name)).toEqual(['Ships']);
  });

  it('does not lose them where the collection is gone', async () => {
    const library = await testLibrary();
    const picture = await saveFor(library, uuid() as CollectionId);
    expect(readPicture(library.db, picture.id)?.collections).toEqual([]);
  });
});
