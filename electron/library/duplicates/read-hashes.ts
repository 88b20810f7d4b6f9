import type { Readable } from '../db/database.ts';
import type { Hashes } from './group-duplicates.ts';

interface Row {
  timeline: number;
  dhash: Buffer;
  width: number;
  height: number;
}

/** The hashes of all images outside the trash, newest first, with their timeline keys. */
export function readHashes(db: Readable): Hashes & { timelines: Float64Array } {
  const total = db.prepare<[], number>('SELECT count(*) FROM images').pluck().get() ?? 0;
  const [timelines, words, ratios] = [new Float64Array(total), new Uint32Array(total * 2), new Float32Array(total)];
  let count = 0;
  const sql = `SELECT timeline, dhash, width, height FROM images
    WHERE dhash IS NOT NULL AND length(dhash) = 8 AND deleted_at IS NULL ORDER BY timeline DESC`;
  for (const { timeline, dhash, width, height } of db.prepare<[], Row>(sql).iterate()) {
    if (count === total) break;
    timelines[count] = timeline;
    words[count * 2] = dhash.readUInt32LE(0);
    words[count * 2 + 1] = dhash.readUInt32LE(4);
    ratios[count] = height > 0 ? width / height : 1;
    count += 1;
  }
  return { count, timelines, words, ratios };
}
