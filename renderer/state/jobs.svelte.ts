import type { StudioApi } from '../../electron/contract/api.ts';
import type { Batch, BatchRequest } from '../../electron/contract/rules/batch.ts';
import type { BatchId, JobId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';

/** `id`: the click's id; sending it again never creates a second job. `overCap`: the person agreed to exceed the cap. */
interface SendOptions<Id extends string> {
  id: Id;
  overCap: boolean;
}

/** Whether a job is queued, running, or failed and not dismissed. */
function isOpen(job: Job): boolean {
  if (job.dismissed) return false;
  return job.state === 'waiting' || job.state === 'running' || job.error !== null;
}

/** Jobs, oldest first, kept current by events. */
export class Jobs {
  /** Queued, running, and failed ones that weren't dismissed. */
  all = $state.raw<Job[]>([]);
  /**
   * Succeeded or stopped while this page was open. Shown where they ran until the next request is sent or the person closes
   * them.
   */
  finished = $state.raw<Job[]>([]);
  readonly #studio: StudioApi;
  /** Jobs updated by events: newer than a response that was pending at that time. */
  readonly #told = new Set<JobId>();
  readonly #watchers = new Set<(job: Job) => void>();

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  async load(): Promise<void> {
    this.#told.clear();
    const listed = await this.#studio.jobs.list({});
    const told = this.all.filter((job) => this.#told.has(job.id));
    const others = listed.filter((job) => !this.#told.has(job.id) && isOpen(job));
    this.all = [...others, ...told].sort(byAge);
    for (const job of listed) this.#notify(job);
  }

  /** Calls back for each job that an event or a list shows, until the returned function is called. */
  watch(watcher: (job: Job) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Resolves with its id when a job of this click is shown: the job or one of a batch. Never rejects. */
  whenShown(id: string, signal: AbortSignal): Promise<readonly JobId[]> {
    return new Promise((resolve) => {
      const stop = this.watch((job) => (job.id === id || job.batchId === id) && resolve([job.id]));
      signal.addEventListener('abort', stop);
    });
  }

  /** Sends one request; called by `Submissions` only. @throws {StudioError} */
  async create(request: JobRequest, { id, overCap }: SendOptions<JobId>): Promise<Job> {
    const job = await this.#studio.jobs.create({ id, request, overCap });
    this.finished = [];
    this.take(job);
    return job;
  }

  /** Applies a job of an answer, unless an event has told of it. @returns whether there is one */
  take(job: Job | null): boolean {
    if (job && !this.#told.has(job.id)) this.applyUpdate(job);
    return job !== null;
  }

  /** Sends all combinations of a batch, or none. @throws {StudioError} as `create` */
  async createBatch(batch: BatchRequest, { id, overCap }: SendOptions<BatchId>): Promise<Batch> {
    const made = await this.#studio.jobs.createBatch({ id, batch, overCap });
    this.finished = [];
    for (const { job } of made.cells) this.take(job);
    return made;
  }

  async cancel(jobId: JobId): Promise<void> {
    await this.#studio.jobs.cancel({ jobId });
  }

  async dismiss(jobId: JobId): Promise<void> {
    await this.#studio.jobs.dismiss({ jobId });
    this.forget(jobId);
  }

  /** Saves images that were received but couldn't be saved. Sends nothing. @throws {StudioError} */
  async saveAgain(jobId: JobId): Promise<void> {
    this.applyUpdate(await this.#studio.jobs.saveAgain({ jobId }));
  }

  /** Hides a finished job. Its images stay in the library and among the recent jobs. */
  close(jobId: JobId): void {
    this.finished = this.finished.filter((job) => job.id !== jobId);
  }

  /** Applies a job's new state. */
  applyUpdate(job: Job): void {
    this.#told.add(job.id);
    const known = this.all.some(({ id }) => id === job.id);
    this.all = place(this.all, job, isOpen(job));
    const ended = !isOpen(job) && !job.dismissed;
    this.finished = place(this.finished, job, ended && (known || this.finished.some(({ id }) => id === job.id)));
    this.#notify(job);
  }

  #notify(job: Job): void {
    for (const watcher of [...this.#watchers]) watcher(job);
  }

  forget(jobId: JobId): void {
    this.#told.add(jobId);
    this.all = this.all.filter((job) => job.id !== jobId);
    this.close(jobId);
  }
}

function byAge(a: Job, b: Job): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}

/** The list with the job replaced, inserted by age, or removed. */
function place(list: Job[], job: Job, present: boolean): Job[] {
  const at = list.findIndex(({ id }) => id === job.id);
  if (!present) return at < 0 ? list : list.toSpliced(at, 1);
  return at < 0 ? [...list, job].sort(byAge) : list.with(at, job);
}
