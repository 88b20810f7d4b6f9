import type { Image } from '../../electron/contract/entities/images.ts';
import type { JobId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import { retryOf } from '../../electron/contract/rules/retry-request.ts';
import { RequestSender } from '../state/request-sender.svelte.ts';
import { retryJob, retryKey } from '../state/retry-job.ts';
import type { StudioState } from '../state/studio-state.svelte.ts';

/** Retries what an image's job didn't receive, after the person has seen what is sent and what it costs. */
export class Retry {
  readonly #state: StudioState;
  readonly #sender: RequestSender;
  readonly #onsent: () => void;
  #jobId = $state<JobId | null>(null);

  /** @param onsent a retry was sent */
  constructor(state: StudioState, onsent: () => void) {
    this.#state = state;
    this.#sender = new RequestSender(state);
    this.#onsent = onsent;
  }

  /** The job that the person is asked about. It goes when it was dismissed or retried, here or elsewhere. */
  get job(): Job | null {
    return this.#jobId === null ? null : this.#failed(this.#jobId);
  }

  get sending(): boolean {
    return this.#sender.sending;
  }

  /** Why nothing was sent. With `cap-reached` the person can still confirm. */
  get error(): ErrorReport | null {
    return this.#sender.capConfirmation ?? this.#sender.refusal;
  }

  /** An image's job if some of its requests failed and nobody has dismissed or retried it. */
  jobOf({ jobId }: Pick<Image, 'jobId'>): Job | null {
    return jobId && this.#failed(jobId);
  }

  /** Opens the confirmation. Sends nothing. */
  ask(job: Job): void {
    this.#forget();
    this.#jobId = job.id;
  }

  close(): void {
    this.#jobId = null;
    this.#forget();
  }

  /**
   * Sends the request once; after the warning about the monthly cap, sends it nevertheless.
   * @param clicks `event.detail` of the click; 0 for a key
   */
  async send(clicks = 0): Promise<void> {
    const { job } = this;
    if (job === null) return;
    const sender = this.#sender;
    const id =
      sender.capConfirmation === null
        ? await retryJob(sender, job, clicks)
        : ((await sender.submitOverCapAgain(retryKey(job), clicks))?.[0] ?? null);
    // The person may be asked about another job by now: what was said of this one isn't meant for it.
    if (this.#jobId !== job.id) this.#forget();
    else if (id !== null) this.close();
    if (id !== null) this.#onsent();
  }

  #forget(): void {
    this.#sender.cancelOverCap();
    this.#sender.refusal = null;
  }

  /** Received images that wait to be saved were paid for: they are saved first. */
  #failed(id: JobId): Job | null {
    const job = this.#state.jobs.all.find((each) => each.id === id) ?? null;
    const ended = job !== null && job.finishedAt !== null && job.error !== null && !job.unsaved;
    return ended && retryOf(job).partial ? job : null;
  }
}
