import { batchAxes, type Batch, type BatchRequest } from '../../contract/rules/batch.ts';
import type { BatchId, JobId, Timestamp } from '../../contract/entities/ids.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { readJob, recordIntent, type Intent } from './jobs.ts';

/** A batch as requested. */
export interface BatchIntent {
  id: BatchId;
  request: BatchRequest;
  createdAt: Timestamp;
}

/**
 * Records a batch and all its jobs before anything is sent, all or nothing, committed to disk on return.
 * @throws StudioError like `recordIntent`; then nothing is stored
 */
export function recordBatch(db: Writable, batch: BatchIntent, intents: readonly Intent[]): void {
  transact(db, () => {
    prepare<[string, string, number]>(db, 'INSERT INTO batches (id, request, created_at) VALUES (?, ?, ?)').run(
      batch.id,
      JSON.stringify(batch.request),
      batch.createdAt,
    );
    for (const intent of intents) recordIntent(db, intent);
  });
}

interface BatchRow {
  id: BatchId;
  request: string;
  created_at: number;
}

/** A batch as requested, or null. */
export function readBatchIntent(db: Readable, id: BatchId): BatchIntent | null {
  const row = prepare<[string], BatchRow>(db, 'SELECT * FROM batches WHERE id = ?').get(id);
  return row ? { id, request: JSON.parse(row.request) as BatchRequest, createdAt: row.created_at } : null;
}

/** A batch with its jobs in their current state, in the order of its cells, or null. */
export function readBatch(db: Readable, id: BatchId): Batch | null {
  const batch = readBatchIntent(db, id);
  if (!batch) return null;
  const sql = 'SELECT id, batch_place AS place FROM jobs WHERE batch_id = ? ORDER BY created_at, id';
  const cells = prepare<[string], { id: JobId; place: string | null }>(db, sql)
    .all(id)
    .flatMap(({ id: jobId, place }) => {
      const job = readJob(db, jobId);
      return job ? [{ at: JSON.parse(place ?? '[]') as number[], jobId, job }] : [];
    });
  return { ...batch, axes: batchAxes(batch.request), cells };
}
