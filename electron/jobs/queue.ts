import { v7 as uuid } from 'uuid';
import type { Job, JobId, JobRequest, ProfileId } from '../contract/entities.ts';
import { StudioError, type Log } from '../contract/errors.ts';
import type { StudioEvent } from '../contract/events.ts';
import type { Connection } from '../images-api/request.ts';
import type { GenerationEnd } from '../library/generations.ts';
import { writeRecord } from '../library/records.ts';
import type { Library } from '../library/library.ts';
import { createDeveloping } from './developing.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { planGenerations, type PlannedGeneration } from './plan.ts';
import { runGeneration } from './run-generation.ts';
import { stateAfter, stoppedBeforeSending, type StopReason } from './stop-reason.ts';

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
  /** Where it was said to go when it was created. */
  baseUrl: string;
  waiting: PlannedGeneration[];
  running: number;
  started: boolean;
  stop: AbortController;
}

/**
 * The queue: first come, first sent, a fixed number of requests at once. Never sends a request a second time. A disk that refuses fails
 * the job that met it; the queue goes on with the next.
 */
export function createQueue({ library, connect, announce, log, concurrency = CONCURRENCY }: QueueOptions): Queue {
  const ledger = openLedger(library, log);
  const live = new Map<JobId, Live>();
  const ends = new Set<Promise<void>>();
  let closed = false;

  /** What a listener throws is no reason to lose a picture. */
  function tell(event: StudioEvent): void {
    try {
      announce(event);
    } catch (thrown) {
      log(`The event “${event.type}” could not be announced`, thrown);
    }
  }

  const develop = createDeveloping({ library, log, developed: () => tell({ type: 'library' }) });

  const announceJob = (id: JobId): void => {
    const job = ledger.read(id);
    if (job) tell({ type: 'job', job });
  };

  function fill(): void {
    for (const job of live.values()) {
      for (;;) {
        const runningNow = [...live.values()].reduce((sum, { running }) => sum + running, 0);
        if (closed || runningNow >= concurrency) return;
        const next = job.waiting.shift();
        if (!next) break;
        job.running += 1;
        track(runAndSettle(job, next), `Generation ${next.id} failed for an unforeseen reason`);
      }
    }
  }

  async function runAndSettle(job: Live, generation: PlannedGeneration): Promise<void> {
    try {
      await runGeneration({
        library,
        request: job.request,
        baseUrl: job.baseUrl,
        generation,
        connect,
        log,
        signal: job.stop.signal,
        begin: () => begin(job),
        changed: () => announceJob(job.id),
        pictureSaved: () => tell({ type: 'library' }),
        develop: (imageId) => develop(imageId).then(() => announceJob(job.id)),
        ended(end) {
          ledger.finishGeneration(job.id, generation.id, end);
          announceJob(job.id);
        },
        afterwards: (work) => track(work, `The record of generation ${generation.id} could not be written`),
      });
    } finally {
      job.running -= 1;
      if (job.running === 0 && job.waiting.length === 0) settle(job);
      fill();
    }
  }

  function begin(job: Live): void {
    if (!job.started) ledger.start(job.id);
    job.started = true;
  }

  function settle(job: Live): void {
    live.delete(job.id);
    ledger.finishJob(job.id);
    announceJob(job.id);
  }

  /** Cuts off what runs and marks what was never sent, so that nothing is left without an end. */
  function stop(job: Live, reason: StopReason): void {
    job.stop.abort(reason);
    const dropped = job.waiting.splice(0);
    for (const { id } of dropped) ledger.finishGeneration(job.id, id, notSent(reason));
    if (job.running === 0) settle(job);
    for (const { id } of dropped)
      track(writeRecord(library, id), `The record of generation ${id} could not be written`);
  }

  /** Work that {@link Queue.close} waits for. */
  function track(work: Promise<unknown>, complaint: string): void {
    const end = work
      .then(() => undefined)
      .catch((thrown: unknown) => log(complaint, thrown))
      .finally(() => ends.delete(end));
    ends.add(end);
  }

  function refuseWhenClosed(): void {
    if (!closed) return;
    throw new StudioError({ code: 'interrupted', message: 'Emulsion is closing. Nothing was sent.' });
  }

  return {
    async create(request) {
      refuseWhenClosed();
      const generations = planGenerations(request);
      // Asked now so that a missing key is told at once; asked again when the request goes out.
      const connection = await connect(request.profileId);
      refuseWhenClosed();
      const id = uuid() as JobId;
      const { name: profileName, baseUrl } = connection;
      ledger.open({ id, request, profileName, baseUrl, createdAt: Date.now(), estimate: null, generations });
      const stop = new AbortController();
      live.set(id, { id, request, baseUrl, waiting: [...generations], running: 0, started: false, stop });
      announceJob(id);
      fill();
      return readOrThrow(ledger, id);
    },
    list: () => ledger.list(),
    unfinished: () => [...live.keys()].flatMap((id) => ledger.read(id) ?? []),
    cancel(id) {
      const job = live.get(id);
      if (job) stop(job, 'cancelled');
    },
    dismiss(id) {
      ledger.dismiss(id);
      tell({ type: 'job-dismissed', jobId: id });
    },
    async close() {
      closed = true;
      for (const job of [...live.values()]) stop(job, 'closing');
      while (ends.size > 0) await Promise.all(ends);
      ledger.writeRefused();
    },
  };
}

function notSent(reason: StopReason): GenerationEnd {
  const error = stoppedBeforeSending(reason);
  return { state: stateAfter(reason), at: Date.now(), answer: null, billing: 'none', error };
}

function readOrThrow(ledger: Ledger, id: JobId): Job {
  const job = ledger.read(id);
  if (!job) throw new StudioError({ code: 'not-found', message: 'The job is not in the library. Nothing was sent.' });
  return job;
}
