import type { GenerationId, ImageId } from '../../contract/entities/ids.ts';
import type { Micros } from '../../contract/entities/money.ts';
import { prepare, type Writable } from '../db/database.ts';

/**
 * Divides a request's cost among its images in whole micro-dollars that add up to the cost; the remainder goes to the first
 * images. Images of a request without a known cost have none. Call it in the transaction that changed either.
 */
export function shareCost(db: Writable, id: GenerationId): void {
  const cost = prepare<[string], { cost: Micros | null }>(db, 'SELECT cost FROM generations WHERE id = ?').get(
    id,
  )?.cost;
  if (cost == null) {
    const sql = 'UPDATE images SET cost = NULL WHERE generation_id = ? AND cost IS NOT NULL';
    prepare<[string]>(db, sql).run(id);
    return;
  }
  const sql = 'SELECT id FROM images WHERE generation_id = ? ORDER BY position';
  const images = prepare<[string], { id: ImageId }>(db, sql).all(id);
  const update = prepare<[number, string]>(db, 'UPDATE images SET cost = ? WHERE id = ?');
  for (const [index, share] of splitMicros(cost, images.length).entries()) {
    const image = images[index];
    if (image) update.run(share, image.id);
  }
}

/** Shares that differ by at most one and add up to `whole`, larger ones first. */
export function splitMicros(whole: Micros, parts: number): Micros[] {
  const min = Math.floor(whole / parts);
  return Array.from({ length: parts }, (_, index) => min + (index < whole - min * parts ? 1 : 0));
}
