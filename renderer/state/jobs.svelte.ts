import type { StudioApi } from '../../electron/contract/api.ts';
import type { Batch, BatchRequest } from '../../electron/contract/rules/batch.ts';
import type { BatchId, JobId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { newId } from './new-id.ts';

/** How a request is sent. `id`: that of the click; asking again with it never sends twice. `overCap`: the person was asked. */
export interface SendOptions<Id extends string> {
  id?: Id;
  overCap?: boolean;
}

/** Whether a job still takes place on screen by itself: it waits, runs, or ended with an error that was not dismissed. */
function isOpen(job: Job): boolean {
  if (job.dismissed) return false;
  return job.state === 'waiting' || job.state === 'running' || job.error !== null;
}

/** Jobs as the studio tells them, oldest first. */
export class Jobs {
  /** Waiting, running, and failures that were not dismissed. */
  all = $state.raw<Job[]>([]);
  /**
   * Ended well or stopped while this page was open, and still shown large in the place where they ran, until the next request
   * is sent or the person closes them.
   */
  finished = $state.raw<Job[]>([]);
  readonly #studio: StudioApi;
  /** Jobs that events spoke of: an answer that was on its way meanwhile is older than they are. */
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

  /** Sends one request. Rejects with a StudioError when it was refused before anything was recorded. */
  async create(request: JobRequest, { id = newId() as JobId, overCap = false }: SendOptions<JobId> = {}): Promise<Job> {
    const job = await this.#studio.jobs.create({ id, request, overCap });
    this.finished = [];
    if (!this.#told.has(job.id)) this.applyUpdate(job);
    return job;
  }

  /** Sends every combination of a batch, all of them or none. Rejects as `create` does. */
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

  /** Puts a finished job away; its images are in the library and among the runs. */
  close(jobId: JobId): void {
    this.finished = this.finished.filter((job) => job.id !== jobId);
  }

  /** Takes a job's newest truth. */
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

/** The list with the job in its old place, at its age's place, or without it. */
function place(list: Job[], job: Job, present: boolean): Job[] {
  const at = list.findIndex(({ id }) => id === job.id);
  if (!present) return at < 0 ? list : list.toSpliced(at, 1);
  return at < 0 ? [...list, job].sort(byAge) : list.with(at, job);
}
