import { v7 as uuid } from 'uuid';
import type { Collection } from '../../electron/contract/entities/collections.ts';
import type { ChangeId, CollectionId, ImageId } from '../../electron/contract/entities/ids.ts';
import type { Library } from '../../electron/library/library.ts';
import { applyAtOnce } from '../../electron/library/order/apply-entry.ts';
import { planCollect } from '../../electron/library/order/collect-plans.ts';
import { planCollection } from '../../electron/library/order/collection-changes.ts';
import { listCollections } from '../../electron/library/order/read-collections.ts';

type Db = Library['db'];

/** Creates a collection with images of its own. */
export function createCollection(db: Db, name: string, at: number): Collection {
  applyAtOnce(db, planCollection(db, { name, parentId: null, query: null }, at), { id: uuid() as ChangeId, at });
  const made = listCollections(db).find((collection) => collection.name === name);
  if (!made) throw new Error(`No collection ${name}.`);
  return made;
}

/** Adds images to a collection, or takes them out. */
export function collect(db: Db, collectionId: CollectionId, imageIds: readonly ImageId[], on = true, at = 2): void {
  const find = db.prepare<[string], number>('SELECT timeline FROM images WHERE id = ?').pluck();
  const images = imageIds.flatMap((id) => find.get(id) ?? []);
  applyAtOnce(db, planCollect(db, { kind: 'collect', collectionId, on, before: null }, images, at), {
    id: uuid() as ChangeId,
    at,
  });
}
