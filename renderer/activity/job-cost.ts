import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { Micros, MicrosRange } from '../../electron/contract/entities/money.ts';
import { billingLabel, billingSentence } from '../../electron/contract/errors/messages.ts';
import { formatAtMost, formatMicros } from '../shared/format/money.ts';

/** What jobs cost: the certain part, and the highest amount of the uncertain part. */
export interface JobCost {
  certain: Micros;
  /** Highest uncertain amount, in micro-dollars; null if unknown. */
  open: Micros | null;
  /** No request was billed. */
  unbilled: boolean;
  /** At least one request may have been billed. */
  perhaps: boolean;
}

/** The cost of ended jobs. */
export function jobCost(jobs: readonly Job[]): JobCost {
  const requests = jobs.flatMap(({ generations, estimate }) =>
    generations.map((generation) => ({ ...generation, share: estimate && estimate.max / generations.length })),
  );
  const billed = requests.filter(({ billing, cost }) => billing !== 'none' || cost !== null);
  const uncertain = billed.filter(({ cost }) => cost === null);
  return {
    certain: billed.reduce((sum, { cost }) => sum + (cost ?? 0), 0),
    open: uncertain.some(({ share }) => share === null)
      ? null
      : uncertain.reduce((sum, { share }) => sum + (share ?? 0), 0),
    unbilled: billed.length === 0,
    perhaps: uncertain.some(({ billing }) => billing === 'possible'),
  };
}

/** The estimates of jobs added up; null if none has one. */
function totalEstimate(jobs: readonly Job[]): MicrosRange | null {
  const known = jobs.flatMap(({ estimate }) => estimate ?? []);
  if (known.length === 0) return null;
  return known.reduce((sum, { min, max }) => ({ min: sum.min + min, max: sum.max + max }));
}

/** Whether a job has no estimate, so that the sum is incomplete. */
function isEstimatePartial(jobs: readonly Job[]): boolean {
  return jobs.some(({ estimate }) => estimate === null);
}

/** For the cost column: the estimate while a job is unfinished, then the cost, or the highest it can be. */
export function costLabel(jobs: readonly Job[]): string {
  if (jobs.some(({ finishedAt }) => finishedAt === null)) {
    const estimate = totalEstimate(jobs);
    const more = isEstimatePartial(jobs);
    if (!estimate || (more && estimate.max === 0)) return '';
    return estimate.max === 0 ? 'free' : `est ${formatMicros(estimate.max)}${more ? ' +' : ''}`;
  }
  const { certain, open, unbilled } = jobCost(jobs);
  if (unbilled) return '–';
  if (open === 0) return certain === 0 ? 'free' : formatMicros(certain);
  return open === null
    ? certain > 0
      ? `${formatMicros(certain)} +`
      : formatAtMost(null)
    : formatAtMost(certain + open);
}

/** The same as a sentence, for the tooltip and screen readers. */
export function costSentence(jobs: readonly Job[]): string {
  if (jobs.some(({ finishedAt }) => finishedAt === null)) {
    const estimate = totalEstimate(jobs);
    const more = isEstimatePartial(jobs);
    if (!estimate || (more && estimate.max === 0)) return 'The cost is unknown.';
    if (estimate.max === 0) return 'Free.';
    return `Estimated: up to ${formatMicros(estimate.max)}${more ? ', plus unknown costs' : ''}.`;
  }
  const { certain, open, unbilled, perhaps } = jobCost(jobs);
  if (unbilled) return billingSentence('none');
  if (open === 0) return certain === 0 ? 'Free.' : billingSentence('billed', formatMicros(certain));
  const billed = billingLabel(perhaps ? 'possible' : 'billed');
  return open === null ? `${billed}; the amount is unknown.` : `${billed}, up to ${formatMicros(certain + open)}.`;
}

/** A hint beside an amount that is zero or uncertain. */
export function costHint(job: Job): string | undefined {
  if (job.finishedAt === null) return undefined;
  const { unbilled, open, perhaps } = jobCost([job]);
  if (unbilled) return billingLabel('none');
  if (open === 0) return undefined;
  return perhaps ? billingLabel('possible') : `${billingLabel('billed')}, amount uncertain`;
}
