import type { Edit } from '../../contract/entities/changes.ts';
import type { Timestamp } from '../../contract/entities/ids.ts';
import { prepare, type Readable } from '../db/database.ts';
import { cellsOf, insertCells, type Plan, type Timelines } from './plan.ts';
import { gone, refused } from './refusal.ts';

interface Kept {
  timeline: number;
  rating: number;
  favourite: number;
  note: string | null;
  deleted_at: number | null;
}

/**
 * Moves duplicates to the trash after one of them got the best rating, the favourite, all notes, tags and collections. In a collection it
 * takes the place of its duplicate.
 */
export function planMerge(
  db: Readable,
  edit: Extract<Edit, { kind: 'merge' }>,
  images: Timelines,
  at: Timestamp,
): Plan {
  const keep = requireKept(db, edit.keep);
  const others = Array.from(images).filter((timeline) => timeline !== keep.timeline);
  if (others.length === 0) throw refused('Merging takes at least two images.');
  const cells = {
    ...mergedFields(db, keep, others),
    ...mergedTags(db, keep, others),
    ...mergedPlaces(db, keep, others, at),
  };
  return {
    edit,
    names: [],
    aspects: ['rating', 'favourite', 'note', 'tags', 'collections', 'deleted_at'],
    cells: [],
    images: others,
    first: Object.keys(cells).length === 0 ? [] : [cellsOf(keep.timeline, cells)],
    writes: [
      {
        sql: insertCells(
          "json_object('deleted_at', json_array(NULL, :at))",
          'WHERE i.deleted_at IS NULL AND i.timeline <> :keep',
        ),
        values: { at, keep: keep.timeline },
      },
    ],
  };
}

function requireKept(db: Readable, id: string): Kept {
  const sql = 'SELECT timeline, rating, favourite, note, deleted_at FROM images WHERE id = ?';
  const keep = prepare<[string], Kept>(db, sql).get(id);
  if (!keep) throw gone('The image to keep is no longer in the library.');
  if (keep.deleted_at !== null)
    throw refused('The image to keep is in the trash. Restore it first, or keep another one.');
  return keep;
}

function mergedFields(db: Readable, keep: Kept, others: readonly number[]): object {
  const sql = `SELECT rating, favourite, note FROM images WHERE timeline IN (SELECT value FROM json_each(?)) ORDER BY timeline`;
  const rows = prepare<[string], Pick<Kept, 'rating' | 'favourite' | 'note'>>(db, sql).all(JSON.stringify(others));
  const rating = Math.max(keep.rating, ...rows.map((row) => row.rating));
  const favourite = Math.max(keep.favourite, ...rows.map((row) => row.favourite));
  const notes = [keep.note, ...rows.map((row) => row.note)].filter((note) => note !== null);
  const note = notes.length === 0 ? null : [...new Set(notes)].join('\n\n');
  return {
    ...(rating !== keep.rating && { rating: [keep.rating, rating] }),
    ...(favourite !== keep.favourite && { favourite: [keep.favourite, favourite] }),
    ...(note !== keep.note && { note: [keep.note, note] }),
  };
}

function mergedTags(db: Readable, { timeline }: Kept, others: readonly number[]): object {
  const sql = `SELECT DISTINCT tag FROM image_tags WHERE timeline IN (SELECT value FROM json_each(?))
    AND tag NOT IN (SELECT tag FROM image_tags WHERE timeline = ?) ORDER BY tag`;
  const tags = prepare<[string, number], { tag: number }>(db, sql).all(JSON.stringify(others), timeline);
  return tags.length === 0 ? {} : { tags: tags.map(({ tag }) => [tag, 0, 1]) };
}

function mergedPlaces(db: Readable, { timeline }: Kept, others: readonly number[], at: Timestamp): object {
  const sql = `SELECT collection, min(position) AS position FROM collection_images WHERE timeline IN (SELECT value FROM json_each(?))
    AND collection NOT IN (SELECT collection FROM collection_images WHERE timeline = ?) GROUP BY collection`;
  const places = prepare<[string, number], { collection: number; position: number }>(db, sql).all(
    JSON.stringify(others),
    timeline,
  );
  return places.length === 0
    ? {}
    : { collections: places.map((place) => [place.collection, null, [place.position, at]]) };
}
