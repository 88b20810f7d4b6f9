import type { JobId, JobRequest, Run } from '../../contract/entities.ts';
import type { Micros } from '../../contract/entities/money.ts';
import { prepare, type Readable } from '../db/database.ts';
import { rangeOf } from './generations.ts';
import { picturesOfJob } from '../images/image-rows.ts';

interface JobRow {
  id: JobId;
  request: string;
  created_at: number;
  cost: Micros | null;
  estimate_least: number | null;
  estimate_most: number | null;
}

/** The newest clicks that left pictures, newest first, each with all of them. */
export function listRuns(db: Readable, { limit }: { limit: number }): Run[] {
  const sql = `SELECT id, request, created_at, estimate_least, estimate_most,
      (SELECT sum(cost) FROM generations g WHERE g.job_id = j.id) AS cost
    FROM jobs j WHERE EXISTS (SELECT 1 FROM images i WHERE i.job_id = j.id AND i.deleted_at IS NULL)
    ORDER BY created_at DESC, id DESC LIMIT ?`;
  return prepare<[number], JobRow>(db, sql)
    .all(limit)
    .map((row) => rowToRun(db, row));
}

function rowToRun(db: Readable, row: JobRow): Run {
  const { parameters } = JSON.parse(row.request) as JobRequest;
  return {
    jobId: row.id,
    cost: row.cost,
    estimate: rangeOf(row),
    prompt: 'prompt' in parameters ? parameters.prompt : '',
    model: parameters.model ?? '',
    size: parameters.size ?? null,
    quality: 'quality' in parameters ? (parameters.quality ?? null) : null,
    createdAt: row.created_at,
    pictures: picturesOfJob(db, row.id),
  };
}
