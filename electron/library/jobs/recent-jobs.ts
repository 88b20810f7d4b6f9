import type { JobId } from '../../contract/entities/ids.ts';
import type { RecentJob } from '../../contract/entities/jobs.ts';
import { JobRequestSchema } from '../../contract/entities/requests.ts';
import type { Micros } from '../../contract/entities/money.ts';
import { readJson, readRows } from '../db/columns.ts';
import { prepare, type Readable } from '../db/database.ts';
import { rowToEstimate } from './generations.ts';
import { listJobImages } from '../images/image-rows.ts';

interface JobRow {
  id: JobId;
  request: string;
  created_at: number;
  started_at: number | null;
  cost: Micros | null;
  estimate_least: number | null;
  estimate_most: number | null;
}

/** Images that are looked at for each job in the list: a request has ten at most. */
const MOST_IMAGES = 20;

/** The newest jobs that have images, newest first, each with all its images. */
export function listRecentJobs(db: Readable, { limit }: { limit: number }): RecentJob[] {
  // From the newest images, so that however many jobs whose images are in the trash aren't looked at.
  const sql = `WITH newest AS (
      SELECT DISTINCT job_id FROM (
        SELECT job_id FROM images WHERE deleted_at IS NULL AND job_id IS NOT NULL ORDER BY timeline DESC LIMIT ?))
    SELECT id, request, created_at, started_at, estimate_least, estimate_most,
      (SELECT sum(cost) FROM generations g WHERE g.job_id = j.id) AS cost
    FROM newest CROSS JOIN jobs j ON j.id = newest.job_id
    ORDER BY created_at DESC, id DESC LIMIT ?`;
  return readRows(prepare<[number, number], JobRow>(db, sql).all(limit * MOST_IMAGES, limit), (row) =>
    rowToRecentJob(db, row),
  );
}

function rowToRecentJob(db: Readable, row: JobRow): RecentJob {
  const at = { table: 'jobs', column: 'request', row: row.id };
  const { parameters } = readJson(JobRequestSchema, row.request, at);
  return {
    jobId: row.id,
    cost: row.cost,
    estimate: rowToEstimate(row),
    prompt: 'prompt' in parameters ? parameters.prompt : '',
    model: parameters.model ?? '',
    size: parameters.size ?? null,
    quality: 'quality' in parameters ? (parameters.quality ?? null) : null,
    createdAt: row.created_at,
    startedAt: row.started_at,
    images: listJobImages(db, row.id),
  };
}
