import type { JobId, ProfileId } from '../contract/entities/ids.ts';
import type { QueueState } from '../contract/entities/queue.ts';
import type { Log } from '../contract/errors/errors.ts';
import type { Micros } from '../contract/entities/money.ts';
import { spentBetween } from '../library/jobs/spending.ts';
import type { Library } from '../library/library.ts';
import { StorageCheck, storageDetailOf } from '../library/storage-check.ts';
import { BackgroundTasks } from './background-tasks.ts';
import type { Clock } from './clock.ts';
import type { GenerationListener } from './generation-events.ts';
import { JobEnds } from './job-ends.ts';
import { JobQueue, reservedFor, type ActiveJob, type QueuedRequest } from './job-queue.ts';
import { checkCapOfNewMonth } from './monthly-cap.ts';
import type { JobStore } from './job-store.ts';
import type { JobUpdates } from './job-updates.ts';
import { RateLimitHolds } from './rate-limit-holds.ts';
import type { Pricing } from './request-cost.ts';
import { RunEvents, type Run } from './run-events.ts';
import { runGeneration, type JobConnection, type RequestLog } from './run-generation.ts';
import { Slots } from './slots.ts';
import type { UnsavedImages } from './unsaved-images.ts';
import { StorageHold } from './storage-hold.ts';
import { SuspendState } from './suspend-state.ts';

export interface SchedulerOptions {
  library: Library;
  store: JobStore;
  pricing: Pricing;
  clock: Clock;
  /** From 0 to 1. */
  random(): number;
  log: Log;
  requestLog: RequestLog;
  updates: JobUpdates;
  connect(profileId: ProfileId): Promise<JobConnection>;
  /** Receives every event after the scheduler has handled it. */
  onEvent: GenerationListener;
  unsaved: UnsavedImages;
}

/**
 * Decides what is sent next: in queue order, as many at once as each profile allows, nothing while the queue is paused, the computer sleeps,
 * the library can't keep an answer or the profile is rate limited. A request is sent again only after HTTP 429 before processing.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #queue = new JobQueue();
  readonly #slots = new Slots();
  readonly #holds: RateLimitHolds;
  readonly #storage: StorageHold;
  readonly #storageCheck: StorageCheck;
  readonly #suspend: SuspendState;
  readonly #tasks: BackgroundTasks;
  readonly #ends: JobEnds;
  readonly #runEvents: RunEvents;
  #paused = false;
  #closed = false;
  /** The state that was emitted last, as JSON. */
  #emitted: string;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#holds = new RateLimitHolds(options.clock, () => this.#sendNext());
    this.#storageCheck = new StorageCheck(options.library);
    this.#storage = new StorageHold({
      clock: options.clock,
      prove: (proof) => this.#storageCheck.prove(proof),
      causeOf: storageDetailOf,
      changed: () => this.#storageChanged(),
    });
    this.#suspend = new SuspendState(options.clock);
    this.#tasks = new BackgroundTasks(options.log);
    this.#ends = new JobEnds({ ...options, queue: this.#queue, tasks: this.#tasks });
    this.#runEvents = new RunEvents({
      ...options,
      queue: this.#queue,
      holds: this.#holds,
      storage: this.#storage,
      suspend: this.#suspend,
      ends: this.#ends,
      storageFailed: (thrown, bytes) => this.holdForStorage(thrown, bytes),
      checkStorage: () => this.#checkStorage(),
    });
    this.#emitted = JSON.stringify(this.state);
    const [unsaved] = options.library.recovery.unsaved;
    // What the last session could not save is saved as soon as there is room.
    if (unsaved) this.holdForStorage(unsaved.error, options.unsaved.bytes);
  }

  get closed(): boolean {
    return this.#closed;
  }

  get state(): QueueState {
    const { suspended } = this.#suspend;
    const holds = this.#holds.list();
    return { paused: this.#paused, suspended, order: this.#queue.order, holds, storage: this.#storage.state };
  }

  get jobs(): readonly ActiveJob[] {
    return this.#queue.jobs;
  }

  /** The sum of the highest estimates of all requests that have not ended, in micros. */
  get reserved(): Micros {
    return this.#queue.reserved;
  }

  /** Adds jobs that are recorded. */
  add(jobs: readonly ActiveJob[]): void {
    for (const job of jobs) {
      this.#queue.add(job);
      this.#options.updates.emitJob(job.id);
    }
    this.#sendNext();
  }

  /** Moves a queued job before another one; null: to the end. */
  move(id: JobId, before: JobId | null): void {
    this.#queue.move(id, before);
    this.#emitState();
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    this.#sendNext();
  }

  /** Checks now whether the library can keep answers again. Resolves when it is known. */
  async checkStorage(): Promise<void> {
    await this.#storage.check(true);
  }

  /** Something couldn't be written to the library. Nothing is sent until the library has taken `bytes`. */
  holdForStorage(thrown: unknown, bytes = 0): void {
    const cause = storageDetailOf(thrown);
    if (!cause) return;
    if (this.#storage.hold(cause, bytes) === 'first') this.#checkStorage();
  }

  /** Changes how many requests of a profile run at once. */
  setConcurrency(profileId: ProfileId, concurrency: number): void {
    this.#slots.setLimit(profileId, concurrency);
    this.#sendNext();
  }

  /** The computer is about to sleep. */
  suspend(): void {
    this.#suspend.suspend();
    this.#emitState();
  }

  /** The computer is awake. Sends again after a delay. */
  resume(): void {
    this.#suspend.resume(() => {
      this.#holds.wake();
      this.#sendNext();
      this.#checkStorage();
    });
  }

  /** Stops a job: queued requests are not sent, running ones are cut off. Does nothing for a job that has ended. */
  cancel(id: JobId): void {
    const job = this.#queue.get(id);
    if (!job) return;
    this.#ends.stop(job, 'cancelled');
    this.#sendNext();
  }

  /** Ends a profile's rate-limit hold. */
  tryNow(profileId: ProfileId): void {
    this.#holds.release(profileId);
    this.#emitState();
  }

  /** Stops the queued requests of a rate-limited profile, then ends its hold. Those that run go on. */
  async stopHeld(profileId: ProfileId): Promise<void> {
    if (!this.#holds.has(profileId)) return;
    const jobs = this.#queue.jobs.filter(({ request, queued }) => request.profileId === profileId && queued.length > 0);
    await this.#ends.dropAllQueued(jobs, 'cancelled');
    this.tryNow(profileId);
  }

  /** Stops everything. Resolves when the ends are recorded. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#suspend.close();
    this.#holds.close();
    this.#storage.close();
    this.#ends.close();
    await this.#ends.stopAll('closing');
    await this.#tasks.idle();
  }

  /** The connection is read for each request: the profile and its concurrency may have changed. */
  async connect(profileId: ProfileId): Promise<JobConnection> {
    const connection = await this.#options.connect(profileId);
    this.#slots.setLimit(profileId, connection.concurrency);
    return connection;
  }

  #checkStorage(): void {
    this.#tasks.add(this.#storage.check(), 'The library’s storage could not be checked');
  }

  #storageChanged(): void {
    if (!this.#storage.state) this.#ends.catchUp();
    this.#sendNext();
  }

  #emitState(): void {
    if (this.#closed) return;
    const { state } = this;
    const text = JSON.stringify(state);
    if (text === this.#emitted) return;
    this.#emitted = text;
    this.#options.updates.emit({ type: 'queue', queue: state });
  }

  /** Starts every request that may start now, then emits the queue's state. */
  #sendNext(): void {
    while (!this.#closed && !this.#paused && !this.#suspend.suspended && !this.#storage.state) {
      const next = this.#queue.takeNext((profileId) => this.#mayStart(profileId));
      if (!next) break;
      const run = { ...next, sleeps: this.#suspend.count, startedAt: this.#options.clock.now() };
      this.#tasks.add(this.#run(run), `Generation ${next.request.plan.id} failed unexpectedly`);
    }
    this.#emitState();
  }

  #mayStart(profileId: ProfileId): boolean {
    return !this.#holds.has(profileId) && this.#slots.hasFree(profileId, this.#queue.running(profileId));
  }

  async #run(run: Run): Promise<void> {
    const { library, store, pricing, log, requestLog } = this.#options;
    const { job, request } = run;
    try {
      await runGeneration({
        library,
        jobId: job.id,
        request: job.request,
        baseUrl: job.baseUrl,
        generation: request.plan,
        pricing,
        log,
        requestLog,
        signal: job.stop.signal,
        unsaved: this.#options.unsaved,
        storage: this.#storageCheck,
        connect: async () => {
          this.#checkCap(job, request);
          return this.connect(job.request.profileId);
        },
        record: {
          sent: () => store.markSent(job.id, request.plan.id),
          notSent: () => store.requeueGeneration(job.id, request.plan.id),
        },
        onEvent: (event) => this.#runEvents.handle(run, event),
      });
    } finally {
      job.running -= 1;
      if (job.running === 0 && job.queued.length === 0) this.#ends.finish(job);
      this.#sendNext();
    }
  }

  /** @throws StudioError `cap-reached` */
  #checkCap({ createdAt }: ActiveJob, request: QueuedRequest): void {
    const { library, pricing } = this.#options;
    checkCapOfNewMonth(request.plan.estimate, createdAt, {
      cap: pricing.monthlyCap(),
      spentBetween: (month) => spentBetween(library.db, month),
      reserved: this.#queue.reservedByRunning - reservedFor(request),
    });
  }
}
