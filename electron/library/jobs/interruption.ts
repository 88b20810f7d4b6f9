import { knownBilling, type KeptResponse } from '../../contract/costs/kept-response.ts';
import type { JobId, Timestamp } from '../../contract/entities/ids.ts';
import { StudioError, type Billing, type ErrorReport } from '../../contract/errors/errors.ts';
import { errorToJson } from '../db/columns.ts';
import { prepare, transact, type Writable } from '../db/database.ts';
import { jobOutcome } from '../../contract/rules/job-outcome.ts';
import { KEPT_COLUMNS, readKeptFacts, recordKeptFacts, type KeptRow, type PriceRequest } from './kept-facts.ts';
import { finishJob, readEndedRequests } from './jobs.ts';

interface Unfinished extends KeptRow {
  job_id: JobId;
  state: 'intent' | 'sent';
  n: number;
  /** HTTP status of the response so far; for an intent, of the rejection after which it waited to be sent again. */
  status: number | null;
}

/**
 * At the start of the application: ends what was unfinished when it last ended. Nothing is sent again. What was received of a response is
 * kept and priced; a request all of whose images were saved is done.
 * @returns the changed jobs, oldest first
 */
export function interruptUnfinishedJobs(db: Writable, at: Timestamp, priceOf: PriceRequest = () => null): JobId[] {
  return transact(db, () => {
    const sql = `SELECT ${KEPT_COLUMNS}, g.job_id, g.state, g.n, g.status FROM generations g WHERE g.state IN ('intent', 'sent')`;
    for (const generation of prepare<[], Unfinished>(db, sql).all()) endGeneration(db, generation, { at, priceOf });
    const jobs = prepare<[], { id: JobId }>(
      db,
      "SELECT id FROM jobs WHERE is_open = 1 AND state IN ('waiting', 'running') ORDER BY created_at, id",
    ).all();
    for (const { id } of jobs) endJob(db, id, at);
    return jobs.map(({ id }) => id);
  });
}

function endGeneration(
  db: Writable,
  generation: Unfinished,
  { at, priceOf }: { at: Timestamp; priceOf: PriceRequest },
): void {
  const facts = generation.state === 'sent' ? readKeptFacts(db, generation) : NOTHING_KEPT;
  const error = interruptionError(generation, facts);
  const billing: Billing = error ? error.billing : 'billed';
  prepare<[string, number, string, string | null, string]>(
    db,
    'UPDATE generations SET state = ?, finished_at = ?, billing = ?, error = ?, recorded_at = NULL WHERE id = ?',
  ).run(endState(error), at, billing, errorToJson(error), generation.id);
  recordKeptFacts(db, generation, { facts, billing, priceOf });
}
const NOTHING_KEPT: KeptResponse = { answer: null, images: 0, complete: false, error: null };

function endState(error: ErrorReport | null): 'done' | 'interrupted' | 'failed' {
  if (!error) return 'done';
  return error.code === 'interrupted' ? 'interrupted' : 'failed';
}

/** Null if everything that was asked for, or that the server made, is in the library. */
function interruptionError({ state, n, status, images }: Unfinished, facts: KeptResponse): ErrorReport | null {
  const code = 'interrupted';
  if (state === 'intent') {
    const kind = status === null ? 'stopped-before-sending' : 'stopped-while-rate-limited';
    return new StudioError({ code, detail: { kind, by: 'quit' }, billing: 'none' }).report;
  }
  const refusal = refusalError(status, facts);
  if (refusal) return refusal;
  if (images >= n) return null;
  if (facts.complete && images > 0 && images >= facts.images) return null;
  const kind = facts.complete ? 'quit-before-saving' : 'quit-after-sending';
  const detail = { kind, received: images, n } as const;
  return new StudioError({ code, detail, billing: knownBilling('possible', facts) }).report;
}

/** Statuses that say that nothing was processed; others may have been sent after the server had begun. */
const REFUSED = new Set([400, 401, 402, 403, 404, 405, 413, 414, 415, 422]);

/** The server had refused the request or failed, and only its end wasn't recorded; null if the response wasn't an error. */
function refusalError(status: number | null, facts: KeptResponse): ErrorReport | null {
  if (status === null || status < 400 || knownBilling('none', facts) === 'billed') return null;
  if (status >= 500) {
    const detail = { kind: 'server-failed', status, waitMs: null } as const;
    return new StudioError({ code: 'server-failed', detail, billing: 'possible' }).report;
  }
  if (!REFUSED.has(status)) return null;
  const { param = null, message = '' } = facts.error ?? {};
  const detail = { kind: 'request-refused', param, message, status } as const;
  return new StudioError({ code: 'request-refused', detail, billing: 'none' }).report;
}

function endJob(db: Writable, id: JobId, at: Timestamp): void {
  finishJob(db, id, { ...jobOutcome(readEndedRequests(db, id)), at });
}
