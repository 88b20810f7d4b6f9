import type { ImageId, JobId } from '../contract/entities/ids.ts';
import type { ImageRecord } from '../contract/entities/image-records.ts';
import { prepare, type Readable } from './db/database.ts';
import { readAnnotations } from './images/annotations.ts';
import { collectionNames } from './images/collections.ts';
import { listJobImages, listRepeats, readImageRow, rowToImage } from './images/image-rows.ts';
import { readGeneration } from './jobs/generations.ts';

/** An image with everything known about it, or null. */
export function readImage(db: Readable, id: ImageId): ImageRecord | null {
  const row = readImageRow(db, id);
  const generation = row && readGeneration(db, row.generation_id);
  const annotations = readAnnotations(db, id);
  if (!row || !generation || !annotations) return null;
  return {
    ...rowToImage(row),
    ...annotations,
    position: row.position,
    sha256: row.sha256,
    revisedPrompt: row.revised_prompt,
    cost: row.cost,
    collections: collectionNames(db, id),
    repeats: readRepeatedImage(db, row.job_id),
    repeatedBy: listRepeats(db, id),
    generation,
    siblings: listJobImages(db, row.job_id),
  };
}

/** The image that a job repeats with another model; null if none, or if it is no longer in the library. */
function readRepeatedImage(db: Readable, jobId: JobId): ImageId | null {
  const sql = `SELECT i.id FROM jobs j JOIN images i ON i.id = json_extract(j.request, '$.repeats')
    WHERE j.id = ? AND i.deleted_at IS NULL`;
  return prepare<[string], { id: ImageId }>(db, sql).get(jobId)?.id ?? null;
}
