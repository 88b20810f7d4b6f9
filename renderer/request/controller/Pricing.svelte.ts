import { SvelteMap } from 'svelte/reactivity';
import type { StudioApi } from '../../../electron/contract/api.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { Profile } from '../../../electron/contract/entities/profiles.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import {
  addEstimates,
  estimateRequest,
  type Estimate,
  type EstimateFacts,
} from '../../../electron/contract/costs/estimate.ts';
import {
  findPrices,
  type Micros,
  type PriceRow,
  type TokenHistory,
} from '../../../electron/contract/entities/money.ts';
import { API_DEFAULT_MODEL } from '../../../electron/contract/rules/parameter-rules.ts';
import { modelOnServer, resolveServer } from '../../../electron/contract/catalogue/servers.ts';
import { monthOf } from '../../shared/format/month.ts';

/** What is needed beside the requests themselves. */
export interface PricingContext {
  profile: Profile;
  rows: readonly PriceRow[];
  inputs: EstimateFacts['inputs'];
}

/** What requests are thought to cost, and how the month stands. Asks the studio for what is known of a model once, until `refresh`. */
export class Pricing {
  /** Certain costs of this month; null until they are known. */
  month = $state<Micros | null>(null);
  readonly #studio: StudioApi;
  readonly #histories = new SvelteMap<string, TokenHistory>();
  readonly #asked = new Set<string>();

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** What one or several requests are thought to cost together. To be read in a `$derived`; histories come in later. */
  estimate(requests: readonly JobRequest[], facts: PricingContext): Estimate {
    const estimates = requests.map((request) => this.#one(request, facts));
    const [only] = estimates;
    return estimates.length === 1 && only ? only : addEstimates(estimates);
  }

  /** Learns of a model's earlier requests, once. */
  async loadHistory(model: string): Promise<void> {
    if (model === '' || this.#asked.has(model)) return;
    this.#asked.add(model);
    try {
      this.#histories.set(model, await this.#studio.spending.tokenHistory({ model }));
    } catch {
      // Without a history the estimate is a wider one and says so; the next refresh asks again.
      this.#asked.delete(model);
    }
  }

  /** Something has been made or paid: asks anew. */
  async refresh(now: number): Promise<void> {
    const models = [...this.#asked];
    this.#asked.clear();
    await Promise.all([this.#loadMonth(now), ...models.map((model) => this.loadHistory(model))]);
  }

  async #loadMonth(now: number): Promise<void> {
    const span = monthOf(now);
    try {
      this.month = (await this.#studio.spending.get({ span, steps: [span.from] })).total;
    } catch {
      // The sum of the month is left out where it cannot be had; Spending says what is wrong.
      this.month = null;
    }
  }

  #one(request: JobRequest, { profile, rows, inputs }: PricingContext): Estimate {
    const { model = null, svg = null } = request.parameters as {
      model?: string | null;
      svg?: { model?: string } | null;
    };
    const name = model ?? API_DEFAULT_MODEL;
    return estimateRequest(request, {
      model: modelOnServer(name, resolveServer(profile)),
      prices: findPrices(name, rows).prices,
      svgPrices: svg?.model ? findPrices(svg.model, rows).prices : null,
      free: profile.free,
      history: this.#histories.get(name) ?? null,
      inputs: request.operation === 'create' ? [] : inputs,
    });
  }
}

/** The measures of what is in the tray, for an estimate. */
export function inputSizes(tray: {
  images: readonly InputImage[];
  mask: InputImage | null;
  markup: InputImage | null;
}): EstimateFacts['inputs'] {
  const of =
    (role: 'image' | 'mask' | 'markup') =>
    ({ width, height }: InputImage) => ({ width, height, role });
  return [
    ...tray.images.map(of('image')),
    ...[tray.mask ?? []].flat().map(of('mask')),
    ...[tray.markup ?? []].flat().map(of('markup')),
  ];
}
