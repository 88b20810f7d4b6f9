import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { GenerationId, ImageId, JobId, ProfileId } from '../contract/entities/ids.ts';
import type { QueueState } from '../contract/entities/queue.ts';
import type { ErrorReport, Log } from '../contract/errors/errors.ts';
import type { StudioEvent } from '../contract/events.ts';
import type { Micros } from '../contract/entities/money.ts';
import type { GenerationEnd } from '../library/jobs/generations.ts';
import type { Library } from '../library/library.ts';
import { writeSidecar } from '../library/sidecars.ts';
import type { Pricing } from './request-cost.ts';
import type { Clock } from './clock.ts';
import { createThumbnailQueue } from './thumbnails.ts';
import { RateLimitHolds } from './rate-limit-holds.ts';
import type { JobStore } from './job-store.ts';
import { JobQueue, type ActiveJob, type Waiting } from './job-queue.ts';
import { MAX_RETRY_WAIT_MS, nextAttempt } from './retry-policy.ts';
import { createStrictMasks } from './strict-masks.ts';
import { runGeneration, type JobConnection, type RequestLog } from './run-generation.ts';
import { stateForStop, stoppedAfterRefusal, stoppedBeforeSending, type StopReason } from './stop-reason.ts';

/** How long nothing is sent after the computer has woken, in milliseconds: its network comes back meanwhile. */
const WAKE_DELAY_MS = 5000;

export interface SchedulerOptions {
  library: Library;
  ledger: JobStore;
  money: Pricing;
  clock: Clock;
  log: Log;
  requestLog: RequestLog;
  connect(profileId: ProfileId): Promise<JobConnection>;
  emit(event: StudioEvent): void;
}

/**
 * Sends what is in the line: in its order, as many at once as each profile allows, nothing while the person has paused, the computer
 * sleeps, or a server has asked for patience. A request goes out again only when the server refused it before processing; nothing else is
 * ever sent a second time. A disk that refuses fails the job that met it; the others go on.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #line = new JobQueue();
  readonly #holds: RateLimitHolds;
  readonly #places = new Map<ProfileId, number>();
  /** Profiles whose waiting jobs are being ended, unsent. */
  readonly #givenUp = new Set<ProfileId>();
  readonly #ends = new Set<Promise<void>>();
  readonly #develop: ReturnType<typeof createThumbnailQueue>;
  readonly #recomposite: ReturnType<typeof createStrictMasks>;
  readonly #ending = new AbortController();
  #paused = false;
  #suspended = false;
  /** Counts how often the computer slept. */
  #sleeps = 0;
  /** Calls the waking off that is on its way. */
  #cancelWakeTimer: (() => void) | null = null;
  #told = '';
  #closed = false;

  constructor(options: SchedulerOptions) {
    const { library, log, clock } = options;
    this.#options = options;
    this.#holds = new RateLimitHolds(clock, () => this.#dispatchNext());
    this.#develop = createThumbnailQueue({ library, log, developed: () => this.tell({ type: 'library' }) });
    this.#recomposite = createStrictMasks({ library, log, signal: this.#ending.signal });
    this.#told = JSON.stringify(this.state);
  }

  get closed(): boolean {
    return this.#closed;
  }

  get state(): QueueState {
    return { paused: this.#paused, suspended: this.#suspended, order: this.#line.order, holds: this.#holds.list() };
  }

  get jobs(): readonly ActiveJob[] {
    return this.#line.jobs;
  }

  /** The most that all requests without an end are thought to cost together. */
  get reserved(): Micros {
    return this.#line.jobs.flatMap(({ reserved }) => [...reserved.values()]).reduce((sum, max) => sum + max, 0);
  }

  /** Takes jobs whose intent is recorded. */
  add(jobs: readonly ActiveJob[]): void {
    for (const job of jobs) {
      this.#line.add(job);
      this.#emitJob(job.id);
    }
    this.#dispatchNext();
  }

  move(id: JobId, before: JobId | null): void {
    this.#line.move(id, before);
    this.#emitState();
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    this.#dispatchNext();
  }

  /** Changes how many requests of a profile run at once. What runs, runs. */
  allow(profileId: ProfileId, places: number): void {
    this.#places.set(profileId, places);
    this.#dispatchNext();
  }

  /** The computer is about to sleep. */
  suspend(): void {
    this.#cancelWakeTimer?.();
    this.#cancelWakeTimer = null;
    if (!this.#suspended) this.#sleeps += 1;
    this.#suspended = true;
    this.#emitState();
  }

  /** It has woken. Sends again after a moment. */
  resume(): void {
    if (!this.#suspended || this.#cancelWakeTimer) return;
    this.#cancelWakeTimer = this.#options.clock.after(WAKE_DELAY_MS, () => {
      this.#cancelWakeTimer = null;
      this.#suspended = false;
      this.#holds.wake();
      this.#dispatchNext();
    });
  }

  /** Stops a job: what was not sent is not sent, what runs is cut off. One that has ended stays as it is. */
  cancel(id: JobId): void {
    const job = this.#line.get(id);
    if (!job) return;
    this.#stop(job, 'cancelled');
    this.#dispatchNext();
  }

  /** Stops everything; resolves when it is recorded. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#ending.abort();
    this.#cancelWakeTimer?.();
    this.#holds.close();
    for (const { stop } of this.#line.jobs) stop.abort('closing' satisfies StopReason);
    await this.#forEach(this.#line.jobs, (job) => this.#stop(job, 'closing'));
    while (this.#ends.size > 0) await Promise.all(this.#ends);
  }

  /** What a listener throws is no reason to lose an image. */
  tell(event: StudioEvent): void {
    try {
      this.#options.emit(event);
    } catch (thrown) {
      this.#options.log(`The event “${event.type}” could not be announced`, thrown);
    }
  }

  #emitJob(id: JobId): void {
    const job = this.#options.ledger.read(id);
    if (job) this.tell({ type: 'job', job });
  }

  async #recompositeFor(id: JobId, imageId: ImageId): Promise<void> {
    if (!(await this.#recomposite(imageId))) return;
    this.#emitJob(id);
    this.tell({ type: 'library' });
  }

  #emitState(): void {
    if (this.#closed) return;
    const { state } = this;
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#told = text;
    this.tell({ type: 'queue', queue: state });
  }

  /** Sends all that may be sent now, and tells how the queue stands then. */
  #dispatchNext(): void {
    for (;;) {
      if (this.#closed || this.#paused || this.#suspended) break;
      const taken = this.#line.takeNext((profileId) => this.#isFree(profileId));
      if (!taken) break;
      this.#track(this.#run(taken.job, taken.next), `Generation ${taken.next.plan.id} failed for an unforeseen reason`);
    }
    this.#emitState();
  }

  #isFree(profileId: ProfileId): boolean {
    if (this.#holds.has(profileId) || this.#givenUp.has(profileId)) return false;
    return this.#line.running(profileId) < (this.#places.get(profileId) ?? 1);
  }

  async #run(job: ActiveJob, next: Waiting): Promise<void> {
    const { library, money, log, requestLog } = this.#options;
    const { plan: generation } = next;
    const sleeps = this.#sleeps;
    try {
      await runGeneration({
        library,
        request: job.request,
        baseUrl: job.baseUrl,
        generation,
        money,
        log,
        requestLog,
        signal: job.stop.signal,
        connect: (id) => this.connect(id),
        begin: () => this.#begin(job),
        changed: () => this.#emitJob(job.id),
        imageSaved: () => this.tell({ type: 'library' }),
        develop: (imageId) => this.#develop(imageId).then(() => this.#emitJob(job.id)),
        recomposite: (imageId) => this.#recompositeFor(job.id, imageId),
        // What is to come after a longer time than anybody waits for will be refused by the server, which says so.
        exhausted: (wait) => {
          if (wait <= MAX_RETRY_WAIT_MS) this.#holds.hold(job.request.profileId, wait);
        },
        refusedForNow: (error) => this.#requeueGeneration(job, next, error),
        slept: () => this.#sleeps > sleeps,
        ended: (end) => this.#end(job, generation.id, end),
        afterwards: (work) => this.#track(work, `The record of generation ${generation.id} could not be written`),
      });
    } finally {
      job.running -= 1;
      if (job.running === 0 && job.waiting.length === 0) this.#settle(job);
      this.#dispatchNext();
    }
  }

  /** Asked each time anew: a profile may have changed, and with it how many requests it runs at once. */
  async connect(profileId: ProfileId): Promise<JobConnection> {
    const connection = await this.#options.connect(profileId);
    this.#places.set(profileId, connection.concurrency);
    return connection;
  }

  #begin(job: ActiveJob): void {
    if (!job.started) this.#options.ledger.start(job.id);
    job.started = true;
  }

  #end(job: ActiveJob, id: GenerationId, end: GenerationEnd): void {
    job.reserved.delete(id);
    this.#options.ledger.finishGeneration(job.id, id, end);
    this.#emitJob(job.id);
  }

  #settle(job: ActiveJob): void {
    this.#line.remove(job.id);
    this.#options.ledger.finishJob(job.id);
    this.#emitJob(job.id);
  }

  /** A request that the server refused for now goes back into its place, or ends with the error that is returned. */
  #requeueGeneration(job: ActiveJob, next: Waiting, error: ErrorReport): ErrorReport | null {
    const { signal } = job.stop;
    if (signal.aborted) return stoppedAfterRefusal(signal.reason as StopReason, error);
    const verdict = nextAttempt(error, next.refusals + 1);
    if ('given' in verdict) {
      if (verdict.unsent) this.#giveUp(job.request.profileId, verdict.unsent);
      return verdict.given;
    }
    try {
      this.#options.ledger.requeueGeneration(job.id, next.plan.id);
    } catch (thrown) {
      this.#options.log(`Generation ${next.plan.id} could not be taken back`, thrown);
      return error;
    }
    // Where nothing of it is on its way any more, its row says that it waits.
    job.started = false;
    this.#line.requeue(job, { ...next, refusals: next.refusals + 1 });
    this.#holds.hold(job.request.profileId, verdict.wait);
    this.#emitJob(job.id);
    return null;
  }

  /** Ends all that waits for a profile, unsent. */
  #giveUp(profileId: ProfileId, error: ErrorReport): void {
    if (this.#givenUp.has(profileId)) return;
    this.#givenUp.add(profileId);
    const jobs = this.#line.jobs.filter(
      ({ request, waiting }) => request.profileId === profileId && waiting.length > 0,
    );
    const dropped = this.#forEach(jobs, (job) => this.#drop(job, () => ({ state: 'failed', error }))).finally(() => {
      this.#givenUp.delete(profileId);
      this.#dispatchNext();
    });
    this.#track(dropped, `What waited for the profile ${profileId} could not be ended`);
  }

  /** Acts on each of many jobs that is still in the line then. Every end waits for the disk, so others have their turn in between. */
  async #forEach(jobs: readonly ActiveJob[], act: (job: ActiveJob) => void): Promise<void> {
    for (const job of [...jobs]) {
      if (this.#line.get(job.id)) act(job);
      await yieldToEventLoop();
    }
  }

  /** Cuts off what runs and marks what was never sent, so that nothing is left without an end. */
  #stop(job: ActiveJob, reason: StopReason): void {
    job.stop.abort(reason);
    this.#drop(job, ({ refusals }) => ({
      state: stateForStop(reason),
      error: refusals > 0 ? stoppedAfterRefusal(reason) : stoppedBeforeSending(reason),
    }));
  }

  /** Gives what waits of a job an end. */
  #drop(job: ActiveJob, jobOutcome: (waiting: Waiting) => Pick<GenerationEnd, 'state' | 'error'>): void {
    const dropped = job.waiting.splice(0);
    for (const waiting of dropped) {
      const end: GenerationEnd = { ...jobOutcome(waiting), at: Date.now(), answer: null, billing: 'none' };
      job.reserved.delete(waiting.plan.id);
      this.#options.ledger.finishGeneration(job.id, waiting.plan.id, end);
    }
    if (job.running === 0) this.#settle(job);
    else if (dropped.length > 0) this.#emitJob(job.id);
    for (const { plan } of dropped)
      this.#track(
        writeSidecar(this.#options.library, plan.id),
        `The record of generation ${plan.id} could not be written`,
      );
  }

  /** Work that {@link Sender.close} waits for. */
  #track(work: Promise<unknown>, complaint: string): void {
    const end = work
      .then(() => undefined)
      .catch((thrown: unknown) => this.#options.log(complaint, thrown))
      .finally(() => this.#ends.delete(end));
    this.#ends.add(end);
  }
}
