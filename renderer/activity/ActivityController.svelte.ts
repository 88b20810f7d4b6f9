import { untrack } from 'svelte';
import type { StudioApi } from '../../electron/contract/api.ts';
import type { Batch } from '../../electron/contract/rules/batch.ts';
import type { BatchId, JobId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import { attempt } from '../state/attempt.ts';
import { currentTime } from '../page/clock.ts';
import { focusOn } from '../shared/keyboard/focus-targets.svelte.ts';
import type { Route } from '../page/route.svelte.ts';
import { formFromRequest } from '../state/request-form.ts';
import { RequestSender } from '../state/request-sender.svelte.ts';
import { retryJob } from '../state/retry-job.ts';
import type { StudioState } from '../state/studio-state.svelte.ts';
import { startOfDay } from '../shared/format/time.ts';
import { queueSections, type QueueEntry, type QueueSections } from './queue-sections.ts';

export type Tab = 'queue' | 'history';

/** The selection of *Activity*, and its actions. */
export class ActivityController {
  tab = $state<Tab>('queue');
  /** The inspector's job. */
  chosenId = $state<JobId | null>(null);
  /** The batch shown as a grid instead of the list. */
  batch = $state.raw<Batch | null>(null);
  /** Why the last action failed. */
  fault = $state.raw<ErrorReport | null>(null);
  /** The last action's effect, for screen readers. */
  announcement = $state('');
  /** Start of today, ms since 1970; updated at midnight. */
  today = $state(startOfDay(currentTime()));
  /** Current state of the open batch's jobs, and of a chosen job that is in no list. */
  #others = $state.raw<ReadonlyMap<JobId, Job>>(new Map());
  /** Batches by id, for the names of their rows. */
  #batches = $state.raw<ReadonlyMap<BatchId, Batch>>(new Map());
  #askedBatches = new Set<BatchId>();
  readonly #sender: RequestSender;
  readonly #studio: StudioApi;
  readonly #state: StudioState;
  readonly #route: Route;

  constructor(studio: StudioApi, state: StudioState, route: Route) {
    this.#studio = studio;
    this.#state = state;
    this.#route = route;
    this.#sender = new RequestSender(state);
  }

  /** The warning that a retry would exceed the monthly cap, while the person is asked. */
  get capConfirmation(): ErrorReport | null {
    return this.#sender.capConfirmation;
  }

  readonly sections = $derived.by((): QueueSections =>
    queueSections(this.#state.jobs.all, this.#state.finished.jobs, {
      order: this.#state.queue.state.order,
      since: this.today,
    }),
  );

  readonly jobs = $derived.by((): ReadonlyMap<JobId, Job> => {
    const { history, finished, jobs } = this.#state;
    const known = [...this.#others.values(), ...history.jobs, ...finished.jobs, ...jobs.all];
    return new Map(known.map((job) => [job.id, job]));
  });

  readonly chosen = $derived.by((): Job | null => (this.chosenId && this.jobs.get(this.chosenId)) ?? null);

  /** All sections are empty. */
  readonly isEmpty = $derived.by((): boolean => {
    const { running, waiting, needsAttention, finished } = this.sections;
    return running.length + waiting.length + needsAttention.length + finished.length === 0;
  });

  /** Loads what has finished today and the history, and follows events until the returned function is called. */
  follow(): () => void {
    const { history, finished } = this.#state;
    void finished.load(this.today);
    if (!untrack(() => history.loaded)) void history.load();
    return this.#studio.subscribe((event) => this.#take(event));
  }

  #take(event: StudioEvent): void {
    if (event.type === 'job' && this.#others.has(event.job.id))
      this.#others = new Map([...this.#others, [event.job.id, event.job]]);
    if (event.type === 'connection' && event.online && this.batch) void this.openBatch(this.batch.id);
  }

  /** A batch's prompt with its variables; null until loaded. */
  batchName(id: BatchId): string | null {
    const { prompt = null } = (this.#batches.get(id)?.request.base.parameters as { prompt?: string } | undefined) ?? {};
    return prompt;
  }

  /** Loads the batches of entries with several jobs, once each. Call in an effect. */
  loadBatchNames(entries: readonly QueueEntry[]): void {
    for (const { batchId, jobs } of entries) {
      if (batchId === null || jobs.length < 2 || this.#askedBatches.has(batchId)) continue;
      this.#askedBatches.add(batchId);
      // On failure the row keeps the name of its first job.
      this.#studio.jobs.getBatch({ batchId }).then(
        (batch) => (this.#batches = new Map([...this.#batches, [batchId, batch]])),
        () => undefined,
      );
    }
  }

  async openBatch(batchId: BatchId): Promise<void> {
    await this.#attempt(async () => {
      const batch = await this.#studio.jobs.getBatch({ batchId });
      this.#others = new Map([...this.#others, ...batch.cells.map(({ job }) => [job.id, job] as const)]);
      this.batch = batch;
      if (!batch.cells.some(({ jobId }) => jobId === this.chosenId)) this.chosenId = null;
    });
  }

  async stop(jobs: readonly Job[]): Promise<void> {
    await this.#attempt(async () => {
      // From the end: a freed slot must not start a job that is about to be stopped.
      for (const { id } of jobs.toReversed()) await this.#state.jobs.cancel(id);
    });
  }

  async pause(paused: boolean): Promise<void> {
    await this.#attempt(() => this.#state.queue.pause(paused));
  }

  async dismiss(job: Job): Promise<void> {
    await this.#attempt(() => this.#state.jobs.dismiss(job.id));
    if (this.chosenId === job.id && this.fault === null) this.chosenId = null;
  }

  /** Moves a queued entry up or down. */
  async shift(entry: QueueEntry, by: number): Promise<void> {
    const { waiting } = this.sections;
    const from = waiting.findIndex(({ key }) => key === entry.key);
    const to = Math.min(Math.max(from + by, 0), waiting.length - 1);
    if (from < 0 || to === from) return;
    await this.moveTo(entry, waiting[by > 0 ? to + 1 : to] ?? null);
    this.announcement = `Now ${to + 1} of ${waiting.length}.`;
  }

  /** Moves a queued entry before another one; null: to the end. */
  async moveTo(entry: QueueEntry, before: QueueEntry | null): Promise<void> {
    if (before?.key === entry.key) return;
    await this.#attempt(async () => {
      for (const { id } of entry.jobs) await this.#state.queue.move(id, before?.jobs[0].id ?? null);
    });
  }

  /**
   * Sends what is missing of a job again, as a new job that is billed separately. Asks before the cap is exceeded.
   * @param clicks `event.detail` of the click; 0 for a key
   */
  async retry(job: Job, clicks = 0): Promise<void> {
    this.fault = null;
    const id = await retryJob(this.#sender, job, clicks);
    this.#afterRetry(id);
  }

  /** The person agreed to exceed the cap. */
  async retryOverCap(): Promise<void> {
    const ids = await this.#sender.submitOverCap();
    this.#afterRetry(ids?.[0] ?? null);
  }

  cancelOverCap(): void {
    this.#sender.cancelOverCap();
  }

  #afterRetry(id: JobId | null): void {
    this.fault = this.#sender.refusal;
    if (id === null) return;
    this.tab = 'queue';
    this.batch = null;
    this.chosenId = id;
    this.announcement = 'Sent as a new request.';
  }

  /** Loads a job's request into *Create*. */
  edit(job: Job): void {
    this.#state.draft.replace(formFromRequest(job.request));
    this.#route.go('create');
    focusOn('prompt');
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    this.fault = null;
    this.fault = await attempt(act);
  }
}
