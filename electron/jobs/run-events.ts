import type { Timestamp } from '../contract/entities/ids.ts';
import type { ErrorReport, Log } from '../contract/errors/errors.ts';
import { isPlausibleWait } from '../images-api/headers/retry-after.ts';
import { expectedBytes } from './expected-size.ts';
import type { GenerationEvent, GenerationListener } from './generation-events.ts';
import type { JobEnds } from './job-ends.ts';
import type { ActiveJob, JobQueue, QueuedRequest } from './job-queue.ts';
import type { JobStore } from './job-store.ts';
import type { JobUpdates } from './job-updates.ts';
import type { RateLimitHolds } from './rate-limit-holds.ts';
import { nextAttempt } from './retry-policy.ts';
import { endState, stoppedAfterRefusal, type StopReason } from './stop-reason.ts';
import type { StorageHold } from './storage-hold.ts';
import { withSleepNote, type SuspendState } from './suspend-state.ts';

/** A request that runs. */
export interface Run {
  job: ActiveJob;
  request: QueuedRequest;
  /** {@link SuspendState.count} at its start. */
  sleeps: number;
  startedAt: Timestamp;
}

export interface RunEventsOptions {
  queue: JobQueue;
  holds: RateLimitHolds;
  storage: StorageHold;
  suspend: SuspendState;
  ends: JobEnds;
  store: JobStore;
  updates: JobUpdates;
  log: Log;
  /** From 0 to 1. */
  random(): number;
  /** Something couldn't be written to the library, which needs room for `bytes`. */
  storageFailed(thrown: unknown, bytes: number): void;
  /** Checks in the background whether a storage hold can end. */
  checkStorage(): void;
  /** Receives every event that has been handled, except those of a request that is back in the queue. */
  onEvent: GenerationListener;
}

/**
 * What the events of running requests change: the queue, the holds and the recorded ends. A request that was refused before processing, or
 * wasn't sent, goes back to its place.
 */
export class RunEvents {
  readonly #options: RunEventsOptions;

  constructor(options: RunEventsOptions) {
    this.#options = options;
  }

  handle(run: Run, event: GenerationEvent): void {
    const { job, request } = run;
    const { updates, storage, holds } = this.#options;
    switch (event.type) {
      case 'sent':
        storage.sent();
        updates.emitJob(job.id);
        break;
      case 'updated':
        updates.emitJob(job.id);
        break;
      case 'storage-failed':
        this.#options.storageFailed(event.error, expectedBytes(job.request, request.plan.parameters));
        break;
      case 'not-sent':
        storage.hold(event.cause, event.bytes);
        this.#putBack(run);
        return;
      case 'image-saved':
        updates.emitJob(job.id);
        updates.emit({ type: 'library' });
        break;
      case 'limit-exhausted':
        // A longer wait is left to the server: its refusal says why.
        if (isPlausibleWait(event.resetMs)) holds.hold(job.request.profileId, event.resetMs);
        break;
      case 'rate-limited': {
        const error = this.#requeue(run, event.end.error);
        if (error) this.handle(run, { ...event, type: 'ended', end: { ...event.end, state: endState(error), error } });
        return;
      }
      case 'ended':
        this.#recordEnd(run, event);
    }
    this.#options.onEvent(event);
  }

  #recordEnd(run: Run, event: Extract<GenerationEvent, { type: 'ended' }>): void {
    const { suspend, holds, ends, updates, checkStorage } = this.#options;
    const { job, sleeps, startedAt } = run;
    const end = sleeps < suspend.count ? withSleepNote(event.end) : event.end;
    if (end.error?.code !== 'rate-limited' && end.billing !== 'none')
      holds.countAnswer(job.request.profileId, startedAt);
    ends.record(job, event.generationId, end);
    updates.emitJob(job.id);
    // The room that was reserved for its answer is free.
    checkStorage();
  }

  /** Puts a rate-limited request back into its job, or returns the error that it ends with. */
  #requeue({ job, request, startedAt }: Run, error: ErrorReport): ErrorReport | null {
    const { queue, holds, store, log, updates, random } = this.#options;
    const { signal } = job.stop;
    const { profileId } = job.request;
    if (signal.aborted) return stoppedAfterRefusal(signal.reason as StopReason, error);
    const attempts = request.refusals + 1;
    const streak = holds.countRefusal(profileId, startedAt);
    const next = nextAttempt(error, { attempts, streak }, random());
    if ('error' in next) return next.error;
    try {
      store.requeueGeneration(job.id, request.plan.id);
    } catch (thrown) {
      log(`Generation ${request.plan.id} could not be requeued`, thrown);
      return error;
    }
    queue.requeue(job, { ...request, refusals: attempts });
    if ('askMs' in next) holds.holdForPerson(profileId, next.askMs);
    else holds.hold(profileId, next.waitMs);
    updates.emitJob(job.id);
    return null;
  }

  /** Puts a request that wasn't sent back into its job, unless that was stopped. */
  #putBack({ job, request }: Run): void {
    const { queue, ends, updates } = this.#options;
    queue.requeue(job, request);
    const { signal } = job.stop;
    if (signal.aborted) ends.dropQueued(job, signal.reason as StopReason);
    else updates.emitJob(job.id);
  }
}
