import { v7 as uuid } from 'uuid';
import type { Job, JobId, JobRequest, ProfileId } from '../contract/entities.ts';
import { StudioError, type ErrorReport, type Log } from '../contract/errors.ts';
import type { StudioEvent } from '../contract/events.ts';
import type { Connection } from '../images-api/request.ts';
import { dismissJob, finishJob, listJobs, readJob, recordIntent, startJob } from '../library/jobs.ts';
import { finishGeneration } from '../library/generations.ts';
import { writeRecord } from '../library/records.ts';
import type { Library } from '../library/library.ts';
import { createDeveloping } from './developing.ts';
import { planGenerations, type PlannedGeneration } from './plan.ts';
import { runGeneration, type StopReason } from './run-generation.ts';

/** How many requests run at once, over all jobs. */
const CONCURRENCY = 4;

export interface QueueOptions {
  library: Library;
  /** Address, key and name of a profile; rejects with a {@link StudioError} that says what is missing. */
  connect(profileId: ProfileId): Promise<Connection & { name: string }>;
  announce(event: StudioEvent): void;
  log: Log;
  concurrency?: number;
}

export interface Queue {
  /**
   * Records the intent, durably, and queues it. Resolves before anything is sent.
   * @throws StudioError what `planGenerations` and `connect` throw; `input-invalid` for a picture that is not in the library
   */
  create(request: JobRequest): Promise<Job>;
  /** Waiting, running, and ended with an error that was not dismissed; oldest first. */
  list(): Job[];
  unfinished(): Job[];
  /** Stops a job. What was not sent is not sent; what runs is cut off and may be billed. A finished job stays as it is. */
  cancel(id: JobId): void;
  dismiss(id: JobId): void;
  /** Stops everything, waits until it is recorded. */
  close(): Promise<void>;
}

/** A job under way: what is still to send, and the means to stop what was. */
interface Live {
  id: JobId;
  request: JobRequest;
  waiting: PlannedGeneration[];
  running: number;
  stop: AbortController;
}

/** The queue: first come, first sent, a fixed number of requests at once. Never sends a request a second time. */
export function createQueue({ library, connect, announce, log, concurrency = CONCURRENCY }: QueueOptions): Queue {
  const { db } = library;
  const live = new Map<JobId, Live>();
  const ends = new Set<Promise<void>>();
  let closed = false;

  const develop = createDeveloping({ library, log, developed: () => announce({ type: 'library' }) });

  const announceJob = (id: JobId): void => {
    const job = readJob(db, id);
    if (job) announce({ type: 'job', job });
  };

  function fill(): void {
    for (const job of live.values()) {
      for (;;) {
        const runningNow = [...live.values()].reduce((sum, { running }) => sum + running, 0);
        if (closed || runningNow >= concurrency) return;
        const next = job.waiting.shift();
        if (!next) break;
        job.running += 1;
        const end = runAndSettle(job, next).finally(() => ends.delete(end));
        ends.add(end);
      }
    }
  }

  async function runAndSettle(job: Live, generation: PlannedGeneration): Promise<void> {
    if (readJob(db, job.id)?.state === 'waiting') startJob(db, job.id, Date.now());
    try {
      await runGeneration({
        library,
        request: job.request,
        generation,
        connect,
        log,
        signal: job.stop.signal,
        changed: () => announceJob(job.id),
        pictureSaved: () => announce({ type: 'library' }),
        develop: (imageId) => develop(imageId).then(() => announceJob(job.id)),
        afterwards: track,
      });
    } catch (thrown) {
      // The generation could not be recorded: the disk or the database refuses. The next start finds it as it stood and says so.
      log(`The end of generation ${generation.id} could not be recorded`, thrown);
    }
    job.running -= 1;
    if (job.running === 0 && job.waiting.length === 0) settle(job);
    fill();
  }

  function settle(job: Live): void {
    live.delete(job.id);
    const ended = readJob(db, job.id);
    if (!ended) return;
    const states = new Set(ended.generations.map((generation) => generation.state));
    const state = (['failed', 'interrupted', 'cancelled'] as const).find((bad) => states.has(bad)) ?? 'done';
    const error = ended.generations.find((generation) => generation.state === state)?.error ?? null;
    finishJob(db, job.id, { state, error, at: Date.now() });
    announceJob(job.id);
  }

  /** Marks what was never sent, so that nothing is left without an end. */
  function dropWaiting(job: Live, reason: StopReason): Promise<unknown> {
    const dropped = job.waiting.splice(0);
    for (const { id } of dropped) finishGeneration(db, id, notSent(reason));
    if (job.running === 0) settle(job);
    return Promise.all(dropped.map(({ id }) => writeRecord(library, id)));
  }

  function stop(job: Live, reason: StopReason): Promise<unknown> {
    const dropped = dropWaiting(job, reason);
    job.stop.abort(reason);
    return dropped;
  }

  return {
    async create(request) {
      if (closed) throw closing();
      const generations = planGenerations(request);
      // Asked now so that a missing key is told at once; asked again when the request goes out.
      const connection = await connect(request.profileId);
      const id = uuid() as JobId;
      const { name: profileName, baseUrl } = connection;
      recordIntent(db, { id, request, profileName, baseUrl, createdAt: Date.now(), generations });
      live.set(id, { id, request, waiting: [...generations], running: 0, stop: new AbortController() });
      announceJob(id);
      fill();
      return readJobOrThrow(library, id);
    },
    list: () => listJobs(db),
    unfinished: () => [...live.keys()].flatMap((id) => readJob(db, id) ?? []),
    cancel(id) {
      const job = live.get(id);
      if (job) track(stop(job, 'cancelled'));
    },
    dismiss(id) {
      dismissJob(db, id);
      announce({ type: 'job-dismissed', jobId: id });
    },
    async close() {
      closed = true;
      for (const job of [...live.values()]) track(stop(job, 'closing'));
      while (ends.size > 0) await Promise.all(ends);
    },
  };

  function track(work: Promise<unknown>): void {
    const end = work
      .then(() => undefined)
      .catch((thrown: unknown) => {
        log('A record could not be written', thrown);
      })
      .finally(() => ends.delete(end));
    ends.add(end);
  }
}

function notSent(reason: StopReason): Parameters<typeof finishGeneration>[2] {
  const error: ErrorReport =
    reason === 'cancelled'
      ? {
          code: 'cancelled',
          message: 'Stopped before it was sent. Nothing was made and nothing was billed.',
          billing: 'none',
        }
      : {
          code: 'interrupted',
          message: 'Emulsion closed before this was sent. Nothing was made and nothing was billed.',
          billing: 'none',
        };
  return {
    state: reason === 'cancelled' ? 'cancelled' : 'interrupted',
    at: Date.now(),
    answer: null,
    billing: 'none',
    error,
  };
}

function closing(): StudioError {
  return new StudioError({ code: 'interrupted', message: 'Emulsion is closing. Nothing was sent.' });
}

function readJobOrThrow(library: Library, id: JobId): Job {
  const job = readJob(library.db, id);
  if (!job) throw new StudioError({ code: 'not-found', message: 'The job is not in the library. Nothing was sent.' });
  return job;
}
