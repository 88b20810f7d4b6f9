import type { GenerationId, JobId, ProfileId, Timestamp } from '../contract/entities/ids.ts';
import type { JobRequest } from '../contract/entities/requests.ts';
import type { Micros } from '../contract/entities/money.ts';
import type { PlannedGeneration } from './plan-generations.ts';

/** A request that has not been sent, or was refused and will be sent again. */
export interface QueuedRequest {
  plan: PlannedGeneration;
  /** Index among its job's requests. */
  ordinal: number;
  /** How often it was sent and refused before processing. */
  refusals: number;
}

/** A job that has not ended. */
export interface ActiveJob {
  id: JobId;
  request: JobRequest;
  /** Base URL of its profile when it was created. */
  baseUrl: string;
  /** When it was created: the month whose cap it was checked against. */
  createdAt: Timestamp;
  queued: QueuedRequest[];
  running: number;
  stop: AbortController;
  /** Highest estimate of each request that has not ended, in micros; without requests whose cost is unknown. */
  reserved: Map<GenerationId, Micros>;
}

/** A job of which nothing was sent. */
export function activeJob(
  { id, request, baseUrl, createdAt }: Pick<ActiveJob, 'id' | 'request' | 'baseUrl' | 'createdAt'>,
  generations: readonly PlannedGeneration[],
): ActiveJob {
  return {
    id,
    request,
    baseUrl,
    createdAt,
    queued: generations.map((plan, ordinal) => ({ plan, ordinal, refusals: 0 })),
    running: 0,
    stop: new AbortController(),
    reserved: new Map(generations.flatMap((plan) => (plan.estimate ? [[plan.id, plan.estimate.max]] : []))),
  };
}

/** Jobs that have not ended, in the order in which their requests are sent. */
export class JobQueue {
  #jobs: ActiveJob[] = [];

  /** In queue order. */
  get jobs(): readonly ActiveJob[] {
    return this.#jobs;
  }

  get(id: JobId): ActiveJob | null {
    return this.#jobs.find((job) => job.id === id) ?? null;
  }

  /** The sum of the highest estimates of all requests that have not ended, in micros. */
  get reserved(): Micros {
    return this.#jobs.flatMap(({ reserved }) => [...reserved.values()]).reduce((sum, max) => sum + max, 0);
  }

  /** The same for those that run. */
  get reservedByRunning(): Micros {
    return this.#jobs.flatMap(({ queued }) => queued).reduce((sum, one) => sum - reservedFor(one), this.reserved);
  }

  add(job: ActiveJob): void {
    this.#jobs.push(job);
  }

  remove(id: JobId): void {
    this.#jobs = this.#jobs.filter((job) => job.id !== id);
  }

  /** Ids of the jobs that have queued requests and no running one. */
  get order(): JobId[] {
    return this.#jobs.filter(isQueued).map(({ id }) => id);
  }

  /** Moves a queued job before another one, or to the end. Does nothing when one of them is not queued. */
  move(id: JobId, before: JobId | null): void {
    const job = this.get(id);
    if (!job || !isQueued(job) || id === before) return;
    const others = this.#jobs.filter((other) => other !== job);
    const place = before === null ? others.length : others.findIndex((other) => other.id === before);
    if (place >= 0) this.#jobs = others.toSpliced(place, 0, job);
  }

  /** Number of running requests of a profile. */
  running(profileId: ProfileId): number {
    return this.#jobs.reduce((sum, job) => sum + (job.request.profileId === profileId ? job.running : 0), 0);
  }

  /** Removes and returns the first request whose profile may start one; null when there is none. */
  takeNext(mayStart: (profileId: ProfileId) => boolean): { job: ActiveJob; request: QueuedRequest } | null {
    // Asked once for each profile: counting for each job would be quadratic in a long queue.
    const busy = new Set<ProfileId>();
    for (const job of this.#jobs) {
      const { profileId } = job.request;
      if (job.queued.length === 0 || busy.has(profileId)) continue;
      if (!mayStart(profileId)) {
        busy.add(profileId);
        continue;
      }
      const request = job.queued.shift();
      if (!request) continue;
      job.running += 1;
      return { job, request };
    }
    return null;
  }

  /** Puts a request back at its index among those of its job. */
  requeue(job: ActiveJob, request: QueuedRequest): void {
    job.queued = [...job.queued, request].sort((a, b) => a.ordinal - b.ordinal);
  }
}

/** Highest estimate of a request, in micros; 0 for an unknown cost, as in {@link ActiveJob.reserved}. */
export function reservedFor({ plan }: QueuedRequest): Micros {
  return plan.estimate?.max ?? 0;
}

function isQueued({ queued, running }: ActiveJob): boolean {
  return queued.length > 0 && running === 0;
}
