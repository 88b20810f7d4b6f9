import { setImmediate } from 'node:timers/promises';
import { prepare, type Readable } from '../db/database.ts';

/** Images of a tag at once: about a millisecond, with a few tags below it. */
const PAGE = 2000;

/** A tag with the number of images that have this very tag. */
export interface CountedTag {
  key: number;
  images: number;
}

/**
 * Images outside the trash that have any of these tags, each once. What the counts of single tags don't say is counted a page at a time, so
 * that nothing waits for a tag of a million images.
 */
export async function countTagged(db: Readable, tags: readonly CountedTag[]): Promise<number> {
  const [largest, ...others] = tags.toSorted((a, b) => b.images - a.images);
  if (!largest || others.length === 0) return largest?.images ?? 0;
  const keys = JSON.stringify(tags.map(({ key }) => key));
  let [total, from] = [0, -1];
  for (;;) {
    const to = pageEnd(db, largest.key, from);
    total += countBetween(db, keys, from, to ?? Number.MAX_SAFE_INTEGER);
    if (to === null) return total;
    from = to;
    await setImmediate();
  }
}

/** The last image of the next page of a tag; null if there is no whole page left. */
function pageEnd(db: Readable, tag: number, after: number): number | null {
  const sql = `SELECT timeline FROM image_tags WHERE tag = ? AND timeline > ? ORDER BY timeline LIMIT 1 OFFSET ${PAGE - 1}`;
  return prepare<[number, number], { timeline: number }>(db, sql).get(tag, after)?.timeline ?? null;
}

function countBetween(db: Readable, keys: string, after: number, last: number): number {
  const sql = `SELECT count(DISTINCT m.timeline) AS n FROM json_each(?) k
    CROSS JOIN image_tags m ON m.tag = k.value AND m.timeline > ? AND m.timeline <= ?
    CROSS JOIN images i ON i.timeline = m.timeline WHERE i.deleted_at IS NULL`;
  return prepare<[string, number, number], { n: number }>(db, sql).get(keys, after, last)?.n ?? 0;
}
