import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { Micros, MicrosRange } from '../../electron/contract/entities/money.ts';
import { formatAtMost, formatMicros } from '../shared/format/money.ts';

/** What jobs cost, as far as that is certain, and what may come to it. */
export interface JobCost {
  certain: Micros;
  /** The most that is not certain; null where that is not known either. */
  open: Micros | null;
  /** Nothing of it was billed. */
  unbilled: boolean;
  /** Of something it is not known whether it was. */
  perhaps: boolean;
}

/** The money of jobs that have ended. */
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

/** What jobs are thought to cost together; null where nothing is known of any. */
function totalEstimate(jobs: readonly Job[]): MicrosRange | null {
  const known = jobs.flatMap(({ estimate }) => estimate ?? []);
  if (known.length === 0) return null;
  return known.reduce((sum, { min, max }) => ({ min: sum.min + min, max: sum.max + max }));
}

/** Of some jobs that are under way nothing is known, so that their sum is not all of it. */
function isEstimatePartial(jobs: readonly Job[]): boolean {
  return jobs.some(({ estimate }) => estimate === null);
}

/** The column of a line: an estimate while it is under way, then the cost, or the most that it can have been. */
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

/** The same as a sentence, for the tooltip and the screen reader. */
export function costSentence(jobs: readonly Job[]): string {
  if (jobs.some(({ finishedAt }) => finishedAt === null)) {
    const estimate = totalEstimate(jobs);
    const more = isEstimatePartial(jobs);
    if (!estimate || (more && estimate.max === 0)) return 'What this will cost is not known.';
    if (estimate.max === 0) return 'This costs nothing.';
    return `Estimated to cost at most ${formatMicros(estimate.max)}${more ? ', besides what is not known' : ''}.`;
  }
  const { certain, open, unbilled, perhaps } = jobCost(jobs);
  if (unbilled) return 'Nothing was billed.';
  if (open === 0) return certain === 0 ? 'This cost nothing.' : `Cost ${formatMicros(certain)}.`;
  const billed = perhaps ? 'It may have been billed' : 'It was billed';
  return open === null ? `${billed}; how much is not known.` : `${billed}, at most ${formatMicros(certain + open)}.`;
}

/** What has to be said beside an amount that is not certain. */
export function costHint(job: Job): string | undefined {
  if (job.finishedAt === null) return undefined;
  const { unbilled, open, perhaps } = jobCost([job]);
  if (unbilled) return 'nothing was billed';
  if (open === 0) return undefined;
  return perhaps ? 'may have been billed' : 'billed, how much is not certain';
}
