import { prepare, type Readable, type Writable } from '../db/database.ts';
import { reindexImages } from '../images/reindex-images.ts';

/*
 * What a change does to an image is a list of values before and after, as JSON in `change_images.before`:
 *
 *   {"rating":[0,4],"note":[null,"good"],"tags":[[7,0,1]],"collections":[[3,null,[12,1764600000000]]]}
 *
 * A tag or collection is named by its key; a membership of a collection has its position and the time it was added. Applying, undoing and
 * redoing are the same act in two directions: a value is put where the present one is the one it replaces, so a later edit wins.
 */

const FIELDS = ['rating', 'favourite', 'rejected', 'note', 'deleted_at', 'stack_cover'] as const;
type Field = (typeof FIELDS)[number];
export const ASPECTS = [...FIELDS, 'tags', 'collections'] as const;
/** Which values of images a change concerns. */
export type Aspect = (typeof ASPECTS)[number];
export type Direction = 'forward' | 'back';

/** Images of a change by timeline, both ends included. `change` is its sequence. */
export interface CellRange {
  change: number;
  first: number;
  last: number;
}

/** Index of the value that is replaced, and of the one that is put, in `[before, after]`. */
const PLACES = { forward: { from: 0, to: 1 }, back: { from: 1, to: 0 } } as const;
const IN_RANGE = 'c.change = :change AND c.timeline BETWEEN :first AND :last';

/** Puts the values of a range. Call it in a transaction. */
export function putCells(db: Writable, range: CellRange, aspects: readonly Aspect[], direction: Direction): void {
  for (const aspect of aspects) for (const sql of putting(aspect, direction)) prepare<[CellRange]>(db, sql).run(range);
  for (const sql of OUTDATE_SIDECARS) prepare<[CellRange]>(db, sql).run(range);
  if (aspects.includes('note')) reindexImages(db, timelinesOf(db, range));
}

/** Images of a range whose present values aren't those that would be replaced, or that are gone. */
export function countLeft(db: Readable, range: CellRange, aspects: readonly Aspect[], direction: Direction): number {
  if (aspects.length === 0) return 0;
  const differs = aspects.map((aspect) => differing(aspect, direction)).join(' OR ');
  const sql = `SELECT count(*) AS n FROM change_images c LEFT JOIN images i ON i.timeline = c.timeline
    WHERE ${IN_RANGE} AND (i.timeline IS NULL OR ${differs})`;
  return prepare<[CellRange], { n: number }>(db, sql).get(range)?.n ?? 0;
}

/** Sidecars have everything that a person adds. */
const OUTDATE_SIDECARS = [outdating('generations', 'generation_id'), outdating('imports', 'import_id')];

function outdating(table: string, column: string): string {
  return `UPDATE ${table} SET recorded_at = NULL WHERE recorded_at IS NOT NULL AND id IN (
    SELECT i.${column} FROM change_images c CROSS JOIN images i ON i.timeline = c.timeline
    WHERE ${IN_RANGE} AND i.${column} IS NOT NULL)`;
}

function timelinesOf(db: Readable, range: CellRange): number[] {
  const sql = `SELECT timeline FROM change_images c WHERE ${IN_RANGE}`;
  return prepare<[CellRange], { timeline: number }>(db, sql)
    .all(range)
    .map(({ timeline }) => timeline);
}

function putting(aspect: Aspect, direction: Direction): string[] {
  if (aspect === 'tags') return puttingTags(PLACES[direction].to);
  if (aspect === 'collections') return puttingMemberships(PLACES[direction]);
  return [puttingField(aspect, PLACES[direction])];
}

function puttingField(field: Field, { from, to }: { from: number; to: number }): string {
  return `UPDATE images SET ${field} = json_extract(c.before, '$.${field}[${to}]') FROM change_images c
    WHERE ${IN_RANGE} AND images.timeline = c.timeline AND json_type(c.before, '$.${field}') IS NOT NULL
      AND images.${field} IS json_extract(c.before, '$.${field}[${from}]')`;
}

/** One row for each tag of each image: key `json_extract(t.value, '$[0]')`. */
const TAG_CELLS = "change_images c CROSS JOIN json_each(c.before, '$.tags') t";
const KEY = "json_extract(t.value, '$[0]')";
const value = (place: number, rest = ''): string => `json_extract(t.value, '$[${place + 1}]${rest}')`;

function puttingTags(to: number): string[] {
  return [
    `DELETE FROM image_tags WHERE (tag, timeline) IN (
      SELECT ${KEY}, c.timeline FROM ${TAG_CELLS} WHERE ${IN_RANGE} AND ${value(to)} = 0)`,
    `INSERT INTO image_tags (tag, timeline) SELECT ${KEY}, c.timeline
      FROM ${TAG_CELLS} CROSS JOIN images i ON i.timeline = c.timeline CROSS JOIN tags g ON g.key = ${KEY}
      WHERE ${IN_RANGE} AND ${value(to)} = 1 ON CONFLICT DO NOTHING`,
  ];
}

const COLLECTION_CELLS = "change_images c CROSS JOIN json_each(c.before, '$.collections') t";

function puttingMemberships({ from, to }: { from: number; to: number }): string[] {
  return [
    `DELETE FROM collection_images WHERE (collection, timeline) IN (
      SELECT ${KEY}, c.timeline FROM ${COLLECTION_CELLS} WHERE ${IN_RANGE} AND ${value(to)} IS NULL)`,
    `UPDATE collection_images SET position = ${value(to, '[0]')} FROM ${COLLECTION_CELLS}
      WHERE ${IN_RANGE} AND collection_images.collection = ${KEY} AND collection_images.timeline = c.timeline
        AND ${value(to)} IS NOT NULL AND collection_images.position = ${value(from, '[0]')}`,
    `INSERT INTO collection_images (collection, timeline, position, added_at)
      SELECT ${KEY}, c.timeline, ${value(to, '[0]')}, ${value(to, '[1]')}
      FROM ${COLLECTION_CELLS} CROSS JOIN images i ON i.timeline = c.timeline CROSS JOIN collections g ON g.key = ${KEY}
      WHERE ${IN_RANGE} AND ${value(to)} IS NOT NULL AND ${value(from)} IS NULL ON CONFLICT DO NOTHING`,
  ];
}

function differing(aspect: Aspect, direction: Direction): string {
  const { from } = PLACES[direction];
  if (aspect === 'tags')
    return `EXISTS (SELECT 1 FROM json_each(c.before, '$.tags') t WHERE ${value(from)} <>
      EXISTS (SELECT 1 FROM image_tags m WHERE m.tag = ${KEY} AND m.timeline = c.timeline)
      OR NOT EXISTS (SELECT 1 FROM tags g WHERE g.key = ${KEY}))`;
  if (aspect === 'collections')
    return `EXISTS (SELECT 1 FROM json_each(c.before, '$.collections') t
      LEFT JOIN collection_images m ON m.collection = ${KEY} AND m.timeline = c.timeline
      WHERE (${value(from)} IS NULL) <> (m.timeline IS NULL) OR NOT EXISTS (SELECT 1 FROM collections g WHERE g.key = ${KEY})
        OR (${value(0)} IS NOT NULL AND ${value(1)} IS NOT NULL AND m.position <> ${value(from, '[0]')}))`;
  return `(json_type(c.before, '$.${aspect}') IS NOT NULL AND i.${aspect} IS NOT json_extract(c.before, '$.${aspect}[${from}]'))`;
}
