import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { Profile } from '../../../electron/contract/entities/profiles.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { estimateRequest, type Estimate } from '../../../electron/contract/costs/estimate.ts';
import { findPrices } from '../../../electron/contract/entities/money.ts';
import type { CreateParameters } from '../../../electron/contract/catalogue/parameters.ts';
import { modelOnServer, resolveServer } from '../../../electron/contract/catalogue/servers.ts';
import { RequestSender } from '../../state/request-sender.svelte.ts';
import type { StudioState } from '../../state/studio-state.svelte.ts';
import { repeatWithModel, type RepeatedRequest } from './repeat-request.ts';

/** The confirmation for a rerun with another model. */
export interface Plan extends RepeatedRequest {
  model: string;
  profile: Profile;
  /** Null while it is computed. */
  estimate: Estimate | null;
}

/** Sends an image's request again with another model, after the person has confirmed the changes and the cost. */
export class Rerun {
  plan = $state.raw<Plan | null>(null);
  readonly #studio: StudioApi;
  readonly #state: StudioState;
  readonly #sender: RequestSender;

  constructor(studio: StudioApi, state: StudioState) {
    this.#studio = studio;
    this.#state = state;
    this.#sender = new RequestSender(state);
  }

  get sending(): boolean {
    return this.#sender.sending;
  }

  /** Why sending failed. With `cap-reached` the person can still confirm. */
  get error(): ErrorReport | null {
    return this.#sender.capConfirmation ?? this.#sender.refusal;
  }

  /** Opens the confirmation. Sends nothing. */
  async prepare(record: ImageRecord, model: string): Promise<void> {
    const profile = this.#profileOf(record);
    if (profile === null) return;
    this.#forget();
    const repeated = repeatWithModel(record, { model, profileId: profile.id, server: resolveServer(profile) });
    this.plan = { ...repeated, model, profile, estimate: null };
    const estimate = await this.#estimate(repeated, model, profile);
    this.#setEstimate(repeated, estimate);
  }

  /** Ignored if the confirmation was closed or replaced meanwhile. */
  #setEstimate({ request }: RepeatedRequest, estimate: Estimate): void {
    if (this.plan?.request === request) this.plan = { ...this.plan, estimate };
  }

  close(): void {
    this.plan = null;
    this.#forget();
  }

  #forget(): void {
    this.#sender.cancelOverCap();
    this.#sender.refusal = null;
  }

  /**
   * Sends the request once; after the warning about the monthly cap, sends it nevertheless.
   * @param clicks `event.detail` of the click; 0 for a key
   */
  async send(clicks = 0): Promise<void> {
    const { plan } = this;
    if (plan === null || plan.problems.length > 0) return;
    const key = JSON.stringify(plan.request);
    if (this.#sender.capConfirmation) {
      await this.#sender.submitOverCapAgain(key, clicks);
      return;
    }
    const press = this.#sender.press(key, clicks);
    if (press) await this.#sender.submit({ request: plan.request }, press, { onaccepted: () => this.close() });
  }

  /** The newest job on this page that repeats an image. */
  jobOf(record: ImageRecord): Job | null {
    const { all, finished } = this.#state.jobs;
    return [...all, ...finished].findLast(({ request }) => request.repeats === record.id) ?? null;
  }

  /** The profile of the original request if it still exists, otherwise the selected one. */
  #profileOf({ generation }: ImageRecord): Profile | null {
    const profiles = this.#state.preferences.settings?.profiles ?? [];
    const own = profiles.find(
      ({ name, baseUrl }) => name === generation?.profileName && baseUrl === generation.baseUrl,
    );
    return own ?? this.#state.preferences.profile;
  }

  async #estimate({ request }: RepeatedRequest, model: string, profile: Profile): Promise<Estimate> {
    const rows = this.#state.preferences.settings?.prices ?? [];
    const author = (request.parameters as Partial<CreateParameters>).svg?.model;
    const shas = request.operation === 'create' ? [] : request.inputs.map(({ sha256 }) => sha256);
    // Without these the estimate is wider or unknown, which is no reason to stop.
    const history = await this.#studio.spending.tokenHistory({ model }).catch(() => null);
    const known = shas.length === 0 ? [] : await this.#studio.inputs.get({ inputs: shas }).catch(() => []);
    const inputs =
      request.operation === 'create'
        ? []
        : request.inputs.flatMap(({ role, sha256 }) => {
            const input = known.find((candidate) => candidate.sha256 === sha256);
            return input ? [{ role, width: input.width, height: input.height }] : [];
          });
    return estimateRequest(request, {
      model: modelOnServer(model, resolveServer(profile)),
      prices: findPrices(model, rows).prices,
      svgPrices: author === undefined ? null : findPrices(author, rows).prices,
      free: profile.free,
      history,
      inputs,
    });
  }
}
