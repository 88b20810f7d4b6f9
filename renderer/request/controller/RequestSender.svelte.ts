import type { BatchId, JobId } from '../../../electron/contract/entities/ids.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import { StudioError, toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import type { BatchRequest } from '../../../electron/contract/rules/batch.ts';
import { DoubleClickGuard } from '../../shared/controls/double-click.ts';
import type { Jobs } from '../../state/jobs.svelte.ts';
import { newId } from '../../state/new-id.ts';

/** What one click sends: one request or a batch. */
export type RequestPayload = { request: JobRequest } | { batch: BatchRequest };

/** A click. It keeps its id until it has become a job, so that sending it again after a lost response never bills twice. */
interface PendingSend {
  id: string;
  payload: RequestPayload;
  /** The payload as text, to recognise the same click. */
  key: string;
}

/** Sends each click exactly once, and keeps why it was refused. */
export class RequestSender {
  sending = $state(false);
  /** Why the last request was refused before it was recorded. */
  refusal = $state.raw<ErrorReport | null>(null);
  /** The warning that the monthly cap would be exceeded, while the person is asked. */
  capConfirmation = $state.raw<ErrorReport | null>(null);
  readonly #jobs: Jobs;
  readonly #guard = new DoubleClickGuard();
  #pendingSend: PendingSend | null = null;
  #refused: RequestPayload | null = null;
  /** The jobs of the last request that was accepted. */
  #lastJobs: readonly JobId[] = [];

  constructor(jobs: Jobs) {
    this.#jobs = jobs;
  }

  /** The request that was refused last; null where it was a batch. */
  get refusedRequest(): JobRequest | null {
    return this.#refused === null || 'batch' in this.#refused ? null : this.#refused.request;
  }

  /**
   * @param button identifies the button for the double-click guard
   * @param retryOf the failed job, for a retry
   * @returns whether it became a job or a batch
   */
  submit(payload: RequestPayload, { button, retryOf = '' }: { button: string; retryOf?: string }): Promise<boolean> {
    return this.#send(this.#pendingSendFor(payload, retryOf), { button });
  }

  /** The person agreed to exceed the cap: sends the same click, with the same id. */
  async submitOverCap(): Promise<boolean> {
    const pendingSend = this.#pendingSend;
    this.capConfirmation = null;
    return pendingSend !== null && !this.sending && this.#send(pendingSend, { button: 'over the cap', overCap: true });
  }

  /** True for the second press of a double click, unless the request of the first has ended already. */
  blocksDoubleClick(button: string): boolean {
    const { all, finished } = this.#jobs;
    const jobs = [...all, ...finished];
    const hasEnded = (id: JobId) => jobs.some((job) => job.id === id && job.finishedAt !== null);
    if (this.#lastJobs.every(hasEnded)) this.#guard.release();
    return this.#guard.blocks(button);
  }

  #pendingSendFor(payload: RequestPayload, retryOf: string): PendingSend {
    const key = JSON.stringify([payload, retryOf]);
    const { all, finished } = this.#jobs;
    // An event about its job counts as the response, even where the response itself was lost.
    const answered = [...all, ...finished].some(
      ({ id, batchId }) => id === this.#pendingSend?.id || batchId === this.#pendingSend?.id,
    );
    if (this.#pendingSend?.key !== key || answered) this.#pendingSend = { id: newId(), payload, key };
    return this.#pendingSend;
  }

  async #send(
    { id, payload }: PendingSend,
    { button, overCap = false }: { button: string; overCap?: boolean },
  ): Promise<boolean> {
    this.sending = true;
    this.refusal = null;
    try {
      this.#lastJobs = await this.#create(payload, id, overCap);
      this.#guard.press(button);
      this.#pendingSend = null;
      return true;
    } catch (thrown) {
      this.#refused = payload;
      if (thrown instanceof StudioError && thrown.code === 'cap-reached') this.capConfirmation = thrown.report;
      else this.refusal = toErrorReport(thrown);
      return false;
    } finally {
      this.sending = false;
    }
  }

  async #create(payload: RequestPayload, id: string, overCap: boolean): Promise<JobId[]> {
    if ('request' in payload) return [(await this.#jobs.create(payload.request, { id: id as JobId, overCap })).id];
    const batch = await this.#jobs.createBatch(payload.batch, { id: id as BatchId, overCap });
    return batch.cells.map(({ jobId }) => jobId);
  }
}
