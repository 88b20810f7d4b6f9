import type { GenerationId, JobId, ProfileId } from '../contract/entities/ids.ts';
import type { JobRequest } from '../contract/entities/requests.ts';
import type { Micros } from '../contract/entities/money.ts';
import type { PlannedGeneration } from './plan-generations.ts';

/** A request that is still to be sent. */
export interface Waiting {
  plan: PlannedGeneration;
  /** Its place among its job's requests. */
  ordinal: number;
  /** How often it was sent and refused before processing. */
  refusals: number;
}

/** A job under way: what is still to send, and the means to stop what was. */
export interface ActiveJob {
  id: JobId;
  request: JobRequest;
  /** Where it was said to go when it was created. */
  baseUrl: string;
  waiting: Waiting[];
  running: number;
  started: boolean;
  stop: AbortController;
  /** The most that each request without an end was thought to cost, where that is known. */
  reserved: Map<GenerationId, Micros>;
}

/** A job as it enters the line. */
export function activeJob(
  { id, request, baseUrl }: Pick<ActiveJob, 'id' | 'request' | 'baseUrl'>,
  generations: readonly PlannedGeneration[],
): ActiveJob {
  return {
    id,
    request,
    baseUrl,
    waiting: generations.map((plan, ordinal) => ({ plan, ordinal, refusals: 0 })),
    running: 0,
    started: false,
    stop: new AbortController(),
    reserved: new Map(generations.flatMap((plan) => (plan.estimate ? [[plan.id, plan.estimate.max]] : []))),
  };
}

/** The jobs under way in the order in which they send. */
export class JobQueue {
  #jobs: ActiveJob[] = [];

  /** First in line first. */
  get jobs(): readonly ActiveJob[] {
    return this.#jobs;
  }

  get(id: JobId): ActiveJob | null {
    return this.#jobs.find((job) => job.id === id) ?? null;
  }

  add(job: ActiveJob): void {
    this.#jobs.push(job);
  }

  remove(id: JobId): void {
    this.#jobs = this.#jobs.filter((job) => job.id !== id);
  }

  /** Jobs of which nothing is on its way. */
  get order(): JobId[] {
    return this.#jobs.filter(isWaiting).map(({ id }) => id);
  }

  /** Puts a waiting job before another one, or at the end. Where one of them is not in the line, nothing is changed. */
  move(id: JobId, before: JobId | null): void {
    const job = this.get(id);
    if (!job || !isWaiting(job) || id === before) return;
    const others = this.#jobs.filter((other) => other !== job);
    const place = before === null ? others.length : others.findIndex((other) => other.id === before);
    if (place >= 0) this.#jobs = others.toSpliced(place, 0, job);
  }

  /** How many requests of a profile are on their way. */
  running(profileId: ProfileId): number {
    return this.#jobs.reduce((sum, job) => sum + (job.request.profileId === profileId ? job.running : 0), 0);
  }

  /** Takes the first request out of the line whose profile has a place free; null when there is none. */
  takeNext(isFree: (profileId: ProfileId) => boolean): { job: ActiveJob; next: Waiting } | null {
    // Asked once for each profile: a long line would count itself once for each of its jobs.
    const busy = new Set<ProfileId>();
    for (const job of this.#jobs) {
      const { profileId } = job.request;
      if (job.waiting.length === 0 || busy.has(profileId)) continue;
      if (!isFree(profileId)) {
        busy.add(profileId);
        continue;
      }
      const next = job.waiting.shift();
      if (!next) continue;
      job.running += 1;
      return { job, next };
    }
    return null;
  }

  /** Puts a request back into its place among those of its job. */
  requeue(job: ActiveJob, waiting: Waiting): void {
    job.waiting = [...job.waiting, waiting].sort((a, b) => a.ordinal - b.ordinal);
  }
}

function isWaiting({ waiting, running }: ActiveJob): boolean {
  return waiting.length > 0 && running === 0;
}
