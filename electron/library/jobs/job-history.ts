import type { JobId } from '../../contract/entities/ids.ts';
import type { JobCursor, JobPage } from '../../contract/entities/jobs.ts';
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
