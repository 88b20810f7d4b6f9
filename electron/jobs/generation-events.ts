import type { GenerationId, ImageId, JobId } from '../contract/entities/ids.ts';
import type { ErrorReport } from '../contract/errors/errors.ts';
import type { GenerationEnd } from '../library/jobs/generations.ts';

/** How a request ends when the server refused it before processing. */
export interface RateLimitedEnd extends GenerationEnd {
  error: ErrorReport;
}

/**
 * What one request reports from its start to its end: the only channel from `run-generation` to the scheduler and to post-processing.
 * The last event of a request is `ended` or `rate-limited`; the scheduler turns the latter into a later attempt or into `ended`.
 */
export type GenerationEvent = { jobId: JobId; generationId: GenerationId } & (
  | { /** The library's rows changed: the request was sent, or a partial image was saved. */ type: 'updated' }
  | { /** A finished image and its row are on disk. */ type: 'image-saved'; imageId: ImageId }
  | {
      /** The response's rate-limit headers say that nothing is left for this account. Milliseconds until the reset. */
      type: 'limit-exhausted';
      resetMs: number;
    }
  | { /** HTTP 429 before processing, nothing billed. */ type: 'rate-limited'; end: RateLimitedEnd }
  | { type: 'ended'; end: GenerationEnd }
);

/** Must not throw. */
export type GenerationListener = (event: GenerationEvent) => void;
