import type { GenerationId, JobId } from '../contract/entities/ids.ts';
import type { Job, JobGeneration, UnsavedFile } from '../contract/entities/jobs.ts';
import { StudioError, toErrorReport, type Log } from '../contract/errors/errors.ts';
import { refusedUnsent } from '../contract/errors/messages.ts';
import { jobOutcome } from '../contract/rules/job-outcome.ts';
import { transact } from '../library/db/database.ts';
import { recordBatch, type BatchIntent } from '../library/jobs/batches.ts';
import { finishGeneration, markSent, type GenerationEnd } from '../library/jobs/generations.ts';
import {
  dismissJob,
  finishJob,
  listJobs,
  readEndedRequests,
  readJob,
  recordIntent,
  startJob,
  requeueGeneration,
  type Intent,
} from '../library/jobs/jobs.ts';
import type { Library } from '../library/library.ts';
import { storageDetailOf } from '../library/storage-check.ts';
import { isUnwritten, unrecordedJob, withUnwrittenEnds, type UnrecordedJob } from './unrecorded-job.ts';

/**
 * Writes jobs to the database. An end that could not be written is kept in memory, shown as a failure with the disk's error, and written
 * as soon as the disk takes it. If that fails too, the next start reports what the rows say.
 */
export interface JobStore {
  /** On disk when it returns. @throws StudioError what `recordIntent` throws; then nothing is recorded */
  open(intent: Intent): void;
  /** The same for all jobs of a batch, all or none. */
  openBatch(batch: BatchIntent, intents: readonly Intent[]): void;
  /** The request is about to be sent. @throws StudioError when it cannot be written: then nothing may be sent */
  markSent(jobId: JobId, id: GenerationId): void;
  /** Marks a request that was rate limited, or not sent after all, as queued. @throws StudioError when it cannot be written: then the request has to end */
  requeueGeneration(jobId: JobId, id: GenerationId): void;
  /** Never throws. */
  finishGeneration(jobId: JobId, id: GenerationId, end: GenerationEnd): void;
  /** Ends a job with the outcome of its generations. Never throws. */
  finishJob(id: JobId): void;
  /** A job, including ends that could not be written. Never throws. */
  read(id: JobId): Job | null;
  /** A job with the images that are not saved yet. */
  withUnsaved(job: Job): Job;
  list(): Job[];
  /** @throws StudioError when an end still cannot be written, or the job has not ended */
  dismiss(id: JobId): void;
  /** Whether an end still has to be written. */
  hasUnwritten(): boolean;
  /** Tries once more to write ends that failed. Returns the jobs whose ends are written now. Never throws. */
  retryFailedWrites(): JobId[];
}

export interface JobStoreOptions {
  library: Library;
  /** Receives every failed write. */
  log: Log;
  /** A write failed for the first time. */
  onRefused(thrown: unknown): void;
  /** A job's images that are not saved yet. */
  unsavedOf(id: JobId): UnsavedFile[];
}

export function createJobStore({ library: { db }, log, onRefused, unsavedOf }: JobStoreOptions): JobStore {
  /** Jobs whose end is not recorded. */
  const entries = new Map<JobId, UnrecordedJob>();

  function keep(intent: Intent): void {
    entries.set(intent.id, unrecordedJob(intent));
  }

  /** Notes what was written about a request. */
  function note(jobId: JobId, id: GenerationId, change: Partial<JobGeneration>): void {
    const entry = entries.get(jobId);
    if (!entry) return;
    const generations = entry.job.generations.map((each) => (each.id === id ? { ...each, ...change } : each));
    entry.job = { ...entry.job, generations };
  }

  function withUnsaved(job: Job): Job {
    const unsaved = unsavedOf(job.id);
    return unsaved.length === 0 ? job : { ...job, unsaved };
  }

  function read(id: JobId): Job | null {
    const job = readStored(id);
    return job && withUnsaved(job);
  }

  function readStored(id: JobId): Job | null {
    const entry = entries.get(id);
    try {
      const job = readJob(db, id);
      if (!entry || !job) return job;
      entry.job = job;
    } catch (thrown) {
      log(`Job ${id} could not be read`, thrown);
    }
    return entry ? withUnwrittenEnds(entry) : null;
  }

  function isReadable(id: JobId): boolean {
    try {
      return readJob(db, id) !== null;
    } catch {
      // Logged by the next `read`, which returns what is known.
      return false;
    }
  }

  /** Writes the ends that were refused. @throws StudioError when one still can't be written */
  function writeEnds({ unwritten }: UnrecordedJob): void {
    for (const [id, { end }] of unwritten) {
      finishGeneration(db, id, end);
      unwritten.delete(id);
    }
  }

  /** The same for a job of which other requests still run. */
  function catchUp(id: JobId, entry: UnrecordedJob): void {
    try {
      writeEnds(entry);
    } catch (thrown) {
      log(`Ends of job ${id} still can’t be recorded`, thrown);
    }
  }

  function finish(id: JobId): void {
    const entry = entries.get(id);
    if (!entry) return;
    const at = entry.refused?.at ?? Date.now();
    try {
      writeEnds(entry);
      const outcome = jobOutcome(readEndedRequests(db, id));
      finishJob(db, id, { ...outcome, at });
      entry.job = { ...entry.job, ...outcome, finishedAt: at };
      entry.refused = null;
      if (isReadable(id)) entries.delete(id);
    } catch (thrown) {
      log(`The end of job ${id} could not be recorded`, thrown);
      const isFirst = entry.refused === null;
      entry.refused = { at, refusal: toErrorReport(thrown) };
      if (isFirst) onRefused(thrown);
    }
  }

  return {
    open(intent) {
      record(() => recordIntent(db, intent));
      keep(intent);
    },
    openBatch(batch, intents) {
      record(() => recordBatch(db, batch, intents));
      for (const intent of intents) keep(intent);
    },
    markSent(jobId, id) {
      const at = Date.now();
      transact(db, () => {
        startJob(db, jobId, at);
        markSent(db, id, at);
      });
      note(jobId, id, { state: 'sent', sentAt: at, billing: 'possible' });
    },
    requeueGeneration(jobId, id) {
      requeueGeneration(db, jobId, id);
      note(jobId, id, { state: 'intent', sentAt: null, billing: 'none' });
    },
    finishGeneration(jobId, id, end) {
      try {
        finishGeneration(db, id, end);
        const { state, at: finishedAt, billing, cost, error } = end;
        note(jobId, id, { state, finishedAt, billing, cost: cost?.cost ?? null, error });
      } catch (thrown) {
        log(`The end of generation ${id} could not be recorded`, thrown);
        entries.get(jobId)?.unwritten.set(id, { end, refusal: toErrorReport(thrown) });
        onRefused(thrown);
      }
    },
    finishJob: finish,
    read,
    withUnsaved,
    list() {
      try {
        return listJobs(db).map((job) => withUnsaved(entries.has(job.id) ? (readStored(job.id) ?? job) : job));
      } catch (thrown) {
        // A damaged index hides what has ended; what runs is known, and the library's notice says the rest.
        log('The jobs could not be listed', thrown);
        return [...entries.keys()].flatMap((id) => read(id) ?? []);
      }
    },
    dismiss(id) {
      if (entries.get(id)?.refused) finish(id);
      const refusal = entries.get(id)?.refused?.refusal;
      if (refusal) throw new StudioError(refusal);
      dismissJob(db, id);
    },
    hasUnwritten: () => [...entries.values()].some(isUnwritten),
    retryFailedWrites() {
      const refused = [...entries].filter(([, entry]) => isUnwritten(entry));
      for (const [id, entry] of refused) {
        if (entry.refused) finish(id);
        else catchUp(id, entry);
      }
      return refused.flatMap(([id, entry]) => (isUnwritten(entry) ? [] : [id]));
    },
  };
}

/** @throws StudioError what `write` throws; an error of the library's storage says that nothing was sent */
function record(write: () => void): void {
  try {
    write();
  } catch (thrown) {
    if (!(thrown instanceof StudioError) || !storageDetailOf(thrown)) throw thrown;
    throw new StudioError({ code: thrown.code, message: refusedUnsent(thrown.message) }, { cause: thrown.cause });
  }
}
