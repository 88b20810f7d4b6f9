import type { Job } from '../../electron/contract/entities/jobs.ts';
import { repeatedBillSentence } from '../../electron/contract/errors/request-outcomes.ts';
import { countOutcomes } from '../../electron/contract/rules/job-outcome.ts';
import { retryOf } from '../../electron/contract/rules/retry-request.ts';
import { formatMicrosRange } from '../shared/format/money.ts';

/** What a button says that retries a job: "Retry 2 missing", and its price, " · $0.08"; '' where it is unknown or nothing. */
export function retryWords(job: Job): { act: string; price: string } {
  const { images, partial, estimate } = retryOf(job);
  return {
    act: partial ? `Retry ${images} missing` : 'Retry',
    price: estimate === null || estimate.max === 0 ? '' : ` · ${formatMicrosRange(estimate)}`,
  };
}

/** The same in one text: "Retry 2 missing · $0.08". */
export function retryLabel(job: Job): string {
  const { act, price } = retryWords(job);
  return `${act}${price}`;
}

/** What a retry may buy a second time; '' for nothing. */
export function retryWarning(job: Job): string {
  return repeatedBillSentence(countOutcomes(job.generations));
}
