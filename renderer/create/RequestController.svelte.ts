import type { StudioApi } from '../../electron/contract/api.ts';
import type { Job, JobRequest, ProfileId } from '../../electron/contract/entities.ts';
import { toErrorReport, type ErrorReport } from '../../electron/contract/errors.ts';
import { findModel } from '../../electron/contract/models.ts';
import type { ParameterName } from '../../electron/contract/parameters.ts';
import { parameterName } from '../state/parameter-words.ts';
import type { RequestForm } from '../state/request-form.ts';
import type { StudioState } from '../state/studio-state.svelte.ts';
import { checkForm, notSent, requestFromForm } from './request.ts';

/** A second click of a double click comes within this time, in milliseconds; it must not buy a second set of pictures. */
const DOUBLE_CLICK = 500;

/** The Request form's logic: what is wrong, what will not be sent, and sending it once. */
export class RequestController {
  sending = $state(false);
  /** Why the last request was refused before anything was recorded. */
  refusal = $state.raw<ErrorReport | null>(null);
  readonly #studio: StudioApi;
  readonly #state: StudioState;
  #refused: JobRequest | null = null;
  #sentAt = 0;

  constructor(studio: StudioApi, state: StudioState) {
    this.#studio = studio;
    this.#state = state;
  }

  readonly problems = $derived.by(() => checkForm(this.form));
  readonly dropped = $derived.by(() => notSent(this.form));
  readonly model = $derived.by(() => findModel(this.form.model.trim()));

  get form(): RequestForm {
    return this.#state.draft.form;
  }

  /** The fault of a field that is worth saying now: an empty prompt is no fault before there was a word in it. */
  fault(field: ParameterName): string | null {
    const own = this.problems.find((problem) => problem.field === field);
    if (own && !(field === 'prompt' && this.form.prompt.trim() === '')) return own.message;
    return this.#serverFault(field);
  }

  isDropped(field: ParameterName): boolean {
    return this.dropped.some((dropped) => dropped.field === field);
  }

  /** Why the request cannot be sent now, as a short sentence; null when it can. */
  readonly blocked = $derived.by((): string | null => {
    if (!this.#state.connection) return 'Emulsion’s host does not answer. What you wrote is kept';
    if (this.#state.preferences.profile === null) return 'Choose a profile to send';
    const problem = this.problems[0];
    if (!problem) return null;
    if (problem.field === 'prompt')
      return this.form.prompt.trim() === '' ? 'Write a prompt to send' : 'Shorten the prompt to send';
    return `Fix the ${parameterName(problem.field).toLowerCase()} to send`;
  });

  /**
   * Sends what the form asks for, once. A refusal is kept in `refusal`; the form stays as it is either way. True when a job was made
   * of it.
   */
  async send(): Promise<boolean> {
    const profile = this.#state.preferences.profile;
    if (this.sending || this.blocked !== null || profile === null) return false;
    if (Date.now() - this.#sentAt < DOUBLE_CLICK) return false;
    return this.#attempt(requestFromForm($state.snapshot(this.form), profile.id));
  }

  /** Sends a failed job's request anew: a new job and, as the button says, a new request. */
  async sendAgain(job: Job): Promise<void> {
    if (this.sending || Date.now() - this.#sentAt < DOUBLE_CLICK) return;
    if (!(await this.#attempt(job.request))) return;
    try {
      await this.#state.jobs.dismiss(job.id);
    } catch {
      // The new request is on its way, which is what was asked for. The old notice stays; its own button says why it cannot go.
    }
  }

  async chooseProfile(profileId: ProfileId): Promise<void> {
    try {
      this.#state.preferences.settings = await this.#studio.settings.change({ profileId });
    } catch (thrown) {
      this.refusal = toErrorReport(thrown);
    }
  }

  async #attempt(request: JobRequest): Promise<boolean> {
    this.sending = true;
    this.refusal = null;
    try {
      await this.#state.jobs.create(request);
      return true;
    } catch (thrown) {
      this.#refused = request;
      this.refusal = toErrorReport(thrown);
      return false;
    } finally {
      this.sending = false;
      this.#sentAt = Date.now();
    }
  }

  /** What a server or the dispatch said of a field, as long as the field still holds the value that was refused. */
  #serverFault(field: ParameterName): string | null {
    const job = this.#state.jobs.all.findLast(({ error }) => error?.field === field);
    const [error, request] = this.refusal?.field === field ? [this.refusal, this.#refused] : [job?.error, job?.request];
    const profile = this.#state.preferences.profile;
    if (!error || !request || !profile) return null;
    const present = requestFromForm(this.form, profile.id).parameters as Record<string, unknown>;
    const refused = request.parameters as Record<string, unknown>;
    return JSON.stringify(present[field]) === JSON.stringify(refused[field]) ? error.message : null;
  }
}
