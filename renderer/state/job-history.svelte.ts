import type { StudioApi } from '../../electron/contract/api.ts';
import type { JobId } from '../../electron/contract/entities/ids.ts';
import type { Job, JobCursor } from '../../electron/contract/entities/jobs.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import { attempt } from './attempt.ts';

const PAGE = 60;

/** Jobs that have ended, newest first, loaded in pages on demand. */
export class JobHistory {
  jobs = $state.raw<Job[]>([]);
  /** Start of the next page; null at the end and before the first page. */
  next = $state.raw<JobCursor | null>(null);
  loaded = $state(false);
  error = $state.raw<ErrorReport | null>(null);
  readonly #studio: StudioApi;
  #current: Promise<void> | null = null;
  /** Jobs updated by events while a page was loading. */
  readonly #told = new Map<JobId, Job>();

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** Reloads the first page and drops the others. */
  load(): Promise<void> {
    return this.#page(null);
  }

  /** Loads the next page. */
  loadMore(): Promise<void> {
    return this.next === null ? Promise.resolve() : this.#page(this.next);
  }

  /** Applies the new state of a job that has ended, if it belongs to the loaded pages. */
  applyUpdate(job: Job): void {
    if (job.finishedAt === null) return;
    this.#told.set(job.id, job);
    if (!this.loaded) return;
    const known = this.jobs.findIndex(({ id }) => id === job.id);
    if (known >= 0) this.jobs = this.jobs.with(known, job);
    else if (this.next === null || isNewer(job, this.next)) this.jobs = [...this.jobs, job].sort(newestFirst);
  }

  /** Marks a job as dismissed. */
  dismissed(jobId: JobId): void {
    this.jobs = this.jobs.map((job) => (job.id === jobId ? { ...job, dismissed: true } : job));
  }

  #page(after: JobCursor | null): Promise<void> {
    this.#current ??= this.#read(after).finally(() => (this.#current = null));
    return this.#current;
  }

  async #read(after: JobCursor | null): Promise<void> {
    this.#told.clear();
    this.error = await attempt(async () => {
      const { jobs, next } = await this.#studio.jobs.history({ after, limit: PAGE });
      const fresh = jobs.map((job) => this.#told.get(job.id) ?? job);
      const told = [...this.#told.values()].filter((job) => next === null || isNewer(job, next));
      const all = new Map([...(after ? this.jobs : []), ...fresh, ...told].map((job) => [job.id, job]));
      this.jobs = [...all.values()].sort(newestFirst);
      this.next = next;
      this.loaded = true;
    });
  }
}

function newestFirst(a: Job, b: Job): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}

/** Whether a job comes before the start of the next page. */
function isNewer(job: Job, place: JobCursor): boolean {
  return job.createdAt > place.createdAt || (job.createdAt === place.createdAt && job.id >= place.id);
}
