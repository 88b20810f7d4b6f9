import * as v from 'valibot';
import type { Billing, ErrorReport } from '../errors/errors.ts';
import type { GenerationState } from './generations.ts';
import { type BatchId, type GenerationId, type JobId, JobIdSchema, type Timestamp } from './ids.ts';
import type { Image, PartialImage } from './images.ts';
import type { Micros, MicrosRange } from './money.ts';
import type { JobRequest } from './requests.ts';

/**
 * `waiting` → `running` → `done` | `failed` | `cancelled`. `interrupted`: the application ended while the job was unfinished; its
 * error says what is known about money. A job that is `done` or `cancelled` or `failed` may have images.
 */
export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

/** One request of a job, as the screen needs it while it runs. */
export interface JobGeneration {
  id: GenerationId;
  state: GenerationState;
  /** How many images it asked for. */
  n: number;
  sentAt: Timestamp | null;
  finishedAt: Timestamp | null;
  requestId: string | null;
  billing: Billing;
  /** What it cost; null while or where that is not known. */
  cost: Micros | null;
  partials: PartialImage[];
  images: Image[];
  error: ErrorReport | null;
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
  batchId: BatchId | null;
  /** What it was thought to cost when it was asked for; null where nothing was known. */
  estimate: MicrosRange | null;
}

export const JobCursorSchema = v.strictObject({ createdAt: v.number(), id: JobIdSchema });
export type JobCursor = v.InferOutput<typeof JobCursorSchema>;

/** Jobs that have ended, newest first. `next` is null on the last page. */
export interface JobPage {
  jobs: Job[];
  next: JobCursor | null;
}

/** A click's images together, for the list on *Create*. */
export interface RecentJob {
  jobId: JobId;
  /** What it cost in all, as far as that is known. */
  cost: Micros | null;
  estimate: MicrosRange | null;
  prompt: string;
  model: string;
  size: string | null;
  quality: string | null;
  createdAt: Timestamp;
  images: Image[];
}
