import { v7 as newId } from 'uuid';
import type { Collection, CollectionName } from '../../contract/entities/collections.ts';
import type { CollectionId, GenerationId, ImageId, Timestamp } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { markSidecarOutdated } from '../files/sidecar-marks.ts';

/* Images in the trash stay in their collections, but aren't counted. */
const COLLECTIONS = `SELECT c.id, c.name, p.id AS parentId, cover.id AS coverId, c.query,
  CASE WHEN c.query IS NULL THEN (SELECT count(*) FROM collection_images m JOIN images i ON i.timeline = m.timeline
    WHERE m.collection = c.key AND i.deleted_at IS NULL) END AS images
  FROM collections c LEFT JOIN collections p ON p.key = c.parent LEFT JOIN images cover ON cover.timeline = c.cover`;

/** All collections, by name. */
export function listCollections(db: Readable): Collection[] {
  return prepare<[], Collection>(db, `${COLLECTIONS} ORDER BY c.name`).all();
}

/** The collections an image is in, by name. */
export function collectionNames(db: Readable, imageId: ImageId): CollectionName[] {
  const sql = `SELECT c.id, c.name FROM collection_images m JOIN collections c ON c.key = m.collection
    WHERE m.timeline = (SELECT timeline FROM images WHERE id = ?) ORDER BY c.name`;
  return prepare<[string], CollectionName>(db, sql).all(imageId);
}

/** Creates a collection. If the name exists already (ignoring case), that collection is returned. */
export function createCollection(db: Writable, name: string, at: Timestamp): Collection {
  return transact(db, () => {
    const sql = `INSERT INTO collections (id, name, position, created_at)
      VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM collections), ?) ON CONFLICT (name) DO NOTHING`;
    prepare<[string, string, number]>(db, sql).run(newId(), name, at);
    const made = prepare<[string], Collection>(db, `${COLLECTIONS} WHERE c.name = ?`).get(name);
    if (!made) throw new Error('A collection that was just made is not there.');
    return made;
  });
}

/**
 * Adds images to a collection or removes them, all or nothing. Images that aren't in the library are skipped.
 * @returns the requests whose sidecars are outdated now
 * @throws StudioError `not-found`, `disk-full`, `disk-unwritable`, `library-damaged`
 */
export function updateCollection(
  db: Writable,
  { collectionId, imageIds, present }: { collectionId: CollectionId; imageIds: readonly ImageId[]; present: boolean },
  at: Timestamp,
): GenerationId[] {
  return transact(db, () => {
    if (!prepare<[string], { id: string }>(db, 'SELECT id FROM collections WHERE id = ?').get(collectionId)) {
      const message = 'This collection is no longer in the library. Nothing was changed. Choose another one.';
      throw new StudioError({ code: 'not-found', message });
    }
    const changed = imageIds.filter((imageId) =>
      present ? addImage(db, collectionId, imageId, at) : removeImage(db, collectionId, imageId),
    );
    const generations = new Set(changed.map((imageId) => generationOf(db, imageId)));
    for (const id of generations) markSidecarOutdated(db, id);
    return [...generations];
  });
}

/** Adds a new image to the collection its job asked for, if that still exists. Call it in the saving transaction. */
export function addToRequestedCollection(db: Writable, imageId: ImageId, at: Timestamp): void {
  const sql = `SELECT c.id FROM images i JOIN jobs j ON j.id = i.job_id
    JOIN collections c ON c.id = json_extract(j.request, '$.collectionId') WHERE i.id = ?`;
  const wanted = prepare<[string], { id: CollectionId }>(db, sql).get(imageId);
  if (wanted) addImage(db, wanted.id, imageId, at);
}

/** Returns false if it was already in the collection. */
function addImage(db: Writable, collectionId: CollectionId, imageId: ImageId, at: Timestamp): boolean {
  const sql = `INSERT OR IGNORE INTO collection_images (collection, timeline, position, added_at)
    SELECT c.key, i.timeline, (SELECT coalesce(max(position), 0) + 1 FROM collection_images WHERE collection = c.key), ?
    FROM collections c, images i WHERE c.id = ? AND i.id = ?`;
  return prepare<[number, string, string]>(db, sql).run(at, collectionId, imageId).changes > 0;
}

/** Returns false if it wasn't in the collection. */
function removeImage(db: Writable, collectionId: CollectionId, imageId: ImageId): boolean {
  const sql = `DELETE FROM collection_images WHERE collection = (SELECT key FROM collections WHERE id = ?)
    AND timeline = (SELECT timeline FROM images WHERE id = ?)`;
  return prepare<[string, string]>(db, sql).run(collectionId, imageId).changes > 0;
}

function generationOf(db: Readable, imageId: ImageId): GenerationId {
  const sql = 'SELECT generation_id AS id FROM images WHERE id = ?';
  const row = prepare<[string], { id: GenerationId }>(db, sql).get(imageId);
  if (!row) throw new Error(`Image ${imageId} is in a collection and not in the library.`);
  return row.id;
}
