import { knownBilling, type KeptResponse } from '../../contract/costs/kept-response.ts';
import { jobOutcome } from '../../contract/rules/job-outcome.ts';
import type { JobId } from '../../contract/entities/ids.ts';
import { amendReport, type Billing, type ErrorReport } from '../../contract/errors/errors.ts';
import { errorToJson } from '../db/columns.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { generationError } from './generations.ts';
import { KEPT_COLUMNS, readKeptFacts, recordKeptFacts, type KeptRow, type PriceRequest } from './kept-facts.ts';
import { readEndedRequests } from './jobs.ts';

/** An ended request of unknown cost. */
export interface UnpricedRow extends KeptRow {
  job_id: JobId;
  n: number;
  billing: Billing;
  error: string | null;
}

/** Uses the index `generations_unpriced`. */
const UNPRICED = `SELECT ${KEPT_COLUMNS}, g.job_id, g.n, g.billing, g.error FROM generations g
  WHERE g.cost IS NULL AND g.answer IS NULL AND g.billing <> 'none' AND g.state NOT IN ('intent', 'sent') AND g.id > ?
  ORDER BY g.id LIMIT ?`;

/** Ended requests of unknown cost whose response isn't recorded: earlier versions recorded none for a request that failed. By id. */
export function listUnpriced(db: Readable, after: string, limit: number): UnpricedRow[] {
  return prepare<[string, number], UnpricedRow>(db, UNPRICED).all(after, limit);
}

/**
 * Completes a request's record from the documents that the library kept of its response. Returns whether they said anything.
 * @throws StudioError like `transact`
 */
export function priceFromDocuments(db: Writable, row: UnpricedRow, priceOf: PriceRequest): boolean {
  return transact(db, () => {
    const facts = readKeptFacts(db, row);
    if (facts.answer === null && facts.images === 0) return false;
    recordKeptFacts(db, row, { facts, billing: row.billing, priceOf });
    const error = generationError(row);
    if (error) correctError(db, row, { error, facts });
    return true;
  });
}

/** An error says what is known about the bill, and so does its job's. */
function correctError(
  db: Writable,
  row: UnpricedRow,
  { error, facts }: { error: ErrorReport; facts: KeptResponse },
): void {
  const billing = knownBilling(error.billing, facts);
  if (billing === error.billing) return;
  const unsaved = facts.complete && error.detail?.kind === 'quit-after-sending';
  const detail = { kind: 'quit-before-saving', received: row.images, n: row.n } as const;
  const corrected = amendReport(error, { billing, ...(unsaved && { detail }) });
  const update = (table: 'generations' | 'jobs', id: string, report: ErrorReport | null): unknown =>
    prepare<[string | null, string]>(db, `UPDATE ${table} SET error = ? WHERE id = ?`).run(errorToJson(report), id);
  update('generations', row.id, corrected);
  update('jobs', row.job_id, jobOutcome(readEndedRequests(db, row.job_id)).error);
}
