import type { GenerationId, JobId } from '../../contract/entities/ids.ts';
import { amendReport, type ErrorReport } from '../../contract/errors/errors.ts';
import { jobOutcome } from '../../contract/rules/job-outcome.ts';
import { errorToJson } from '../db/columns.ts';
import { prepare, transact, type Writable } from '../db/database.ts';
import { generationError, readGenerationRow } from './generations.ts';
import { finishJob, readEndedRequests } from './jobs.ts';

/**
 * Corrects how a request and its job ended, after images were saved that could not be saved before. Does nothing for a request that runs.
 * @param left images of the request that still are not saved
 * @returns whether the request's end is recorded, so that nothing is left to do
 */
export function settleSavedLate(db: Writable, id: GenerationId, left: number): boolean {
  return transact(db, () => {
    const row = readGenerationRow(db, id);
    if (row?.state === 'intent' || row?.state === 'sent') return false;
    const error = row && generationError(row);
    if (!error) return true;
    const saved = countImages(db, id);
    const corrected = correctError(error, { left, saved, n: row.n });
    if (corrected === error) return true;
    prepare<[string | null, string | null, string]>(
      db,
      "UPDATE generations SET error = ?, state = coalesce(?, state), billing = 'billed', recorded_at = NULL WHERE id = ?",
    ).run(errorToJson(corrected), corrected === null ? 'done' : null, id);
    const job = prepare<[string], { finished_at: number | null }>(db, 'SELECT finished_at FROM jobs WHERE id = ?').get(
      row.job_id,
    );
    if (job && job.finished_at !== null)
      finishJob(db, row.job_id, { ...jobOutcome(readEndedRequests(db, row.job_id)), at: job.finished_at });
    return true;
  });
}

/** The job of a request. */
export function jobOfGeneration(db: Writable, id: GenerationId): JobId | null {
  return readGenerationRow(db, id)?.job_id ?? null;
}

function countImages(db: Writable, id: GenerationId): number {
  const sql = 'SELECT count(*) AS count FROM images WHERE generation_id = ?';
  return prepare<[string], { count: number }>(db, sql).get(id)?.count ?? 0;
}

/** The error without what is no longer true; null if nothing of it is. */
function correctError(
  error: ErrorReport,
  { left, saved, n }: { left: number; saved: number; n: number },
): ErrorReport | null {
  const { detail, notes } = error;
  if (detail?.kind === 'image-unsaved')
    return left === 0
      ? null
      : left === detail.images
        ? error
        : amendReport(error, { detail: { ...detail, images: left } });
  if (detail?.kind === 'quit-after-sending' || detail?.kind === 'quit-before-saving') {
    if (saved >= n) return null;
    if (saved === detail.received) return error;
    return amendReport(error, { billing: 'billed', detail: { ...detail, received: saved } });
  }
  if (left > 0 || !notes?.includes('unsaved')) return error;
  return amendReport(error, { notes: notes.filter((note) => note !== 'unsaved') });
}
