import * as v from 'valibot';
import { BatchRequestSchema, batchAxes, type Batch, type BatchRequest } from '../../contract/rules/batch.ts';
import type { BatchId, JobId, Timestamp } from '../../contract/entities/ids.ts';
import { readJson, readRows } from '../db/columns.ts';
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
  if (!row) return null;
  const request = readJson(BatchRequestSchema, row.request, { table: 'batches', column: 'request', row: id });
  return { id, request, createdAt: row.created_at };
}

/** A batch with its jobs in their current state, in the order of its cells, or null. Jobs with damaged columns are left out. */
export function readBatch(db: Readable, id: BatchId): Batch | null {
  const batch = readBatchIntent(db, id);
  if (!batch) return null;
  const sql = 'SELECT id, batch_place AS place FROM jobs WHERE batch_id = ? ORDER BY created_at, id';
  const rows = prepare<[string], { id: JobId; place: string | null }>(db, sql).all(id);
  const cells = readRows(rows, ({ id: jobId, place }) => {
    const job = readJob(db, jobId);
    return job && { at: readBatchIndex(jobId, place), jobId, job };
  });
  return { ...batch, axes: batchAxes(batch.request), cells: cells.filter((cell) => cell !== null) };
}

/** A job's index on each of its batch's axes. */
export function readBatchIndex(jobId: JobId, place: string | null): number[] {
  return readJson(v.array(v.number()), place ?? '[]', { table: 'jobs', column: 'batch_place', row: jobId });
}
