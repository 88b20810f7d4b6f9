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

/** What an estimate needs in addition to the requests. */
export interface PricingContext {
  profile: Profile;
  rows: readonly PriceRow[];
  inputs: EstimateFacts['inputs'];
}

/** Estimates of requests and the month's total. Loads each model's token history once, until `refresh`. */
export class Pricing {
  /** Known costs of this month in micro-dollars; null until loaded. */
  month = $state<Micros | null>(null);
  readonly #studio: StudioApi;
  readonly #histories = new SvelteMap<string, TokenHistory>();
  readonly #asked = new Set<string>();

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** The estimate of all requests together. Read in a `$derived`: histories load later. */
  estimate(requests: readonly JobRequest[], facts: PricingContext): Estimate {
    const estimates = requests.map((request) => this.#one(request, facts));
    const [only] = estimates;
    return estimates.length === 1 && only ? only : addEstimates(estimates);
  }

  /** Loads a model's token history, once. */
  async loadHistory(model: string): Promise<void> {
    if (model === '' || this.#asked.has(model)) return;
    this.#asked.add(model);
    try {
      this.#histories.set(model, await this.#studio.spending.tokenHistory({ model }));
    } catch {
      // Without a history the estimate is wider and says so; the next refresh tries again.
      this.#asked.delete(model);
    }
  }

  /** Reloads after a job has ended. */
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
      // The total is left out; Spending reports the error.
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

/** Sizes of the tray's inputs, for an estimate. */
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
