import type { ResponseMetadata } from '../contract/entities/generations.ts';
import type { JobRequest } from '../contract/entities/requests.ts';
import type { MonthlyCap } from '../contract/entities/settings.ts';
import { computeCost } from '../contract/costs/cost.ts';
import { tokenPrices, type CostBasis, type Micros, type Prices } from '../contract/entities/money.ts';

/** Prices and the monthly cap, as the queue needs them. */
export interface Pricing {
  /** Current prices of a model: the user's own, else the catalogue's; null when unknown. */
  findPrices(model: string): Prices | null;
  /** Amount that may be spent in a calendar month without confirmation. */
  monthlyCap(): MonthlyCap;
}

/** Prices of a request's model, and of the model that writes an SVG. */
export function pricesFor(
  parameters: JobRequest['parameters'],
  pricing: Pricing,
): { prices: Prices | null; svgPrices: Prices | null } {
  const svgModel = 'svg' in parameters ? parameters.svg?.model : null;
  return {
    prices: parameters.model == null ? null : pricing.findPrices(parameters.model),
    svgPrices: svgModel == null ? null : pricing.findPrices(svgModel),
  };
}

/** Cost of a request in micros at current prices, with its basis; null when unknown. */
export function requestCost(
  { answer, images }: { answer: ResponseMetadata | null; images: number },
  { parameters, free, pricing }: { parameters: JobRequest['parameters']; free: boolean; pricing: Pricing },
): { cost: Micros; basis: CostBasis; prices: Prices | null } | null {
  const asked = pricesFor(parameters, pricing);
  const svgPrices = svgAuthorPrices(answer, parameters, pricing) ?? asked.svgPrices;
  const bill = computeCost({ answer, images, prices: asked.prices, svgPrices, free });
  // The model that writes an SVG is billed too, so usage of the image alone is not the cost.
  const isSvg = 'output_format' in parameters && parameters.output_format === 'svg';
  if (bill?.basis === 'usage' && isSvg && !answer?.svg_usage) return null;
  return bill && { ...bill, prices: asked.prices };
}

/**
 * Prices of the model that wrote an SVG, by the name in the response (`SvgUsage.model` of `resources/images.d.ts` of `openai` 7.57.0): an
 * edit may name none, and a requested name may be an alias of a dated one. Null when the response names none, or a dated form of the
 * requested model without prices of its own. For another model: its own prices, or unknown prices.
 */
function svgAuthorPrices(
  answer: ResponseMetadata | null,
  parameters: JobRequest['parameters'],
  pricing: Pricing,
): Prices | null {
  const told = answer?.svg_usage?.model;
  if (typeof told !== 'string' || told === '') return null;
  const asked = 'svg' in parameters ? (parameters.svg?.model ?? null) : null;
  const own = pricing.findPrices(told);
  if (own || asked === null || told === asked || told.startsWith(`${asked}-`)) return own;
  return UNKNOWN_PRICES;
}
const UNKNOWN_PRICES = tokenPrices({});
