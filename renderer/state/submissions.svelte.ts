import type { StudioApi } from '../../electron/contract/api.ts';
import type { BatchId, JobId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { StudioError, type ErrorCode, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { BatchRequest } from '../../electron/contract/rules/batch.ts';
import { currentTime } from '../page/clock.ts';
import type { Jobs } from './jobs.svelte.ts';
import { newId } from './new-id.ts';
import { SendGuard } from './send-guard.ts';
import { shortHash } from './short-hash.ts';
import { StoredSubmissions, type SubmissionRecord } from './stored-submissions.ts';

/** What one click sends: one request or a batch. */
export type RequestPayload = { request: JobRequest } | { batch: BatchRequest };

/** A click that sends something. It keeps its id until it is known whether it became a job, so that sending it again never bills twice. */
export interface Submission extends SubmissionRecord {
  payload: RequestPayload;
}

export interface SubmissionOptions {
  /** The job that is retried. */
  retryOf?: JobId | undefined;
  /** The job that is dismissed once this one is accepted, however late that is known. */
  replaces?: JobId | null | undefined;
  /** Called once it has become a job, if this page still exists. */
  onaccepted?: (() => void) | undefined;
}

interface SubmissionsOptions {
  studio: StudioApi;
  jobs: Jobs;
  /** The open library's folder. */
  library: () => string;
  stored?: StoredSubmissions;
}

/** A host that hasn't answered for this long counts as silent, in milliseconds: it answers before anything is sent. */
const ANSWER_TIMEOUT_MS = 10_000;
const MIN_CHECK_DELAY_MS = 500;
const MAX_CHECK_DELAY_MS = 5_000;
/** Errors after which it is unknown whether the call was carried out. */
const UNKNOWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['host-lost', 'internal']);

/** Everything that this page sends and that costs money goes through here. */
export class Submissions {
  /** Clicks of which it is unknown whether they were accepted, and about which this page asks the host. */
  unheard = $state.raw<readonly SubmissionRecord[]>([]);
  /** What was found out about one of them: it was not accepted. Until dismissed. */
  notAccepted = $state.raw<ErrorReport | null>(null);
  readonly guard = new SendGuard();
  readonly #studio: StudioApi;
  readonly #jobs: Jobs;
  readonly #library: () => string;
  readonly #stored: StoredSubmissions;
  /** Ids that this page sends or asks about. */
  readonly #own = new Set<string>();
  readonly #callbacks = new Map<string, () => void>();
  #last: SubmissionRecord | null = null;
  /** The click that `notAccepted` is about. */
  #lost: SubmissionRecord | null = null;

  constructor({ studio, jobs, library, stored = new StoredSubmissions() }: SubmissionsOptions) {
    this.#studio = studio;
    this.#jobs = jobs;
    this.#library = library;
    this.#stored = stored;
    jobs.watch((job) => this.#shown(job));
  }

  /** The click's submission: with the same id again while it is unknown whether it was accepted, also by an earlier page or another tab. */
  begin(payload: RequestPayload, { retryOf, replaces = null, onaccepted }: SubmissionOptions = {}): Submission {
    const key = shortHash(JSON.stringify([payload, retryOf ?? '']));
    const known = [...this.unheard, ...this.#kept(), this.#last].find((each) => each?.key === key);
    const submission: Submission = {
      id: known?.id ?? newId(),
      kind: 'request' in payload ? 'job' : 'batch',
      key,
      library: shortHash(this.#library()),
      at: currentTime(),
      replaces,
      payload,
    };
    // The view that sent it first may be gone.
    this.#callbacks.delete(submission.id);
    if (onaccepted) this.#callbacks.set(submission.id, onaccepted);
    this.#last = submission;
    return submission;
  }

  /**
   * Sends a click. Its id is stored before that, because the page may end at any moment.
   * @returns its jobs
   * @throws StudioError `host-lost` where it is unknown whether it was accepted, which is being found out; otherwise nothing was sent
   */
  async send(submission: Submission, overCap = false): Promise<readonly JobId[]> {
    this.dismiss();
    const wasUnknown = this.#kept().some(({ id }) => id === submission.id);
    this.#keep(submission);
    const jobs = new AbortController();
    try {
      const ids = await Promise.race([
        this.#create(submission, overCap),
        // An event about its job counts as the answer, also where the answer itself is lost.
        this.#jobs.whenShown(submission.id, jobs.signal),
        silence(jobs.signal),
      ]);
      this.#accept(submission);
      return ids;
    } catch (thrown) {
      if (isUnknown(thrown)) {
        this.#startCheck(submission, thrown);
        throw notHeard(thrown);
      }
      // A refusal of this call says nothing about an earlier one with the same id.
      if (!wasUnknown) this.#forget(submission);
      throw thrown;
    } finally {
      jobs.abort();
    }
  }

  /** Asks about the clicks that earlier pages left without an answer. Call when the settings are loaded. */
  resume(): void {
    for (const record of this.#kept()) {
      if (this.#own.has(record.id)) continue;
      this.#own.add(record.id);
      void this.#takeOver(record);
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

  #kept(): SubmissionRecord[] {
    return this.#stored.list(this.#library()).filter(({ kind }) => kind !== 'test-image');
  }

  #keep(submission: Submission): void {
    const { payload: _, ...record } = submission;
    this.#own.add(record.id);
    this.#stored.keep({ ...record, at: currentTime() });
  }

  /** Its outcome is known. */
  #forget({ id }: SubmissionRecord): void {
    this.#stored.forget(id);
    this.#own.delete(id);
    this.unheard = this.unheard.filter((each) => each.id !== id);
  }

  #isUnheard({ id }: SubmissionRecord): boolean {
    return this.unheard.some((each) => each.id === id);
  }

  #startCheck(record: SubmissionRecord, cause: unknown, underWay = 0): void {
    if (this.#isUnheard(record)) return;
    this.unheard = [...this.unheard, record];
    const code = cause instanceof StudioError && cause.code === 'internal' ? 'internal' : 'host-lost';
    void this.#check(record, code, performance.now() + underWay);
  }

  /** Nothing is said about a click that the host knows. */
  async #takeOver(record: SubmissionRecord): Promise<void> {
    const exists = await this.#exists(record, MIN_CHECK_DELAY_MS);
    if (!this.#own.has(record.id)) return;
    if (exists === true) this.#accept(record);
    // Another tab may still be sending it.
    else this.#startCheck(record, null, Math.min(ANSWER_TIMEOUT_MS, record.at + ANSWER_TIMEOUT_MS - currentTime()));
  }

  /**
   * Asks until the host answers. Its first "no" is asked again: the click may still be on its way.
   * @param notBefore no "no" counts before this time, `performance.now()`
   */
  async #check(record: SubmissionRecord, cause: 'internal' | 'host-lost', notBefore: number): Promise<void> {
    let unknownToHost = 0;
    for (let wait = MIN_CHECK_DELAY_MS; this.#isUnheard(record); wait *= 2) {
      const exists = await this.#exists(record);
      if (!this.#isUnheard(record)) return;
      unknownToHost = exists === false ? unknownToHost + 1 : 0;
      if (exists === true) this.#accept(record);
      else if (record.library !== shortHash(this.#library())) this.#leave(record);
      else if (unknownToHost > 1 && performance.now() >= notBefore) this.#reject(record, cause);
      else await delay(Math.min(wait, MAX_CHECK_DELAY_MS));
    }
  }

  /** The host has opened another library: the click stays stored until its own is open again. */
  #leave({ id }: SubmissionRecord): void {
    this.#own.delete(id);
    this.unheard = this.unheard.filter((each) => each.id !== id);
  }

  /** Null: the host can't say, or not within this time. */
  #exists(record: SubmissionRecord, timeout = ANSWER_TIMEOUT_MS): Promise<boolean | null> {
    return Promise.race([this.#ask(record), delay(timeout).then(() => null)]);
  }

  async #ask({ id, kind }: SubmissionRecord): Promise<boolean | null> {
    try {
      if (kind !== 'batch') return this.#jobs.take(await this.#studio.jobs.get({ jobId: id }));
      const { cells } = await this.#studio.jobs.getBatch({ batchId: id });
      for (const { job } of cells) this.#jobs.take(job);
      return true;
    } catch (thrown) {
      return thrown instanceof StudioError && thrown.code === 'not-found' ? false : null;
    }
  }

  #accept(record: SubmissionRecord): void {
    // An event and the answer may both say so.
    if (!this.#own.has(record.id) && this.#lost?.id !== record.id) return;
    this.#forget(record);
    if (this.#last?.id === record.id) this.#last = null;
    // If it can't be dismissed, the old notice stays, and its own Dismiss button says why it can't go.
    if (record.replaces !== null) this.#jobs.dismiss(record.replaces).catch(() => undefined);
    const callback = this.#callbacks.get(record.id);
    this.#callbacks.delete(record.id);
    callback?.();
  }

  #reject(record: SubmissionRecord, code: 'internal' | 'host-lost'): void {
    this.#forget(record);
    this.#lost = record;
    // Sending it again keeps its id, in case it arrives after all.
    this.#last = record;
    const kind = code === 'internal' ? 'internal' : 'not-accepted';
    this.notAccepted = new StudioError({ code, detail: { kind } }).report;
  }

  #shown(job: Job): void {
    const isOf = ({ id }: SubmissionRecord): boolean => id === job.id || id === job.batchId;
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
