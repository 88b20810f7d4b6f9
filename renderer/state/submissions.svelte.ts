import type { StudioApi } from '../../electron/contract/api.ts';
import type { BatchId, JobId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { StudioError, type ErrorCode, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { BatchRequest } from '../../electron/contract/rules/batch.ts';
import type { Jobs } from './jobs.svelte.ts';
import { newId } from './new-id.ts';
import { SendGuard } from './send-guard.ts';

/** What one click sends: one request or a batch. */
export type RequestPayload = { request: JobRequest } | { batch: BatchRequest };

/** A click that sends something. It keeps its id until it is known whether it became a job, so that sending it again never bills twice. */
export interface Submission {
  id: string;
  payload: RequestPayload;
  /** The payload as text, to recognise the same click. */
  key: string;
  /** Called once it has become a job, however late that is known. */
  onaccepted: (() => void) | undefined;
}

/** A host that hasn't answered for this long counts as silent, in milliseconds: it answers before anything is sent. */
const ANSWER_TIMEOUT_MS = 10_000;
const MIN_CHECK_DELAY_MS = 500;
const MAX_CHECK_DELAY_MS = 5_000;
/** Errors after which it is unknown whether the call was carried out. */
const UNKNOWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['host-lost', 'internal']);

/** Everything that this page sends and that costs money goes through here. */
export class Submissions {
  /** Clicks of which it is unknown whether they were accepted. */
  unheard = $state.raw<readonly Submission[]>([]);
  /** What was found out about one of them: it was not accepted. Until dismissed. */
  notAccepted = $state.raw<ErrorReport | null>(null);
  readonly guard = new SendGuard();
  readonly #studio: StudioApi;
  readonly #jobs: Jobs;
  #last: Submission | null = null;
  /** The click that `notAccepted` is about. */
  #lost: Submission | null = null;

  constructor(studio: StudioApi, jobs: Jobs) {
    this.#studio = studio;
    this.#jobs = jobs;
    jobs.watch((job) => this.#shown(job));
  }

  /** The click's submission: the same one again while it is unknown whether it was accepted. @param retryOf the job that is retried */
  begin(payload: RequestPayload, retryOf = '', onaccepted?: () => void): Submission {
    const key = JSON.stringify([payload, retryOf]);
    const known = [...this.unheard, this.#last].find((each) => each?.key === key);
    this.#last = known ?? { id: newId(), payload, key, onaccepted };
    // The view that sent it first may be gone.
    this.#last.onaccepted = onaccepted;
    return this.#last;
  }

  /**
   * Sends a click.
   * @returns its jobs
   * @throws StudioError `host-lost` where it is unknown whether it was accepted, which is being found out; otherwise nothing was sent
   */
  async send(submission: Submission, overCap = false): Promise<readonly JobId[]> {
    this.dismiss();
    const jobs = new AbortController();
    try {
      const ids = await Promise.race([
        this.#create(submission, overCap),
        // An event about its job counts as the answer, also where the answer itself is lost.
        this.#jobs.whenShown(submission.id, jobs.signal),
        silence(jobs.signal),
      ]);
      this.#settle(submission);
      submission.onaccepted?.();
      return ids;
    } catch (thrown) {
      if (!isUnknown(thrown)) throw thrown;
      this.#startCheck(submission, thrown);
      throw notHeard(thrown);
    } finally {
      jobs.abort();
    }
  }

  /** Hides what was found out. */
  dismiss(): void {
    this.notAccepted = null;
    this.#lost = null;
  }

  async #create({ id, payload }: Submission, overCap: boolean): Promise<readonly JobId[]> {
    if ('request' in payload) return [(await this.#jobs.create(payload.request, { id: id as JobId, overCap })).id];
    const batch = await this.#jobs.createBatch(payload.batch, { id: id as BatchId, overCap });
    return batch.cells.map(({ jobId }) => jobId);
  }

  /** It is known what became of it. */
  #settle(submission: Submission): void {
    this.unheard = this.unheard.filter((each) => each !== submission);
    if (this.#last === submission) this.#last = null;
  }

  #startCheck(submission: Submission, cause: unknown): void {
    if (this.unheard.includes(submission)) return;
    this.unheard = [...this.unheard, submission];
    void this.#check(submission, cause instanceof StudioError && cause.code === 'internal' ? 'internal' : 'host-lost');
  }

  /** Asks until the host answers. Its first "no" is asked again: the click may still be on its way. */
  async #check(submission: Submission, cause: 'internal' | 'host-lost'): Promise<void> {
    let unknownToHost = 0;
    for (let wait = MIN_CHECK_DELAY_MS; this.unheard.includes(submission); wait *= 2) {
      const exists = await this.#exists(submission);
      if (exists === true && this.unheard.includes(submission)) this.#accept(submission);
      unknownToHost = exists === false ? unknownToHost + 1 : 0;
      if (unknownToHost > 1 && this.unheard.includes(submission)) this.#reject(submission, cause);
      if (this.unheard.includes(submission)) await delay(Math.min(wait, MAX_CHECK_DELAY_MS));
    }
  }

  /** Null: the host can't say. */
  async #exists({ id, payload }: Submission): Promise<boolean | null> {
    try {
      if ('request' in payload) return this.#jobs.take(await this.#studio.jobs.get({ jobId: id }));
      const { cells } = await this.#studio.jobs.getBatch({ batchId: id });
      for (const { job } of cells) this.#jobs.take(job);
      return true;
    } catch (thrown) {
      return thrown instanceof StudioError && thrown.code === 'not-found' ? false : null;
    }
  }

  #accept(submission: Submission): void {
    this.#settle(submission);
    submission.onaccepted?.();
  }

  #reject(submission: Submission, code: 'internal' | 'host-lost'): void {
    this.unheard = this.unheard.filter((each) => each !== submission);
    this.#lost = submission;
    const kind = code === 'internal' ? 'internal' : 'not-accepted';
    this.notAccepted = new StudioError({ code, detail: { kind } }).report;
  }

  #shown(job: Job): void {
    const isOf = ({ id }: Submission): boolean => id === job.id || id === job.batchId;
    const heard = this.unheard.find(isOf);
    if (heard) this.#accept(heard);
    // It arrived after all.
    if (this.#lost && isOf(this.#lost)) {
      this.#accept(this.#lost);
      this.dismiss();
    }
  }
}

function isUnknown(thrown: unknown): boolean {
  return !(thrown instanceof StudioError) || UNKNOWN.has(thrown.code);
}

function notHeard(cause: unknown): StudioError {
  return new StudioError({ code: 'host-lost', detail: { kind: 'not-heard' }, billing: 'possible' }, { cause });
}

/** Rejects when the host has been silent for too long. */
function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setTimeout(() => reject(notHeard(null)), ANSWER_TIMEOUT_MS);
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
