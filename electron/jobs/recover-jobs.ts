import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { JobId, Timestamp } from '../contract/entities/ids.ts';
import { interruptUnfinishedJobs } from '../library/jobs/interruption.ts';
import type { PriceRequest } from '../library/jobs/kept-facts.ts';
import { listUnpriced, priceFromDocuments } from '../library/jobs/unpriced.ts';
import type { Library } from '../library/library.ts';
import { requestCost, type Pricing } from './request-cost.ts';

/** Prices a request by what the library kept of its response, at current prices. */
function pricedBy(pricing: Pricing): PriceRequest {
  return ({ parameters, free, answer, images }) => requestCost({ answer, images }, { parameters, free, pricing });
}

/**
 * Ends what the last run left unfinished, with what is known about each request's bill. Call it before the job service is created.
 * @returns the changed jobs, oldest first
 */
export function recoverJobs(library: Library, pricing: Pricing, at: Timestamp): JobId[] {
  return interruptUnfinishedJobs(library.db, at, pricedBy(pricing));
}

/** Requests that are read at once. */
const PAGE_SIZE = 20;

/**
 * Prices ended requests whose response says what they used but whose cost was never recorded. Doesn't reject.
 * @returns how many there were
 */
export async function priceKeptResponses(
  library: Library,
  pricing: Pricing,
  { failed, signal }: { failed(thrown: unknown): void; signal: AbortSignal },
): Promise<number> {
  const priceOf = pricedBy(pricing);
  let priced = 0;
  let after = '';
  try {
    while (!signal.aborted) {
      const rows = listUnpriced(library.db, after, PAGE_SIZE);
      for (const row of rows) if (priceFromDocuments(library.db, row, priceOf)) priced += 1;
      const last = rows.at(-1);
      if (!last) break;
      after = last.id;
      await yieldToEventLoop();
    }
  } catch (thrown) {
    failed(thrown);
  }
  return priced;
}
