import { StudioError, toErrorReport, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { JobId } from '../../electron/contract/entities/ids.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import type { Jobs } from './jobs.svelte.ts';
import type { Press } from './send-guard.ts';
import type { RequestPayload, Submission, SubmissionOptions, Submissions } from './submissions.svelte.ts';

/** Sends the clicks of one form or list, each exactly once, and keeps why one was refused. The only way to a request that costs money. */
export class RequestSender {
  sending = $state(false);
  /** Why the last request was refused before it was recorded. */
  refusal = $state.raw<ErrorReport | null>(null);
  /** The warning that the monthly cap would be exceeded, while the person is asked. */
  capConfirmation = $state.raw<ErrorReport | null>(null);
  readonly #jobs: Jobs;
  readonly #submissions: Submissions;
  #asked: { submission: Submission; press: Press } | null = null;
  #refused: RequestPayload | null = null;

  constructor({ jobs, submissions }: { jobs: Jobs; submissions: Submissions }) {
    this.#jobs = jobs;
    this.#submissions = submissions;
  }

  /** The request that was refused last; null where it was a batch. */
  get refusedRequest(): JobRequest | null {
    return this.#refused === null || 'batch' in this.#refused ? null : this.#refused.request;
  }

  /**
   * A press on a button that spends. Null: it repeats the last one and is ignored.
   * @param key what it asks for, as text
   * @param clicks `event.detail` of a click; 0 for a key
   */
  press(key: string, clicks = 0): Press | null {
    const { guard } = this.#submissions;
    if (!this.sending) return guard.press(key, clicks);
    guard.extend();
    return null;
  }

  /** @returns the jobs that it became; null where it was refused, or where that is not known yet */
  async submit(
    payload: RequestPayload,
    press: Press,
    options: SubmissionOptions = {},
  ): Promise<readonly JobId[] | null> {
    return this.#send(this.#submissions.begin(payload, options), press, false);
  }

  /** The person agreed to exceed the cap: sends the same click, with the same id. */
  async submitOverCap(): Promise<readonly JobId[] | null> {
    const asked = this.#asked;
    this.capConfirmation = null;
    this.#asked = null;
    const press = asked && this.press(`${asked.submission.key} over the cap`);
    return asked && press && this.#send(asked.submission, press, true);
  }

  /**
   * `submitOverCap` by the button that sent the request before, which says so now. A repetition of that press agrees to nothing.
   * @param key of that press
   * @param clicks `event.detail` of a click; 0 for a key
   */
  async submitOverCapAgain(key: string, clicks: number): Promise<readonly JobId[] | null> {
    const press = this.press(key, clicks);
    press?.asked();
    return press && this.submitOverCap();
  }

  /** The person doesn't want to exceed the cap. */
  cancelOverCap(): void {
    this.capConfirmation = null;
    this.#asked?.press.refused();
    this.#asked = null;
  }

  async #send(submission: Submission, press: Press, overCap: boolean): Promise<readonly JobId[] | null> {
    this.sending = true;
    this.refusal = null;
    try {
      const ids = await this.#submissions.send(submission, overCap);
      press.accepted(() => this.#haveFailed(submission.id, ids));
      return ids;
    } catch (thrown) {
      this.#keepRefusal(submission, press, toErrorReport(thrown), thrown instanceof StudioError ? thrown : null);
      return null;
    } finally {
      this.sending = false;
    }
  }

  #keepRefusal(submission: Submission, press: Press, report: ErrorReport, error: StudioError | null): void {
    this.#refused = submission.payload;
    if (error?.code === 'cap-reached') {
      press.asked();
      this.#asked = { submission, press };
      this.capConfirmation = report;
      // What is unknown is shown by the page's notice until it is known.
    } else if (error?.code === 'host-lost') press.asked();
    else {
      press.refused();
      this.refusal = report;
    }
  }

  /** Whether everything that a click sent has ended, and none of it well. */
  #haveFailed(id: string, ids: readonly JobId[]): boolean {
    const jobs = [...this.#jobs.all, ...this.#jobs.finished].filter(
      (job) => job.id === id || job.batchId === id || ids.includes(job.id),
    );
    return jobs.length > 0 && jobs.every(({ finishedAt, error }) => finishedAt !== null && error !== null);
  }
}
