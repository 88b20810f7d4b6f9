import type { StudioApi } from '../../electron/contract/api.ts';
import type { Batch, BatchRequest } from '../../electron/contract/rules/batch.ts';
import type { BatchId, JobId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { newId } from './new-id.ts';

/** `id`: the click's id; sending it again never creates a second job. `overCap`: the person agreed to exceed the cap. */
export interface SendOptions<Id extends string> {
  id?: Id;
  overCap?: boolean;
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

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  async load(): Promise<void> {
    this.#told.clear();
    const listed = await this.#studio.jobs.list({});
    const told = this.all.filter((job) => this.#told.has(job.id));
    const others = listed.filter((job) => !this.#told.has(job.id) && isOpen(job));
    this.all = [...others, ...told].sort(byAge);
  }

  /** Sends one request. @throws {StudioError} refused before it was recorded */
  async create(request: JobRequest, { id = newId() as JobId, overCap = false }: SendOptions<JobId> = {}): Promise<Job> {
    const job = await this.#studio.jobs.create({ id, request, overCap });
    this.finished = [];
    if (!this.#told.has(job.id)) this.applyUpdate(job);
    return job;
  }

  /** Sends all combinations of a batch, or none. @throws {StudioError} as `create` */
  async createBatch(
    batch: BatchRequest,
    { id = newId() as BatchId, overCap = false }: SendOptions<BatchId> = {},
  ): Promise<Batch> {
    const made = await this.#studio.jobs.createBatch({ id, batch, overCap });
    this.finished = [];
    for (const { job } of made.cells) if (!this.#told.has(job.id)) this.applyUpdate(job);
    return made;
  }

  async cancel(jobId: JobId): Promise<void> {
    await this.#studio.jobs.cancel({ jobId });
  }

  async dismiss(jobId: JobId): Promise<void> {
    await this.#studio.jobs.dismiss({ jobId });
    this.forget(jobId);
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
