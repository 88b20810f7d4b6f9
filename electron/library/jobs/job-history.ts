import type { JobId } from '../../contract/entities/ids.ts';
import type { FinishedCursor, FinishedPage, JobCursor, JobPage } from '../../contract/entities/jobs.ts';
import { readRows } from '../db/columns.ts';
import { prepare, type Readable } from '../db/database.ts';
import { readJob } from './jobs.ts';

interface JobKey {
  created_at: number;
  id: JobId;
}

/**
 * Ended jobs, dismissed or not, newest first, after the cursor `after`. Paged by key: every page costs the same, and jobs that
 * end meanwhile don't shift pages.
 */
export function readJobHistory(db: Readable, { after, limit }: { after: JobCursor | null; limit: number }): JobPage {
  const ended = "state NOT IN ('waiting', 'running')";
  const keys = after
    ? prepare<[number, string, number], JobKey>(
        db,
        `SELECT created_at, id FROM jobs WHERE ${ended} AND (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?`,
      ).all(after.createdAt, after.id, limit + 1)
    : prepare<[number], JobKey>(
        db,
        `SELECT created_at, id FROM jobs WHERE ${ended} ORDER BY created_at DESC, id DESC LIMIT ?`,
      ).all(limit + 1);
  const shown = keys.slice(0, limit);
  const last = shown.at(-1);
  return {
    jobs: readRows(shown, ({ id }) => readJob(db, id)).filter((job) => job !== null),
    next: keys.length > limit && last ? { createdAt: last.created_at, id: last.id } : null,
  };
}

interface FinishedKey {
  finished_at: number;
  id: JobId;
}

/** Jobs that ended at a time or later, latest end first, after a cursor. */
export const FINISHED_JOBS = `SELECT finished_at, id FROM jobs WHERE finished_at >= ? AND (finished_at, id) < (?, ?)
  ORDER BY finished_at DESC, id DESC LIMIT ?`;

/** Jobs that ended at `since` (ms since 1970) or later, dismissed or not, latest end first, after the cursor `after`. */
export function readFinishedJobs(
  db: Readable,
  { since, after, limit }: { since: number; after: FinishedCursor | null; limit: number },
): FinishedPage {
  const from = after ?? { finishedAt: Number.MAX_SAFE_INTEGER, id: '' };
  const query = prepare<[number, number, string, number], FinishedKey>(db, FINISHED_JOBS);
  const keys = query.all(since, from.finishedAt, from.id, limit + 1);
  const shown = keys.slice(0, limit);
  const last = shown.at(-1);
  return {
    jobs: readRows(shown, ({ id }) => readJob(db, id)).filter((job) => job !== null),
    next: keys.length > limit && last ? { finishedAt: last.finished_at, id: last.id } : null,
  };
}
