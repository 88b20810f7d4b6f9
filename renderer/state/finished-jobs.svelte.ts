import type { StudioApi } from '../../electron/contract/api.ts';
import type { JobId } from '../../electron/contract/entities/ids.ts';
import type { FinishedCursor, Job } from '../../electron/contract/entities/jobs.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import { attempt } from './attempt.ts';

const PAGE = 200;

/** Jobs that have ended since a time, whenever they were sent. */
export class FinishedJobs {
  jobs = $state.raw<readonly Job[]>([]);
  /** Why they couldn't be loaded. */
  error = $state.raw<ErrorReport | null>(null);
  readonly #studio: StudioApi;
  #since: number | null = null;
  /** Jobs updated by events since the last `load` began: newer than its response. */
  readonly #told = new Map<JobId, Job>();

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** Loads the jobs that ended at this time (ms since 1970) or later. */
  async load(since: number): Promise<void> {
    this.#since = since;
    this.#told.clear();
    const error = await attempt(async () => {
      const jobs = await this.#readAll(since);
      // A later call has another time, or a newer response.
      if (this.#since === since) this.#set([...jobs, ...this.#told.values()]);
    });
    if (this.#since === since) this.error = error;
  }

  /** After a reconnect; events may have been missed. */
  async reload(): Promise<void> {
    if (this.#since !== null) await this.load(this.#since);
  }

  /** Applies the new state of a job. */
  applyUpdate(job: Job): void {
    if (this.#since === null || job.finishedAt === null || job.finishedAt < this.#since) return;
    this.#told.set(job.id, job);
    this.#set([...this.jobs, job]);
  }

  /** Marks a job as dismissed. */
  dismissed(jobId: JobId): void {
    this.jobs = this.jobs.map((job) => (job.id === jobId ? { ...job, dismissed: true } : job));
  }

  async #readAll(since: number): Promise<Job[]> {
    const all: Job[] = [];
    let after: FinishedCursor | null = null;
    do {
      const { jobs, next } = await this.#studio.jobs.finished({ since, after, limit: PAGE });
      all.push(...jobs);
      after = next;
    } while (after !== null);
    return all;
  }

  /** The last state of each job counts. */
  #set(jobs: readonly Job[]): void {
    this.jobs = [...new Map(jobs.map((job) => [job.id, job])).values()];
  }
}
