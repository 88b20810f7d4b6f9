import type { DuplicateGroup, DuplicateImage } from '../../contract/entities/duplicates.ts';
import type { ImageId } from '../../contract/entities/ids.ts';
import { prepare, type Readable } from '../db/database.ts';
import { readAnnotations } from '../images/annotations.ts';
import { IMAGE_COLUMNS, IMAGE_JOINS, rowToImage, type ImageRow } from '../images/image-rows.ts';

/** Images of a group that are listed. */
const MAX_LISTED = 12;

/** A group as its images are now; null if fewer than two are left. */
export function readGroup(db: Readable, id: number, timelines: Float64Array): DuplicateGroup | null {
  const keys = JSON.stringify([...timelines]);
  const sql = `SELECT ${IMAGE_COLUMNS} FROM (SELECT value AS timeline FROM json_each(?)) w
    CROSS JOIN images i ON i.timeline = w.timeline ${IMAGE_JOINS} WHERE i.deleted_at IS NULL ORDER BY i.timeline DESC LIMIT ${MAX_LISTED}`;
  const images = prepare<[string], ImageRow>(db, sql)
    .all(keys)
    .map((row) => readDuplicate(db, row));
  const [first] = images;
  if (!first || images.length < 2) return null;
  const count = `SELECT count(*) AS left FROM json_each(?) w JOIN images i ON i.timeline = w.value WHERE i.deleted_at IS NULL`;
  const left = prepare<[string], { left: number }>(db, count).get(keys)?.left ?? images.length;
  return { id, images, more: left - images.length, keep: suggestKeeper(images) };
}

function readDuplicate(db: Readable, row: ImageRow): DuplicateImage {
  const annotations = readAnnotations(db, row.id);
  const sql = 'SELECT count(*) AS collections FROM collection_images WHERE timeline = ?';
  return {
    ...rowToImage(row),
    marks: annotations?.marks ?? { rating: 0, favourite: false, rejected: false },
    stack: 1,
    tags: annotations?.tags ?? [],
    collections: prepare<[number], { collections: number }>(db, sql).get(row.timeline)?.collections ?? 0,
  };
}

/** The best rated; of these the largest, then the one that takes most bytes, then the newest. @param images newest first, at least one */
function suggestKeeper(images: readonly DuplicateImage[]): ImageId {
  const rank = ({ marks, width, height, bytes }: DuplicateImage): number[] => [
    Number(!marks.rejected),
    marks.rating,
    Number(marks.favourite),
    width * height,
    bytes,
  ];
  return images.reduce((best, image) => (isBefore(rank(best), rank(image)) ? image : best)).id;
}

function isBefore(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
}
