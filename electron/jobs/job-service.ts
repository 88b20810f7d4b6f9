import type { Batch } from '../contract/rules/batch.ts';
import type { BatchId, DraftId, JobId, ProfileId } from '../contract/entities/ids.ts';
import type { Job } from '../contract/entities/jobs.ts';
import type { QueueState } from '../contract/entities/queue.ts';
import { StudioError, type Log } from '../contract/errors/errors.ts';
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
import { UnsavedImages } from './unsaved-images.ts';
import { detectSleep } from './sleep-detector.ts';

export interface JobServiceOptions {
  library: Library;
  /** The connection of a profile. Rejects with a `StudioError` that says what is missing. */
  connect(profileId: ProfileId): Promise<JobConnection>;
  pricing: Pricing;
  emit(event: StudioEvent): void;
  log: Log;
  requestLog: RequestLog;
  /** The system clock when left out. */
  clock?: Clock;
  /** From 0 to 1; lengthens repeated waits after rate limits. */
  random?: () => number;
}

/** Creates, queues, runs and stops jobs. Every request for images goes through here. */
export interface JobService {
  /**
   * Records a job on disk and queues it. Resolves before anything is sent. For an id that exists it returns that job and sends nothing.
   * @throws StudioError what `planJob` and `connect` throw; `input-invalid` for an image that is not in the library; `cap-reached`;
   *   `bad-payload` for another request under a known id
   */
  create(input: CreateJobInput): Promise<Job>;
  /** The same for every combination of a batch, all or none. @throws StudioError also `parameter-invalid` for too many combinations */
  createBatch(input: CreateBatchInput): Promise<Batch>;
  /** A job in any state, after waiting for a creation under this id that is under way; null if there is none. */
  find(id: JobId): Promise<Job | null>;
  /** The same for a batch. @throws StudioError `not-found` */
  findBatch(id: BatchId): Promise<Batch>;
  /** Queued and running jobs, and those that ended with an error that was not dismissed; oldest first. */
  list(): Job[];
  /** All jobs of a canvas draft, oldest first. */
  ofDraft(id: DraftId): Job[];
  /** A job with its current state, including ends that could not be written; null when it does not exist. */
  read(id: JobId): Job | null;
  /** A job from elsewhere, with the images that are not saved yet. */
  withUnsaved(job: Job): Job;
  /** Saves a job's images that could not be saved. Sends nothing. @throws StudioError when they still can't be saved; `not-found` */
  saveAgain(id: JobId): Promise<Job>;
  unfinished(): Job[];
  state(): QueueState;
  /** Moves a queued job before another one; null: to the end. */
  move(id: JobId, before: JobId | null): QueueState;
  /** Checks now whether the library can keep answers again; sending resumes if so. */
  checkStorage(): Promise<QueueState>;
  /** Ends a profile's rate-limit hold. */
  tryNow(profileId: ProfileId): QueueState;
  /** Stops all queued requests of a rate-limited profile. */
  stopHeld(profileId: ProfileId): Promise<QueueState>;
  /** While paused, nothing new is sent; running requests go on. */
  pause(paused: boolean): QueueState;
  /** Sets how many requests of a profile run at once. */
  setConcurrency(profileId: ProfileId, concurrency: number): void;
  /** The computer is about to sleep. */
  suspend(): void;
  /** The computer is awake. */
  resume(): void;
  /** Stops a job: queued requests are not sent, running ones are cut off and may be billed. Does nothing for a job that has ended. */
  cancel(id: JobId): void;
  dismiss(id: JobId): void;
  /** Stops everything. Resolves when it is recorded. */
  close(): Promise<void>;
}

/** Creates the service for an open library without unfinished jobs. */
export function createJobService({
  library,
  connect,
  pricing,
  emit,
  log,
  requestLog,
  clock = SYSTEM_CLOCK,
  random = Math.random,
}: JobServiceOptions): JobService {
  const unsaved = new UnsavedImages({
    library,
    log,
    onSaved({ jobId, generationId, imageId }) {
      postProcessing.handle({ type: 'image-saved', jobId, generationId, imageId });
      updates.emit({ type: 'library' });
    },
    onSettled({ jobId, generationId }) {
      postProcessing.handle({ type: 'saved-late', jobId, generationId });
      updates.emitJob(jobId);
    },
  });
  const store = createJobStore({
    library,
    log,
    onRefused: (thrown) => scheduler.holdForStorage(thrown),
    unsavedOf: (id) => unsaved.filesOf(id),
  });
  const updates = createJobUpdates(store, emit, log);
  const postProcessing = new PostProcessing({ library, log, updates });
  const onEvent: GenerationListener = (event) => postProcessing.handle(event);
  const scheduler = new Scheduler({
    library,
    store,
    pricing,
    clock,
    random,
    log,
    requestLog,
    updates,
    connect,
    onEvent,
    unsaved,
  });
  const intake = new Intake({ library, store, scheduler, pricing });
  const stopWatching = detectSleep(clock, scheduler);
  return {
    create: (input) => intake.create(input),
    createBatch: (input) => intake.createBatch(input),
    find: (id) => intake.find(id),
    findBatch: (id) => intake.findBatch(id),
    list: () => store.list(),
    read: (id) => store.read(id),
    ofDraft: (id) => jobsOfDraft(library.db, id, (jobId) => store.read(jobId)),
    withUnsaved: (job) => store.withUnsaved(job),
    async saveAgain(id) {
      await unsaved.saveAgain(id);
      return found(store.read(id), id);
    },
    unfinished: () => scheduler.jobs.flatMap(({ id }) => store.read(id) ?? []),
    state: () => scheduler.state,
    move(id, before) {
      scheduler.move(id, before);
      return scheduler.state;
    },
    async checkStorage() {
      await scheduler.checkStorage();
      return scheduler.state;
    },
    tryNow(profileId) {
      scheduler.tryNow(profileId);
      return scheduler.state;
    },
    async stopHeld(profileId) {
      await scheduler.stopHeld(profileId);
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
      unsaved.settleAll();
      updates.emit({ type: 'job-dismissed', jobId: id });
    },
    async close() {
      stopWatching();
      postProcessing.abort();
      await scheduler.close();
      await postProcessing.idle();
      if (store.retryFailedWrites().length > 0) unsaved.settleAll();
    },
  };
}

function found(job: Job | null, id: JobId): Job {
  if (job) return job;
  throw new StudioError({ code: 'not-found', message: `Job ${id} isn’t in the library.` });
}
