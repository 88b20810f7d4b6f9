import type { Job, JobGeneration } from '../entities/jobs.ts';
import type { MicrosRange } from '../entities/money.ts';
import type { JobRequest } from '../entities/requests.ts';

/** What a retry of an ended job asks for. */
interface Retry {
  /** The job's request, for what is missing only. */
  request: JobRequest;
  /** Number of images asked for. */
  images: number;
  /** Whether the job has received some of its images, so that the retry asks for fewer. */
  partial: boolean;
  /** Expected cost by the job's own estimate, micro-dollars; null if unknown. */
  estimate: MicrosRange | null;
}

/** The retry of a job that has ended: for the images that are missing, or for all of them if none is. */
export function retryOf(job: Job): Retry {
  const total = job.generations.reduce((sum, { n }) => sum + n, 0);
  const unreceived = job.generations.reduce((sum, generation) => sum + missingImages(generation), 0);
  // Received images that wait to be saved were paid for.
  const missing = Math.max(0, unreceived - (job.unsaved?.length ?? 0));
  if (missing === 0 || missing === total)
    return { request: job.request, images: total, partial: false, estimate: job.estimate };
  // Each parameter is valid for fewer images too.
  const request = { ...job.request, parameters: { ...job.request.parameters, n: missing } } as JobRequest;
  return { request, images: missing, partial: true, estimate: estimateOf(job, missing / total) };
}

/** A server that answered may have sent fewer images than asked for; no retry brings those. */
function missingImages({ state, n, images }: JobGeneration): number {
  return state === 'done' ? 0 : Math.max(0, n - images.length);
}

/** Requests of one image each cost the same. The inputs of a single request cost as much for fewer images: its upper end stays. */
function estimateOf({ estimate, generations }: Job, share: number): MicrosRange | null {
  if (estimate === null) return null;
  return {
    min: Math.floor(estimate.min * share),
    max: generations.length > 1 ? Math.ceil(estimate.max * share) : estimate.max,
  };
}
