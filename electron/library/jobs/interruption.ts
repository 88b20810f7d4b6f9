import type { GenerationId, JobId, Timestamp } from '../../contract/entities/ids.ts';
import { StudioError, type Billing, type ErrorReport } from '../../contract/errors/errors.ts';
import { errorToJson } from '../db/columns.ts';
import { prepare, transact, type Writable } from '../db/database.ts';
import { jobOutcome } from '../../contract/rules/job-outcome.ts';
import { finishJob, readEndedRequests } from './jobs.ts';

interface Unfinished {
  id: GenerationId;
  job_id: JobId;
  state: 'intent' | 'sent';
  n: number;
  /** HTTP status of the response so far; for an intent, of the rejection after which it waited to be sent again. */
  status: number | null;
  images: number;
}

/**
 * At the start of the application: ends what was unfinished when it last ended. Nothing is sent again. A request all of whose
 * images were saved is done, with unknown usage.
 * @returns the changed jobs, oldest first
 */
export function interruptUnfinishedJobs(db: Writable, at: Timestamp): JobId[] {
  return transact(db, () => {
    const sql = `SELECT g.id, g.job_id, g.state, g.n, g.status, (SELECT count(*) FROM images i WHERE i.generation_id = g.id) AS images
      FROM generations g WHERE g.state IN ('intent', 'sent')`;
    for (const generation of prepare<[], Unfinished>(db, sql).all()) endGeneration(db, generation, at);
    const jobs = prepare<[], { id: JobId }>(
      db,
      "SELECT id FROM jobs WHERE is_open = 1 AND state IN ('waiting', 'running') ORDER BY created_at, id",
    ).all();
    for (const { id } of jobs) endJob(db, id, at);
    return jobs.map(({ id }) => id);
  });
}

function endGeneration(db: Writable, generation: Unfinished, at: Timestamp): void {
  const error = interruptionError(generation);
  const billing: Billing = error ? error.billing : 'billed';
  prepare<[string, number, string, string | null, string]>(
    db,
    'UPDATE generations SET state = ?, finished_at = ?, billing = ?, error = ?, recorded_at = NULL WHERE id = ?',
  ).run(error ? 'interrupted' : 'done', at, billing, errorToJson(error), generation.id);
}

/** Null if everything that was asked for had arrived. */
function interruptionError({ state, n, status, images }: Unfinished): ErrorReport | null {
  const code = 'interrupted';
  if (state === 'intent') {
    const kind = status === null ? 'stopped-before-sending' : 'stopped-while-rate-limited';
    return new StudioError({ code, detail: { kind, by: 'quit' }, billing: 'none' }).report;
  }
  if (images >= n) return null;
  const detail = { kind: 'quit-after-sending', received: images, n } as const;
  return new StudioError({ code, detail, billing: images === 0 ? 'possible' : 'billed' }).report;
}

function endJob(db: Writable, id: JobId, at: Timestamp): void {
  finishJob(db, id, { ...jobOutcome(readEndedRequests(db, id)), at });
}
