import type { StudioApi } from '../../../electron/contract/api.ts';
import type { BatchRequest } from '../../../electron/contract/rules/batch.ts';
import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { notSent } from '../../../electron/contract/errors/messages.ts';
import type { Estimate } from '../../../electron/contract/costs/estimate.ts';
import type { InputProblem } from '../../../electron/contract/rules/input-rules.ts';
import type { Model } from '../../../electron/contract/catalogue/models.ts';
import type { Operation } from '../../../electron/contract/catalogue/parameters.ts';
import { STANDARD_SERVER, modelOnServer, resolveServer } from '../../../electron/contract/catalogue/servers.ts';
import { attempt } from '../../state/attempt.ts';
import { RequestSender } from '../../state/request-sender.svelte.ts';
import { retryJob } from '../../state/retry-job.ts';
import type { RequestForm } from '../../state/request-form.ts';
import type { Press } from '../../state/send-guard.ts';
import type { StudioState } from '../../state/studio-state.svelte.ts';
import type { RequestPayload } from '../../state/submissions.svelte.ts';
import { planBatch, type BatchPlan } from '../model/batch-plan.ts';
import { resetField, type OmittedParameter } from '../model/omitted-parameters.ts';
import { requestFromForm, resolveForm, type ResolvedForm } from '../model/request-from-form.ts';
import { trayFor, type InputTray } from '../tray/InputTray.svelte.ts';
import { blockedByBatch, blockedByForm, blockedByReferences } from './blocked-reason.ts';
import { DraftInputs } from './DraftInputs.svelte.ts';
import { parseSize } from '../../../electron/contract/rules/size-rules.ts';
import { strictRequestProblem } from '../../../electron/contract/rules/strict-rules.ts';
import { inputSizes, Pricing } from './Pricing.svelte.ts';
import { refusedField } from './refused-field.ts';
import type { RequestSource } from './request-source.ts';

/** The form as it was at the click. */
interface RequestSnapshot {
  form: RequestForm;
  extras: Pick<JobRequest, 'canvas'>;
}

/** The logic of the request form: problems, omitted parameters, estimate, and sending. */
export class RequestController {
  readonly tray: InputTray;
  readonly pricing: Pricing;
  readonly inputs: DraftInputs;
  readonly #studio: StudioApi;
  readonly #state: StudioState;
  readonly #source: RequestSource;
  readonly #sender: RequestSender;

  constructor(
    studio: StudioApi,
    state: StudioState,
    source: RequestSource = { draft: state.draft, tray: trayFor(studio) },
  ) {
    this.#studio = studio;
    this.#state = state;
    this.#source = source;
    this.#sender = new RequestSender(state);
    this.tray = source.tray;
    this.tray.stripsMetadata = () => state.preferences.settings?.stripMetadata ?? true;
    this.pricing = new Pricing(studio);
    this.inputs = new DraftInputs(source.draft, this.tray);
  }

  readonly server = $derived.by(() => {
    const profile = this.#state.preferences.profile;
    return profile === null ? STANDARD_SERVER : resolveServer(profile);
  });
  readonly resolved = $derived.by(() => resolveForm(this.form, this.server));
  /** The batch; null for a single request. */
  readonly plan = $derived.by((): BatchPlan | null => {
    const profile = this.#state.preferences.profile;
    return profile === null ? null : this.#planOf(this.resolved, this.form, profile.id);
  });
  /** Why the strict mask can't be applied to what is asked for, as a sentence; null if it can, or none is sent. */
  readonly strictProblem = $derived.by((): string | null => {
    if (this.operation !== 'edit' || !this.form.strict || this.tray.mask === null) return null;
    const first = (this.#source.inputSizes?.() ?? inputSizes(this.tray)).find(({ role }) => role === 'image');
    const size = this.resolved.sent.size;
    return first ? strictRequestProblem(first, size == null ? null : parseSize(size), this.effective.format) : null;
  });
  /** Problems with the form's own model. A batch's prompts are checked after their variables are filled in. */
  readonly problems = $derived.by(() => [
    ...this.resolved.problems.filter(({ field }) => this.plan === null || field !== 'prompt'),
    ...this.#inputProblems(this.resolved.model),
    ...(this.strictProblem === null ? [] : [{ field: 'strict', message: this.strictProblem }]),
  ]);
  /** The estimated cost; null where it can't be sent at all. */
  readonly estimate = $derived.by((): Estimate | null => {
    const { profile, settings } = this.#state.preferences;
    if (profile === null || settings === null || (this.plan !== null && this.plan.cells.length === 0)) return null;
    const requests = this.plan?.cells.map(({ request }) => request) ?? [
      requestFromForm(this.resolved, this.form, profile.id),
    ];
    return this.pricing.estimate(requests, {
      profile,
      rows: settings.prices,
      inputs: this.#source.inputSizes?.() ?? inputSizes(this.tray),
    });
  });

  get form(): RequestForm {
    return this.#source.draft.form;
  }

  get operation(): Operation {
    return this.resolved.operation;
  }

  /** The model, limited to what the server supports. */
  get model(): Model {
    return this.resolved.model;
  }

  /** The form with unsupported choices replaced by those in effect. */
  get effective(): RequestForm {
    return this.resolved.effective;
  }

  /** The problem of a field, to show now. An empty prompt isn't shown as one. */
  fault(field: OmittedParameter['field']): string | null {
    const own = this.problems.find((problem) => problem.field === field);
    if (own && !(field === 'prompt' && this.form.prompt.trim() === '')) return own.message;
    const { refusal, refusedRequest } = this.#sender;
    return refusedField(field, this.resolved.sent, { refusal, refusedRequest, jobs: this.#state.jobs.all });
  }

  /** Whether the model, server and operation support a parameter, so that it has a control. */
  supports(field: OmittedParameter['field']): boolean {
    return !this.resolved.omitted.some((entry) => entry.field === field && entry.instead === null);
  }

  /** The note below a control whose choice isn't supported; undefined for none. */
  unsupported(field: OmittedParameter['field']): string | undefined {
    const entry = this.resolved.unsupported.find((choice) => choice.field === field);
    return entry && `Not supported: ${entry.chosen}`;
  }

  /** Sets a field that isn't sent to its default. */
  resetField(field: OmittedParameter['field']): void {
    resetField(this.form, field);
  }

  /** Why the request can't be sent now, as a short sentence; null when it can. */
  readonly blocked = $derived.by((): string | null => {
    if (!this.#state.connection) return 'Emulsion isn’t responding. Your request is saved';
    if (this.#state.preferences.profile === null) return 'Choose a profile';
    const refused = this.#state.preferences.whyNot('jobs.create');
    if (refused !== null) return refused;
    const prompt = this.resolved.allParameters.prompt ?? '';
    return (
      blockedByReferences(this.tray, this.inputs.pending) ??
      blockedByForm(this.problems, { prompt, model: this.model }) ??
      blockedByBatch(this.plan)
    );
  });

  get sending(): boolean {
    return this.#sender.sending;
  }

  /** Why the last request was refused before it was recorded. */
  get refusal(): ErrorReport | null {
    return this.#sender.refusal;
  }

  /** The warning that the monthly cap would be exceeded, while the person is asked. */
  get capConfirmation(): ErrorReport | null {
    return this.#sender.capConfirmation;
  }

  dismissRefusal(): void {
    this.#sender.refusal = null;
  }

  /** The person doesn't want to exceed the cap. */
  cancelOverCap(): void {
    this.#sender.cancelOverCap();
  }

  /**
   * Sends what the form asks for, once. The form stays as it is; a refusal is kept in `refusal`.
   * @param clicks `event.detail` of the click; 0 for a key
   * @returns whether it became a job or a batch
   */
  async send(clicks = 0): Promise<boolean> {
    const profile = this.#state.preferences.profile;
    if (this.blocked !== null || profile === null) return false;
    // The form as of the click: `beforeSend` takes a while, and what is typed meanwhile belongs to the next request.
    const snapshot = { form: $state.snapshot(this.form), extras: this.#source.extras?.() ?? {} };
    // A changed form is another request: several can be queued quickly.
    const press = this.#sender.press(JSON.stringify([snapshot, profile.id, this.#source.version?.()]), clicks);
    if (press === null || !(await this.#prepare(press))) return false;
    try {
      return await this.#sendSnapshot(snapshot, profile.id, press);
    } finally {
      this.#sender.sending = false;
      this.#source.afterSend?.();
    }
  }

  /** Makes the inputs that are made at a click. False: nothing is sent. */
  async #prepare(press: Press): Promise<boolean> {
    if (!this.#source.beforeSend) return true;
    this.#sender.sending = true;
    let prepared = false;
    try {
      prepared = await this.#source.beforeSend();
      return prepared;
    } finally {
      // Once they are made it stays true until the request has an outcome: what follows the form must not replace them.
      if (!prepared) {
        this.#sender.sending = false;
        press.refused();
      }
    }
  }

  async #sendSnapshot(
    { form: written, extras }: RequestSnapshot,
    profileId: ProfileId,
    press: Press,
  ): Promise<boolean> {
    const form = { ...written, inputs: $state.snapshot(this.form.inputs) };
    const resolved = resolveForm(form, this.server);
    const plan = this.#planOf(resolved, form, profileId);
    // Inputs made by `beforeSend` may have problems that the form could not show before.
    const fault = this.#inputProblems(resolved.model)[0] ?? plan?.faults[0];
    if (fault) {
      press.refused();
      this.#sender.refusal = { code: 'input-invalid', message: notSent(fault.message), billing: 'none' };
      return false;
    }
    const payload: RequestPayload =
      plan === null
        ? { request: { ...requestFromForm(resolved, form, profileId), ...extras } }
        : { batch: withExtras(plan.batch, extras) };
    return (await this.#sender.submit(payload, press)) !== null;
  }

  /** The person agreed to exceed the cap: sends the same click. */
  async sendOverCap(): Promise<boolean> {
    return (await this.#sender.submitOverCap()) !== null;
  }

  /** Sends what is missing of a failed job again, as a new job that is billed separately, and dismisses the failed one. */
  async retry(job: Job, clicks = 0): Promise<void> {
    await retryJob(this.#sender, job, clicks);
  }

  async chooseProfile(profileId: ProfileId): Promise<void> {
    const error = await attempt(async () => {
      this.#state.preferences.settings = await this.#studio.settings.change({ profileId });
    });
    if (error) this.#sender.refusal = error;
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
}

function withExtras(batch: BatchRequest, extras: Pick<JobRequest, 'canvas'>): BatchRequest {
  return { ...batch, base: { ...batch.base, ...extras } };
}

/** Models whose token history the estimate needs. */
export function modelsToPrice({ form, plan }: Pick<RequestController, 'form' | 'plan'>): string[] {
  return plan === null ? [form.model.trim()] : [form.model.trim(), ...form.moreModels];
}

/** Whether the server has the variations endpoint, with any model. */
export function serverHasVariations({ server }: Pick<RequestController, 'server'>): boolean {
  return modelOnServer('dall-e-2', server).operations.includes('variation');
}
