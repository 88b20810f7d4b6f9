import { knownBilling, readKeptResponse, type KeptResponse } from '../../contract/costs/kept-response.ts';
import { ResponseMetadataSchema, type ResponseMetadata } from '../../contract/entities/generations.ts';
import type { GenerationId } from '../../contract/entities/ids.ts';
import type { Operation, Parameters } from '../../contract/catalogue/parameters.ts';
import type { Billing } from '../../contract/errors/errors.ts';
import { PARAMETERS, readJson, readJsonOr, readRows } from '../db/columns.ts';
import { prepare, type Readable, type Writable } from '../db/database.ts';
import { recordCost, type RecordedCost } from './costs.ts';
import { readDocuments } from './responses.ts';

/** What has to be known about a request to price it. */
interface PricedRequest {
  parameters: Parameters;
  /** Its profile bills nothing: the request was estimated to be free. */
  free: boolean;
  answer: ResponseMetadata | null;
  /** Finished images that arrived. */
  images: number;
}

/** Prices a request; null if the cost is unknown. Given by the caller: prices belong to the settings. */
export type PriceRequest = (request: PricedRequest) => RecordedCost | null;

/** The columns that {@link readKeptFacts} needs. */
export interface KeptRow {
  id: GenerationId;
  operation: Operation;
  parameters: string;
  answer: string | null;
  estimate_most: number | null;
  /** Number of its images in the library. */
  images: number;
}

export const KEPT_COLUMNS = `g.id, g.operation, g.parameters, g.answer, g.estimate_most,
  (SELECT count(*) FROM images i WHERE i.generation_id = g.id) AS images`;

/** Everything that the library kept of a request's response. A damaged column is reported and counts as missing. */
export function readKeptFacts(db: Readable, row: KeptRow): KeptResponse {
  const { id } = row;
  const documents = readRows([id], (of) => readDocuments(db, of)).flat();
  const kept = readKeptResponse(documents);
  const at = { table: 'generations', column: 'answer', row: id };
  const recorded = row.answer === null ? {} : readJsonOr(ResponseMetadataSchema, row.answer, at, {});
  const answer = { ...kept.answer, ...recorded };
  return {
    answer: Object.keys(answer).length === 0 ? null : answer,
    images: Math.max(kept.images, row.images),
    complete: kept.complete,
    error: kept.error,
  };
}

/** Stores what a request's kept response says, with its cost. Call it in the transaction that ends the request. */
export function recordKeptFacts(
  db: Writable,
  row: KeptRow,
  { facts, billing, priceOf }: { facts: KeptResponse; billing: Billing; priceOf: PriceRequest },
): void {
  const sql = 'UPDATE generations SET answer = coalesce(?, answer), billing = ?, recorded_at = NULL WHERE id = ?';
  const answer = facts.answer && JSON.stringify(facts.answer);
  prepare<[string | null, string, string]>(db, sql).run(answer, knownBilling(billing, facts), row.id);
  if (billing === 'none') return;
  const at = { table: 'generations', column: 'parameters', row: row.id };
  const [parameters] = readRows([row], (of) => readJson(PARAMETERS[of.operation], of.parameters, at));
  if (!parameters) return;
  recordCost(
    db,
    row.id,
    priceOf({ parameters, free: row.estimate_most === 0, answer: facts.answer, images: facts.images }),
  );
}
