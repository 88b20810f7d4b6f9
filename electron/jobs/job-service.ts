import type { Batch } from '../contract/rules/batch.ts';
import type { BatchId, DraftId, JobId, ProfileId } from '../contract/entities/ids.ts';
import type { Job } from '../contract/entities/jobs.ts';
import type { QueueState } from '../contract/entities/queue.ts';
import type { Log } from '../contract/errors/errors.ts';
import type { StudioEvent } from '../contract/events.ts';
import { jobsOfDraft } from '../library/drafts.ts';
import type { Library } from '../library/library.ts';
import type { Pricing } from './request-cost.ts';
import { SYSTEM_CLOCK, type Clock } from './clock.ts';
import { Intake, type CreateBatchInput, type CreateJobInput } from './intake.ts';
import type { GenerationListener } from './generation-events.ts';
import { createJobStore } from './job-store.ts';
import { createJobUpdates } from './job-updates.ts';
import { PostProcessing } from './post-processing.ts';
import type { JobConnection, RequestLog } from './run-generation.ts';
import { Scheduler } from './scheduler.ts';
import { detectSleep } from './sleep-detector.ts';

export interface JobServiceOptions {
  library: Library;
  /** Address, key and name of a profile, and what it allows; rejects with a `StudioError` that says what is missing. */
  connect(profileId: ProfileId): Promise<JobConnection>;
  pricing: Pricing;
  emit(event: StudioEvent): void;
  log: Log;
  requestLog: RequestLog;
  /** The computer's own where it is left out. */
  clock?: Clock;
}

/** Everything that is asked of servers goes through here. */
export interface JobService {
  /**
   * Records the intent, durably, and queues it. Resolves before anything is sent. An id that is there answers its job and sends nothing.
   * @throws StudioError what `planJob` and `connect` throw; `input-invalid` for an image that is not in the library; `cap-reached`;
   *   `bad-payload` for another request under a known id
   */
  create(wish: CreateJobInput): Promise<Job>;
  /** The same for every cell of a batch, all of them or none. @throws StudioError also `parameter-invalid` for too many cells */
  createBatch(wish: CreateBatchInput): Promise<Batch>;
  /** @throws StudioError `not-found` */
  batch(id: BatchId): Batch;
  /** Waiting, running, and ended with an error that was not dismissed; oldest first. */
  list(): Job[];
  /** All that was sent from a draft of the canvas, oldest first, whatever became of it. */
  ofDraft(id: DraftId): Job[];
  /** A job as it is, also where its rows cannot say it; null where there is none. */
  read(id: JobId): Job | null;
  unfinished(): Job[];
  state(): QueueState;
  /** Puts a waiting job before another one; null: at the end. */
  move(id: JobId, before: JobId | null): QueueState;
  /** Nothing new is sent while it is paused; what runs, runs. */
  pause(paused: boolean): QueueState;
  /** Changes how many requests of a profile run at once. */
  setConcurrency(profileId: ProfileId, concurrency: number): void;
  /** The computer is about to sleep. */
  suspend(): void;
  /** It has woken. */
  resume(): void;
  /** Stops a job. What was not sent is not sent; what runs is cut off and may be billed. A finished job stays as it is. */
  cancel(id: JobId): void;
  dismiss(id: JobId): void;
  /** Stops everything, waits until it is recorded. */
  close(): Promise<void>;
}

/** Builds the queue over an open library, of which no job may be unfinished. */
export function createJobService({
  library,
  connect,
  pricing,
  emit,
  log,
  requestLog,
  clock = SYSTEM_CLOCK,
}: JobServiceOptions): JobService {
  const store = createJobStore(library, log);
  const updates = createJobUpdates(store, emit, log);
  const postProcessing = new PostProcessing({ library, log, updates });
  const onEvent: GenerationListener = (event) => postProcessing.handle(event);
  const scheduler = new Scheduler({ library, store, pricing, clock, log, requestLog, updates, connect, onEvent });
  const intake = new Intake({ library, store, scheduler, pricing });
  const stopWatching = detectSleep(clock, scheduler);
  return {
    create: (wish) => intake.create(wish),
    createBatch: (wish) => intake.createBatch(wish),
    batch: (id) => intake.batch(id),
    list: () => store.list(),
    read: (id) => store.read(id),
    ofDraft: (id) => jobsOfDraft(library.db, id, (jobId) => store.read(jobId)),
    unfinished: () => scheduler.jobs.flatMap(({ id }) => store.read(id) ?? []),
    state: () => scheduler.state,
    move(id, before) {
      scheduler.move(id, before);
      return scheduler.state;
    },
    pause(paused) {
      scheduler.pause(paused);
      return scheduler.state;
    },
    setConcurrency: (profileId, concurrency) => scheduler.setConcurrency(profileId, concurrency),
    suspend: () => scheduler.suspend(),
    resume: () => scheduler.resume(),
    cancel: (id) => scheduler.cancel(id),
    dismiss(id) {
      store.dismiss(id);
      updates.emit({ type: 'job-dismissed', jobId: id });
    },
    async close() {
      stopWatching();
      postProcessing.abort();
      await scheduler.close();
      await postProcessing.idle();
      store.retryFailedWrites();
    },
  };
}
