import { v7 as newId } from 'uuid';
import type { Collection } from '../../contract/entities/collections.ts';
import type { ChangeId, CollectionId } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import {
  findCollectionNamed,
  membersAfter,
  planCollection,
  planCollectionChange,
  planCollectionRemoval,
} from '../../library/order/collection-changes.ts';
import { requireCollection } from '../../library/order/collection-rows.ts';
import { listImages } from '../../library/order/list-images.ts';
import { listCollections, readCollection } from '../../library/order/read-collections.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';

export function collectionHandlers({ library, changes, smart }: HandlerContext): HandlerGroup<'collections'> {
  const { db } = library;
  const membersOf = (id: CollectionId): Promise<number[]> => {
    const { key } = requireCollection(db, id);
    return listImages((after, limit) => membersAfter(db, key, after, limit));
  };
  const counted = (collection: Collection): Collection =>
    collection.query === null ? collection : { ...collection, images: smart.images(collection.id) };
  const none = (): Promise<number[]> => Promise.resolve([]);
  return {
    'collections.list'() {
      smart.checkDay();
      return listCollections(db).map(counted);
    },
    async 'collections.create'(wanted) {
      const twin = findCollectionNamed(db, wanted.name);
      if (twin) return counted(requireListed(readCollection(db, twin.id)));
      await changes
        .perform(newId() as ChangeId, none, () => planCollection(db, wanted, Date.now()))
        .catch((thrown: unknown) => {
          // It was created by another call meanwhile.
          if (!findCollectionNamed(db, wanted.name)) throw thrown;
        });
      return requireListed(readCollection(db, findCollectionNamed(db, wanted.name)?.id ?? ('' as CollectionId)));
    },
    async 'collections.change'({ id, ...change }) {
      // Sidecars name collections.
      const images = change.name === undefined ? none : () => membersOf(change.collectionId);
      const { error } = await changes.ended(
        await changes.perform(id, images, (members) => planCollectionChange(db, change, members)),
      );
      if (error) throw new StudioError(error);
      return counted(requireListed(readCollection(db, change.collectionId)));
    },
    'collections.remove': ({ id, collectionId }) =>
      changes.perform(
        id,
        () => membersOf(collectionId),
        (members) => planCollectionRemoval(db, collectionId, members),
      ),
  };
}

function requireListed(collection: Collection | null): Collection {
  if (collection) return collection;
  throw new StudioError({
    code: 'not-found',
    message: 'This collection is no longer in the library. Nothing was changed.',
  });
}
