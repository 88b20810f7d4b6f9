import type { CollectionPlace } from '../../contract/entities/collections.ts';
import type { ImageId, Timestamp } from '../../contract/entities/ids.ts';
import { prepare, type Readable, type Writable } from '../db/database.ts';

/** The collections an image is in, by name, with its place in each. */
export function collectionPlaces(db: Readable, imageId: ImageId): CollectionPlace[] {
  const sql = `SELECT c.id, c.name, m.position FROM collection_images m JOIN collections c ON c.key = m.collection
    WHERE m.timeline = (SELECT timeline FROM images WHERE id = ?) ORDER BY c.name`;
  return prepare<[string], CollectionPlace>(db, sql).all(imageId);
}

interface Membership {
  /** The collection's. */
  key: number;
  /** The image's. */
  timeline: number;
  /** Null: at the end. */
  position: number | null;
  at: Timestamp;
}

/** Puts an image at its place in a collection, unless it is in it. */
export function putIntoCollection(db: Writable, membership: Membership): void {
  const sql = `INSERT OR IGNORE INTO collection_images (collection, timeline, position, added_at)
    VALUES (:key, :timeline, coalesce(:position, (SELECT floor(coalesce(max(position), 0)) + 1 FROM collection_images WHERE collection = :key)), :at)`;
  prepare<[Membership]>(db, sql).run(membership);
}

/**
 * Adds a new image at the end of the collection its job asked for, if that still exists and has images of its own. Call it in the saving
 * transaction.
 */
export function addToRequestedCollection(db: Writable, imageId: ImageId, at: Timestamp): void {
  const sql = `INSERT OR IGNORE INTO collection_images (collection, timeline, position, added_at)
    SELECT c.key, i.timeline, floor((SELECT coalesce(max(position), 0) FROM collection_images WHERE collection = c.key)) + 1, ?
    FROM images i JOIN jobs j ON j.id = i.job_id JOIN collections c ON c.id = json_extract(j.request, '$.collectionId')
    WHERE i.id = ? AND c.query IS NULL`;
  prepare<[number, string]>(db, sql).run(at, imageId);
}
