import type { GenerationId } from '../contract/entities/ids.ts';
import type { Job, JobGeneration } from '../contract/entities/jobs.ts';
import { amendReport, type Billing, type ErrorReport } from '../contract/errors/errors.ts';
import { errorParts, plainText } from '../contract/errors/messages.ts';
import { countOutcomes, jobBilling, jobOutcome } from '../contract/rules/job-outcome.ts';
import type { GenerationEnd } from '../library/jobs/generations.ts';
import type { Intent } from '../library/jobs/jobs.ts';

/** A job whose end is not recorded: what is known of it where its rows can't be read, and the ends that could not be written. */
export interface UnrecordedJob {
  /** As last read, at first as planned, with what was written since: the job as it is known where it can't be read. */
  job: Job;
  /** Ends of requests that could not be written, with the error. */
  unwritten: Map<GenerationId, { end: GenerationEnd; refusal: ErrorReport }>;
  /** The job has ended, and that could not be written. */
  refused: { at: number; refusal: ErrorReport } | null;
}

/** A job of which only the intent is recorded. */
export function unrecordedJob(intent: Intent): UnrecordedJob {
  return { job: plannedJob(intent), unwritten: new Map(), refused: null };
}

/** Whether an end could not be written. */
export function isUnwritten({ unwritten, refused }: UnrecordedJob): boolean {
  return unwritten.size > 0 || refused !== null;
}

/** The job with its unwritten ends, as failures that name the disk's error. */
export function withUnwrittenEnds({ job, unwritten, refused }: UnrecordedJob): Job {
  const generations = job.generations.map((generation): JobGeneration => {
    const held = unwritten.get(generation.id);
    if (!held) return generation;
    const { billing, cost, error } = held.end;
    return {
      ...generation,
      state: 'failed',
      billing,
      cost: cost?.cost ?? null,
      error: combineErrors(error, billing, held.refusal),
    };
  });
  if (!refused) return { ...job, generations };
  const own = jobOutcome(generations).error;
  const combined = combineErrors(own, own?.billing ?? jobBilling(generations), refused.refusal);
  const error = generations.length === 1 ? combined : amendReport(combined, { requests: countOutcomes(generations) });
  return { ...job, generations, state: 'failed', finishedAt: refused.at, error };
}

/** Combines the request's error and billing with the error that prevented recording them. */
function combineErrors(own: ErrorReport | null, billing: Billing, refusal: ErrorReport): ErrorReport {
  // The request's own error is already the disk error, and names the image's file.
  if (own?.code === refusal.code) return own;
  const known =
    own && !own.requests ? errorParts(own).title : 'The server responded, but the result couldn’t be recorded.';
  const text = `${known} ${plainText(refusal)}`;
  return amendReport(own ?? refusal, { code: refusal.code, billing, detail: { kind: 'text', text } });
}

function plannedJob({ id, request, profileName, createdAt, estimate, batch, generations }: Intent): Job {
  return {
    id,
    state: 'waiting',
    request,
    profileName,
    createdAt,
    startedAt: null,
    finishedAt: null,
    generations: generations.map(({ id: generationId, n }) => ({
      id: generationId,
      state: 'intent',
      n,
      sentAt: null,
      finishedAt: null,
      requestId: null,
      billing: 'none',
      cost: null,
      partials: [],
      images: [],
      error: null,
    })),
    error: null,
    dismissed: false,
    batchId: batch?.id ?? null,
    estimate,
  };
}
