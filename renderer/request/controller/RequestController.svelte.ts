import type { StudioApi } from '../../../electron/contract/api.ts';
import { MAX_BATCH_SIZE, type BatchRequest } from '../../../electron/contract/rules/batch.ts';
import type { BatchId, JobId, ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import { StudioError, toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { notSent } from '../../../electron/contract/errors/messages.ts';
import type { Estimate, EstimateFacts } from '../../../electron/contract/costs/estimate.ts';
import type { InputProblem } from '../../../electron/contract/rules/input-rules.ts';
import type { Model } from '../../../electron/contract/catalogue/models.ts';
import type { Operation } from '../../../electron/contract/catalogue/parameters.ts';
import { STANDARD_SERVER, modelOnServer, resolveServer } from '../../../electron/contract/catalogue/servers.ts';
import { formatCount } from '../../shared/format/counts.ts';
import { DoubleClickGuard } from '../../shared/controls/double-click.ts';
import { lowercaseFirst } from '../../shared/format/lowercase-first.ts';
import { newId } from '../../state/new-id.ts';
import { parameterName } from '../../state/parameter-labels.ts';
import type { RequestDraft, RequestForm } from '../../state/request-form.ts';
import type { StudioState } from '../../state/studio-state.svelte.ts';
import { planBatch, type BatchPlan } from '../model/batch-plan.ts';
import { DraftInputs } from './DraftInputs.svelte.ts';
import { resetField, type OmittedParameter } from '../model/omitted-parameters.ts';
import { inputSizes, Pricing } from './Pricing.svelte.ts';
import { requestFromForm, resolveForm, type ResolvedForm } from '../model/request-from-form.ts';
import { trayFor, type InputTray } from '../tray/InputTray.svelte.ts';

/** What one click sends. */
type RequestPayload = { request: JobRequest } | { batch: BatchRequest };

/** What a person has asked for with a click, apart from the images that are made for it. */
interface RequestSnapshot {
  form: RequestForm;
  extras: Pick<JobRequest, 'canvas'>;
}

/** A click: its id stays with it until a job has come of it, so that asking again after a lost answer never buys twice. */
interface PendingSend {
  id: string;
  payload: RequestPayload;
  /** The order as text, to know it again. */
  key: string;
}

/** What a request is written on: *Create* has one, each draft of the canvas another. */
export interface RequestSource {
  /** The form, and which inputs it and the tray agreed on last. */
  draft: RequestDraft;
  tray: InputTray;
  /** Sent along with every request. */
  extras?(): Pick<JobRequest, 'canvas'>;
  /**
   * Called when the person sends, before the request is made of the form: brings into the tray what is made only then. False: the
   * person has to be asked first, or it failed and says so itself; nothing is sent.
   */
  before?(): Promise<boolean>;
  /** The measures of what will go out, where the tray holds other ones until then. To be read in a `$derived`. */
  measures?(): EstimateFacts['inputs'];
  /** Called when the click has ended, whatever came of it, if `before` was true. */
  after?(): void;
}

/** The Request form's logic: what is wrong, what will not be sent, what it costs, and sending it once. */
export class RequestController {
  sending = $state(false);
  /** Why the last request was refused before anything was recorded. */
  refusal = $state.raw<ErrorReport | null>(null);
  /** The month's cap would be crossed: what was said, while the person is asked. */
  capConfirmation = $state.raw<ErrorReport | null>(null);
  readonly tray: InputTray;
  readonly pricing: Pricing;
  readonly inputs: DraftInputs;
  readonly #studio: StudioApi;
  readonly #state: StudioState;
  readonly #source: RequestSource;
  #pendingSend: PendingSend | null = null;
  #refusedPayload: RequestPayload | null = null;
  readonly #guard = new DoubleClickGuard();
  /** The jobs of the last request that was accepted. */
  #lastJobs: readonly JobId[] = [];

  constructor(
    studio: StudioApi,
    state: StudioState,
    source: RequestSource = { draft: state.draft, tray: trayFor(studio) },
  ) {
    this.#studio = studio;
    this.#state = state;
    this.#source = source;
    this.tray = source.tray;
    this.pricing = new Pricing(studio);
    this.inputs = new DraftInputs(source.draft, this.tray);
  }

  readonly server = $derived.by(() => {
    const profile = this.#state.preferences.profile;
    return profile === null ? STANDARD_SERVER : resolveServer(profile);
  });
  readonly resolved = $derived.by(() => resolveForm(this.form, this.server));
  /** The batch that is asked for; null where it is one request. */
  readonly plan = $derived.by((): BatchPlan | null => {
    const profile = this.#state.preferences.profile;
    return profile === null ? null : this.#planOf(this.resolved, this.form, profile.id);
  });
  /** What is wrong with the form's own model. A batch's prompt is filled in before it is measured. */
  readonly problems = $derived.by(() => [
    ...this.resolved.problems.filter(({ field }) => this.plan === null || field !== 'prompt'),
    ...this.#inputProblems(this.resolved.model),
  ]);
  /** What it is thought to cost; null where it cannot be sent at all. */
  readonly estimate = $derived.by((): Estimate | null => {
    const { profile, settings } = this.#state.preferences;
    if (profile === null || settings === null || (this.plan !== null && this.plan.cells.length === 0)) return null;
    const requests = this.plan?.cells.map(({ request }) => request) ?? [
      requestFromForm(this.resolved, this.form, profile.id),
    ];
    return this.pricing.estimate(requests, {
      profile,
      rows: settings.prices,
      inputs: this.#source.measures?.() ?? inputSizes(this.tray),
    });
  });

  get form(): RequestForm {
    return this.#source.draft.form;
  }

  get operation(): Operation {
    return this.resolved.operation;
  }

  /** The model as far as the server lets it. */
  get model(): Model {
    return this.resolved.model;
  }

  /** The form with what is in effect in place of what was put aside. */
  get effective(): RequestForm {
    return this.resolved.effective;
  }

  /** The fault of a field that is worth saying now: an empty prompt is no fault before there was a word in it. */
  fault(field: OmittedParameter['field']): string | null {
    const own = this.problems.find((problem) => problem.field === field);
    if (own && !(field === 'prompt' && this.form.prompt.trim() === '')) return own.message;
    return this.#serverFault(field);
  }

  /** Whether the present model, server and operation take a parameter, so that it has a control. */
  supports(field: OmittedParameter['field']): boolean {
    return !this.resolved.omitted.some((entry) => entry.field === field && entry.instead === null);
  }

  /** What was put aside of a field, as a note below its control; undefined where nothing was. */
  unsupported(field: OmittedParameter['field']): string | undefined {
    const entry = this.resolved.unsupported.find((put) => put.field === field);
    return entry && `Not supported: ${entry.chosen}`;
  }

  /** Takes back what the person set and is not sent. */
  resetField(field: OmittedParameter['field']): void {
    resetField(this.form, field);
  }

  /** Why the request cannot be sent now, as a short sentence; null when it can. */
  readonly blocked = $derived.by((): string | null => {
    if (!this.#state.connection) return 'Emulsion isn’t responding. Your request is saved';
    if (this.#state.preferences.profile === null) return 'Choose a profile';
    return this.#blockedByReferences() ?? this.#blockedByForm() ?? this.#blockedByBatch();
  });

  /**
   * Sends what the form asks for, once. A refusal is kept in `refusal`; the form stays as it is either way. True when a job was made
   * of it.
   */
  async send(): Promise<boolean> {
    const profile = this.#state.preferences.profile;
    if (this.sending || this.blocked !== null || profile === null) return false;
    // As it is at the click: making the images takes a while, and what is written meanwhile belongs to the next request.
    const asked = { form: $state.snapshot(this.form), extras: this.#source.extras?.() ?? {} };
    // Another prompt counts as another button: several prompts can be queued quickly.
    const button = `create ${asked.form.prompt}`;
    if (this.#blocksDoubleClick(button)) return false;
    if (this.#source.before) {
      this.sending = true;
      try {
        if (!(await this.#source.before())) return false;
      } finally {
        this.sending = false;
      }
    }
    try {
      return await this.#sendSnapshot(asked, profile.id, button);
    } finally {
      this.#source.after?.();
    }
  }

  async #sendSnapshot(
    { form: asked, extras }: RequestSnapshot,
    profileId: ProfileId,
    button: string,
  ): Promise<boolean> {
    const form = { ...asked, inputs: $state.snapshot(this.form.inputs) };
    const resolved = resolveForm(form, this.server);
    const plan = this.#planOf(resolved, form, profileId);
    // What was made only now may have faults of its own, which the form shows no longer once it is put away.
    const fault = this.#inputProblems(resolved.model)[0] ?? plan?.faults[0];
    if (fault) {
      this.refusal = { code: 'input-invalid', message: notSent(fault.message), billing: 'none' };
      return false;
    }
    const payload: RequestPayload =
      plan === null
        ? { request: { ...requestFromForm(resolved, form, profileId), ...extras } }
        : { batch: withExtras(plan.batch, extras) };
    return this.#attempt(this.#pendingSendFor(payload), { button });
  }

  /** The person has said yes to going over the cap: the same click goes on. */
  async sendOverCap(): Promise<boolean> {
    const pendingSend = this.#pendingSend;
    this.capConfirmation = null;
    return (
      pendingSend !== null && !this.sending && this.#attempt(pendingSend, { button: 'over the cap', overCap: true })
    );
  }

  /** Sends a failed job's request anew: a new job and, as the button says, a new request. */
  async retry(job: Job): Promise<void> {
    const button = `retry ${job.id}`;
    if (this.sending || this.#blocksDoubleClick(button)) return;
    if (!(await this.#attempt(this.#pendingSendFor({ request: job.request }, job.id), { button }))) return;
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

  #planOf(resolved: ResolvedForm, form: RequestForm, profileId: ProfileId): BatchPlan | null {
    const checkInputs = (model: Model): InputProblem[] => this.#inputProblems(model);
    return planBatch(resolved, form, { profileId, server: this.server, checkInputs });
  }

  #inputProblems(model: Model): InputProblem[] {
    const { operation, effective } = this.resolved;
    if (operation === 'create') return [];
    return this.tray.problemsFor({ operation, model, format: effective.format });
  }

  #blockedByReferences(): string | null {
    if (this.inputs.pending) {
      return this.tray.error ? 'The references can’t be loaded. They’re still saved' : 'Loading the references…';
    }
    return this.tray.working ? 'Adding a reference…' : null;
  }

  #blockedByForm(): string | null {
    const problem = this.problems[0];
    if (!problem) return null;
    if (problem.field === 'prompt') {
      const text = this.resolved.asEdit ? this.form.variationPrompt : this.form.prompt;
      return text.trim() === '' ? 'Write a prompt' : 'Shorten the prompt';
    }
    if (problem.field === 'image') return 'Fix the references';
    return `Fix the ${lowercaseFirst(parameterName(problem.field))}`;
  }

  #blockedByBatch(): string | null {
    if (this.plan === null) return null;
    if (this.plan.count > MAX_BATCH_SIZE)
      return `${formatCount(this.plan.count)} requests; the limit is ${MAX_BATCH_SIZE}`;
    if (this.plan.cells.some(({ request }) => isEmptyPrompt(request))) return 'Write a prompt';
    return this.plan.faults.length > 0 ? 'Fix the combinations' : null;
  }

  #pendingSendFor(payload: RequestPayload, again = ''): PendingSend {
    const key = JSON.stringify([payload, again]);
    const { all, finished } = this.#state.jobs;
    // A click of which a job was told has had its answer, whichever way it came.
    const answered = [...all, ...finished].some(
      ({ id, batchId }) => id === this.#pendingSend?.id || batchId === this.#pendingSend?.id,
    );
    if (this.#pendingSend?.key !== key || answered) this.#pendingSend = { id: newId(), payload, key };
    return this.#pendingSend;
  }

  async #attempt(
    pendingSend: PendingSend,
    { button, overCap = false }: { button: string; overCap?: boolean },
  ): Promise<boolean> {
    this.sending = true;
    this.refusal = null;
    const { id, payload } = pendingSend;
    try {
      this.#lastJobs =
        'batch' in payload
          ? (await this.#state.jobs.createBatch(payload.batch, { id: id as BatchId, overCap })).cells.map(
              ({ jobId }) => jobId,
            )
          : [(await this.#state.jobs.create(payload.request, { id: id as JobId, overCap })).id];
      this.#guard.press(button);
      this.#pendingSend = null;
      return true;
    } catch (thrown) {
      this.#refusedPayload = payload;
      if (thrown instanceof StudioError && thrown.code === 'cap-reached') this.capConfirmation = thrown.report;
      else this.refusal = toErrorReport(thrown);
      return false;
    } finally {
      this.sending = false;
    }
  }

  /** True for the second press of a double click, unless the request of the first has ended already. */
  #blocksDoubleClick(button: string): boolean {
    const { all, finished } = this.#state.jobs;
    const jobs = [...all, ...finished];
    const hasEnded = (id: JobId) => jobs.some((job) => job.id === id && job.finishedAt !== null);
    if (this.#lastJobs.every(hasEnded)) this.#guard.release();
    return this.#guard.blocks(button);
  }

  /** What a server or the dispatch said of a field, as long as the field still holds the value that was refused. */
  #serverFault(field: string): string | null {
    const job = this.#state.jobs.all.findLast(({ error }) => error?.field === field);
    const refusedPayload =
      this.#refusedPayload === null || 'batch' in this.#refusedPayload ? null : this.#refusedPayload.request;
    const [error, request] =
      this.refusal?.field === field ? [this.refusal, refusedPayload] : [job?.error, job?.request];
    if (!error || !request) return null;
    return sameIn(field, this.resolved.sent, request.parameters) ? error.message : null;
  }
}

function withExtras(batch: BatchRequest, extras: Pick<JobRequest, 'canvas'>): BatchRequest {
  return { ...batch, base: { ...batch.base, ...extras } };
}

function sameIn(field: string, one: object, other: object): boolean {
  const text = (parameters: object): string | undefined =>
    JSON.stringify((parameters as Record<string, unknown>)[field]);
  return text(one) === text(other);
}

function isEmptyPrompt({ operation, parameters }: JobRequest): boolean {
  return operation !== 'variation' && parameters.prompt.trim() === '';
}

/** Models whose histories an estimate wants. */
export function modelsToPrice({ form, plan }: Pick<RequestController, 'form' | 'plan'>): string[] {
  return plan === null ? [form.model.trim()] : [form.model.trim(), ...form.moreModels];
}

/** Whether the server itself has the endpoint for variations, whatever the model. */
export function serverHasVariations({ server }: Pick<RequestController, 'server'>): boolean {
  return modelOnServer('dall-e-2', server).operations.includes('variation');
}
