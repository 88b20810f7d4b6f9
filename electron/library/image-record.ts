import type { ImageId, JobId } from '../contract/entities/ids.ts';
import type { ImageRecord } from '../contract/entities/image-records.ts';
import { prepare, type Readable } from './db/database.ts';
import { readAnnotations } from './images/annotations.ts';
import { collectionPlaces } from './images/collections.ts';
import { readImport } from './images/imports.ts';
import { listJobImages, listRepeats, readImageRow, rowToImage } from './images/image-rows.ts';
import { readGeneration } from './jobs/generations.ts';

/** An image with everything known about it, or null. */
export function readImage(db: Readable, id: ImageId): ImageRecord | null {
  const row = readImageRow(db, id);
  const annotations = readAnnotations(db, id);
  if (!row || !annotations) return null;
  const { generation_id: generationId, import_id: importId, job_id: jobId } = row;
  const generation = generationId && readGeneration(db, generationId);
  const imported = importId && readImport(db, importId);
  if (!generation && !imported) return null;
  return {
    ...rowToImage(row),
    ...annotations,
    position: row.position,
    sha256: row.sha256,
    revisedPrompt: row.revised_prompt,
    cost: row.cost,
    collections: collectionPlaces(db, id),
    repeats: jobId && readRepeatedImage(db, jobId),
    repeatedBy: listRepeats(db, id),
    generation: generation ?? null,
    imported: imported ?? null,
    signed: row.signed === null ? null : row.signed === 1,
    siblings: jobId ? listJobImages(db, jobId) : [rowToImage(row)],
  };
}

/** The image that a job repeats with another model; null if none, or if it is no longer in the library. */
function readRepeatedImage(db: Readable, jobId: JobId): ImageId | null {
  const sql = `SELECT i.id FROM jobs j JOIN images i ON i.id = json_extract(j.request, '$.repeats')
    WHERE j.id = ? AND i.deleted_at IS NULL`;
  return prepare<[string], { id: ImageId }>(db, sql).get(jobId)?.id ?? null;
}
