import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { GenerationId } from '../contract/entities/ids.ts';
import type { Log } from '../contract/errors/errors.ts';
import type { GenerationEnd } from '../library/jobs/generations.ts';
import type { BackgroundTasks } from './background-tasks.ts';
import type { Clock } from './clock.ts';
import type { GenerationListener } from './generation-events.ts';
import type { ActiveJob, JobQueue, QueuedRequest } from './job-queue.ts';
import type { JobStore } from './job-store.ts';
import type { JobUpdates } from './job-updates.ts';
import { stateForStop, stoppedAfterRefusal, stoppedBeforeSending, type StopReason } from './stop-reason.ts';
import type { UnsavedImages } from './unsaved-images.ts';

export interface JobEndsOptions {
  queue: JobQueue;
  store: JobStore;
  unsaved: UnsavedImages;
  updates: JobUpdates;
  clock: Clock;
  log: Log;
  onEvent: GenerationListener;
  tasks: BackgroundTasks;
}

/** Wait in ms before ends that still can't be recorded are tried again, although the storage works. */
const CATCH_UP_MS = 30_000;

/** Ends requests and jobs: records how, removes finished jobs from the queue, and makes up later for what the disk refused. */
export class JobEnds {
  readonly #options: JobEndsOptions;
  #cancelCatchUp: (() => void) | null = null;
  #closed = false;

  constructor(options: JobEndsOptions) {
    this.#options = options;
  }

  /** Records how a request ended. */
  record(job: ActiveJob, id: GenerationId, end: GenerationEnd): void {
    job.reserved.delete(id);
    const { store, unsaved } = this.#options;
    store.finishGeneration(job.id, id, end);
    unsaved.settle(job.id, id);
  }

  /** Ends a job without requests that run or wait. */
  finish(job: ActiveJob): void {
    const { queue, store, unsaved, updates } = this.#options;
    queue.remove(job.id);
    store.finishJob(job.id);
    // An end that was refused before is recorded now, perhaps after its images were saved.
    unsaved.settleAll();
    updates.emitJob(job.id);
  }

  /** Cuts off running requests and ends queued ones. */
  stop(job: ActiveJob, reason: StopReason): void {
    job.stop.abort(reason);
    this.dropQueued(job, reason);
  }

  /** Cuts off everything. Resolves when the ends of what was queued are recorded. */
  async stopAll(reason: StopReason): Promise<void> {
    const { jobs } = this.#options.queue;
    for (const { stop } of jobs) stop.abort(reason);
    await this.#forEach(jobs, (job) => this.stop(job, reason));
  }

  /** Ends the queued requests of a job. */
  dropQueued(job: ActiveJob, reason: StopReason): void {
    const { updates, onEvent } = this.#options;
    const ends = job.queued.splice(0).map((request) => ({ id: request.plan.id, end: endOfStopped(request, reason) }));
    for (const { id, end } of ends) this.record(job, id, end);
    if (job.running === 0) this.finish(job);
    else if (ends.length > 0) updates.emitJob(job.id);
    for (const { id, end } of ends) onEvent({ type: 'ended', jobId: job.id, generationId: id, end });
  }

  /** The same for several jobs. */
  dropAllQueued(jobs: readonly ActiveJob[], reason: StopReason): Promise<void> {
    return this.#forEach(jobs, (job) => this.dropQueued(job, reason));
  }

  /** The storage works again: records and saves what it had refused, now and, where that still fails, later. */
  catchUp(): void {
    const { store, unsaved, updates, log, clock, tasks } = this.#options;
    const written = store.retryFailedWrites();
    if (written.length > 0) unsaved.settleAll();
    for (const id of written) updates.emitJob(id);
    const saved = unsaved.saveAgain().catch((thrown: unknown) => log('Received images still can’t be saved', thrown));
    tasks.add(saved, 'Received images could not be saved again');
    this.#cancelCatchUp?.();
    const later = store.hasUnwritten() && !this.#closed;
    this.#cancelCatchUp = later ? clock.after(CATCH_UP_MS, () => this.catchUp()) : null;
  }

  /** Nothing is tried again any more. */
  close(): void {
    this.#closed = true;
    this.#cancelCatchUp?.();
  }

  /** Acts on each job that is still queued. Each end waits for the disk, so other work runs in between. */
  async #forEach(jobs: readonly ActiveJob[], act: (job: ActiveJob) => void): Promise<void> {
    for (const job of [...jobs]) {
      if (this.#options.queue.get(job.id)) act(job);
      await yieldToEventLoop();
    }
  }
}

function endOfStopped({ refusals }: QueuedRequest, reason: StopReason): GenerationEnd {
  const error = refusals > 0 ? stoppedAfterRefusal(reason) : stoppedBeforeSending(reason);
  return { state: stateForStop(reason), error, at: Date.now(), answer: null, billing: 'none' };
}
