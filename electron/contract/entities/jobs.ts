import * as v from 'valibot';
import type { Billing, ErrorReport } from '../errors/errors.ts';
import type { GenerationState } from './generations.ts';
import { type BatchId, type GenerationId, type JobId, JobIdSchema, type Timestamp } from './ids.ts';
import type { Image, PartialImage } from './images.ts';
import type { Micros, MicrosRange } from './money.ts';
import type { JobRequest } from './requests.ts';

/**
 * `waiting` → `running` → `done` | `failed` | `cancelled`. `interrupted`: Emulsion quit before the job finished; its error states the
 * billing. A job that is `done`, `cancelled` or `failed` may have images.
 */
export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

/** One request of a job, reduced to what the screen shows. */
export interface JobGeneration {
  id: GenerationId;
  state: GenerationState;
  /** Requested number of images. */
  n: number;
  sentAt: Timestamp | null;
  finishedAt: Timestamp | null;
  requestId: string | null;
  billing: Billing;
  /** Cost in micro-dollars; null if unknown or not finished. */
  cost: Micros | null;
  partials: PartialImage[];
  images: Image[];
  error: ErrorReport | null;
}

/** An image that was received, but isn't saved in the library yet. Absolute path of its file at this moment. */
export interface UnsavedFile {
  path: string;
}

export interface Job {
  id: JobId;
  state: JobState;
  request: JobRequest;
  profileName: string;
  createdAt: Timestamp;
  startedAt: Timestamp | null;
  finishedAt: Timestamp | null;
  generations: JobGeneration[];
  /** The first error of its generations; stays until dismissed. */
  error: ErrorReport | null;
  dismissed: boolean;
  /** Images that can be saved again without another request; missing if there are none. */
  unsaved?: UnsavedFile[];
  batchId: BatchId | null;
  /** Estimated cost at creation, micro-dollars; null if unknown. */
  estimate: MicrosRange | null;
}

export const JobCursorSchema = v.strictObject({ createdAt: v.number(), id: JobIdSchema });
export type JobCursor = v.InferOutput<typeof JobCursorSchema>;

/** Finished jobs, newest first. `next` is null on the last page. */
export interface JobPage {
  jobs: Job[];
  next: JobCursor | null;
}

export const FinishedCursorSchema = v.strictObject({ finishedAt: v.number(), id: JobIdSchema });
export type FinishedCursor = v.InferOutput<typeof FinishedCursorSchema>;

/** Finished jobs, latest end first. `next` is null on the last page. */
export interface FinishedPage {
  jobs: Job[];
  next: FinishedCursor | null;
}

/** The images of one job, for the list on *Create*. */
export interface RecentJob {
  jobId: JobId;
  /** Total of the known costs, micro-dollars; null if none is known. */
  cost: Micros | null;
  estimate: MicrosRange | null;
  prompt: string;
  model: string;
  size: string | null;
  quality: string | null;
  createdAt: Timestamp;
  /** When its first request was sent, which is the time of its cost; null if that isn't recorded. */
  startedAt: Timestamp | null;
  images: Image[];
}
