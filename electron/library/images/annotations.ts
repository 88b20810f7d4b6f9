import type { Annotations, ImageTag, Rating } from '../../contract/entities/annotations.ts';
import type { ImageId, TagId } from '../../contract/entities/ids.ts';
import { prepare, type Readable } from '../db/database.ts';

/** An image's marks as its row has them. */
export interface MarkColumns {
  rating: Rating;
  favourite: number;
  rejected: number;
}

/** What a person added to an image, and when it was moved to the trash; null if there is no such image. */
export function readAnnotations(db: Readable, id: ImageId): (Annotations & { trashedAt: number | null }) | null {
  const sql = 'SELECT timeline, rating, favourite, rejected, note, deleted_at FROM images WHERE id = ?';
  const row = prepare<[string], MarkColumns & { timeline: number; note: string | null; deleted_at: number | null }>(
    db,
    sql,
  ).get(id);
  if (!row) return null;
  return {
    marks: { rating: row.rating, favourite: row.favourite === 1, rejected: row.rejected === 1 },
    note: row.note ?? '',
    tags: readTags(db, row.timeline),
    trashedAt: row.deleted_at,
  };
}

/** The tags of an image, by path. */
function readTags(db: Readable, timeline: number): ImageTag[] {
  const sql = `WITH RECURSIVE up (id, path, parent) AS (
      SELECT t.id, t.name, t.parent FROM image_tags m JOIN tags t ON t.key = m.tag WHERE m.timeline = ?
      UNION ALL SELECT up.id, p.name || '/' || up.path, p.parent FROM up JOIN tags p ON p.key = up.parent
    ) SELECT id, path FROM up WHERE parent IS NULL ORDER BY path`;
  return prepare<[number], { id: TagId; path: string }>(db, sql).all(timeline);
}
