import type { GenerationId, ImageId, JobId } from '../contract/entities/ids.ts';
import type { StorageHold } from '../contract/entities/queue.ts';
import type { ErrorReport } from '../contract/errors/errors.ts';
import type { GenerationEnd } from '../library/jobs/generations.ts';

/** How a request ends when the server refused it before processing. */
export interface RateLimitedEnd extends GenerationEnd {
  error: ErrorReport;
}

/**
 * What one request reports from its start to its end: the only channel from `run-generation` to the scheduler and to post-processing.
 * The last event of a request is `ended`, `rate-limited` or `not-sent`; the scheduler turns the second into a later attempt or into `ended`,
 * and puts the third back into the queue.
 */
export type GenerationEvent = { jobId: JobId; generationId: GenerationId } & (
  | { /** The request is recorded as sent, and is sent now. */ type: 'sent' }
  | { /** The library's rows changed: a partial image was saved. */ type: 'updated' }
  | { /** After its end: an image that could not be saved is saved now. */ type: 'saved-late' }
  | { /** A part of the response could not be saved. */ type: 'storage-failed'; error: unknown }
  | {
      /** The library can't keep the answer, so the request was not sent, and is recorded as such. It needs this many bytes. */
      type: 'not-sent';
      cause: StorageHold['cause'];
      bytes: number;
    }
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
