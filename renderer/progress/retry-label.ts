import type { Job } from '../../electron/contract/entities/jobs.ts';
import { repeatedBillSentence } from '../../electron/contract/errors/request-outcomes.ts';
import { countOutcomes } from '../../electron/contract/rules/job-outcome.ts';
import { retryOf } from '../../electron/contract/rules/retry-request.ts';
import { formatMicrosRange } from '../shared/format/money.ts';

/** The label of a button that retries a job, with its price: "Retry 2 missing · $0.08". */
export function retryLabel(job: Job): string {
  const { images, partial, estimate } = retryOf(job);
  const price = estimate === null || estimate.max === 0 ? '' : ` · ${formatMicrosRange(estimate)}`;
  return `Retry${partial ? ` ${images} missing` : ''}${price}`;
}

/** What a retry may buy a second time; '' for nothing. */
export function retryWarning(job: Job): string {
  return repeatedBillSentence(countOutcomes(job.generations));
}
