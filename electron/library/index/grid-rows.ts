import type { MarkColumns } from '../images/annotations.ts';
import type { GridImage } from '../../contract/entities/views.ts';
import { prepare, type Readable } from '../db/database.ts';
import { IMAGE_COLUMNS, IMAGE_JOINS, rowToImage, type ImageRow } from '../images/image-rows.ts';

const ROWS = `SELECT ${IMAGE_COLUMNS}, i.rating, i.favourite, i.rejected
  FROM (SELECT value AS timeline FROM json_each(?)) w CROSS JOIN images i ON i.timeline = w.timeline ${IMAGE_JOINS}`;

/** The images with these timeline keys, in their order; null for those that are gone. `stacks`: how many images each stands for. */
export function readGridRows(
  db: Readable,
  timelines: readonly number[],
  stacks: readonly number[],
): (GridImage | null)[] {
  const rows = prepare<[string], ImageRow & MarkColumns>(db, ROWS).all(JSON.stringify(timelines));
  const byTimeline = new Map(rows.map((row) => [row.timeline, row]));
  return timelines.map((timeline, index) => {
    const row = byTimeline.get(timeline);
    if (!row) return null;
    const marks = { rating: row.rating, favourite: row.favourite === 1, rejected: row.rejected === 1 };
    return { ...rowToImage(row), marks, stack: stacks[index] ?? 1 };
  });
}
