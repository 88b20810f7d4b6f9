import type { JobRequest } from '../entities/requests.ts';
import type { Model } from '../catalogue/models.ts';
import {
  ESTIMATE_BASES,
  MICROS_PER_DOLLAR,
  sumMicros,
  type EstimateBasis,
  type Micros,
  type MicrosRange,
  type TokenHistory,
} from '../entities/money.ts';
import type { Quality } from '../catalogue/parameters.ts';
import type { Prices } from '../catalogue/prices.ts';
import {
  addRanges,
  REFERENCE_PIXELS,
  exactRange,
  fidelityOf,
  inputTokens,
  PARTIAL_TOKENS,
  outputPixels,
  promptTokens,
  type TokenRange,
  type InputSize,
  type ParameterValues,
} from './token-counts.ts';

/** The estimated cost of a request and its basis. */
export interface Estimate {
  /** Micro-dollars over all of the job's requests; null if a price or a count is unknown. */
  range: MicrosRange | null;
  perRequest: MicrosRange | null;
  requests: number;
  basis: EstimateBasis;
  /** Components over all requests. Each is rounded separately, so the sum may differ from `range` by some micro-dollars. */
  lines: { what: string; tokens: TokenRange | null; range: MicrosRange | null }[];
  /** The basis of the estimate, or why there is none: a short sentence. */
  explanation: string;
}

export interface EstimateFacts {
  /** The result of `modelOnServer(name, server)`. */
  model: Model;
  prices: Prices | null;
  /** Prices of the text model that writes an SVG. */
  svgPrices: Prices | null;
  /** The profile's server doesn't bill. */
  free: boolean;
  history: TokenHistory | null;
  /** All images of the request. */
  inputs: readonly InputSize[];
}

/** Minimum number of earlier requests for an estimate from history, and how many of the newest are used. */
const MIN_HISTORY_ENTRIES = 3;
const MAX_HISTORY_ENTRIES = 20;

/** Tokens that an SVG's text model may read besides the prompt and write, reasoning included. Assumed, nothing is published. */
const SVG_MODEL_TOKENS = { input: { min: 0, max: 2000 }, output: { min: 300, max: 30_000 } } as const;

/**
 * Estimates a request's cost before it is sent: from earlier requests with the same model and quality, otherwise from published token
 * counts, otherwise from assumed ones. Ignores cached input, which can only lower the cost.
 */
export function estimateRequest(request: JobRequest, facts: EstimateFacts): Estimate {
  const values = request.parameters as ParameterValues;
  const images = values.n ?? 1;
  const requests = streams(values, facts.model) ? images : 1;
  const each = images / requests;
  if (facts.free) {
    const nothing = exactRange(0);
    return {
      range: nothing,
      perRequest: nothing,
      requests,
      basis: 'free',
      lines: [],
      explanation: 'This server is free.',
    };
  }
  const output = outputCount(values, facts);
  const { imageOut, perImage } = facts.prices ?? {};
  if (output && imageOut != null) return estimateByTokens(values, facts, { ...output, each, requests });
  if (perImage != null) return estimateByImage(values, facts, { perImage, each, requests });
  return {
    range: null,
    perRequest: null,
    requests,
    basis: 'unknown',
    lines: [],
    explanation: explainUnknown(values, facts),
  };
}

/** Adds up the estimates of a batch. The basis is the least reliable of them. */
export function addEstimates(estimates: readonly Estimate[]): Estimate {
  const leastCertain = estimates.reduce<Estimate | null>(
    (found, estimate) =>
      found && ESTIMATE_BASES.indexOf(found.basis) >= ESTIMATE_BASES.indexOf(estimate.basis) ? found : estimate,
    null,
  );
  const requests = estimates.reduce((sum, estimate) => sum + estimate.requests, 0);
  const range = sumRanges(estimates.map((estimate) => estimate.range));
  const { basis, explanation } = leastCertain ?? { basis: 'free' as const, explanation: 'Nothing to send.' };
  return { range, perRequest: null, requests, basis, lines: [], explanation };
}

/** A streamed response carries one image, so a job sends one request per image. */
function streams({ stream, output_format: format }: ParameterValues, model: Model): boolean {
  return stream === true && model.streaming && format !== 'gif' && format !== 'svg';
}

interface Share {
  /** Images per request. */
  each: number;
  requests: number;
}

/** Tokens and their price; null if the price is unknown. */
interface PricedTokens {
  what: string;
  tokens: TokenRange;
  price: number | null;
}

function estimateByTokens(
  values: ParameterValues,
  facts: EstimateFacts,
  { each, requests, ...output }: Share & OutputCount,
): Estimate {
  const parts = [
    ...inputParts(values, facts),
    {
      what: each * requests === 1 ? 'Image' : 'Images',
      tokens: scaleTokens(output, each),
      price: facts.prices?.imageOut ?? null,
    },
    ...partialParts(values, facts, each),
    ...svgModelParts(values, facts),
  ].filter(({ tokens }) => tokens.max > 0);
  const missing = parts.find(({ price }) => price === null);
  const perRequest = priceOf(parts);
  const { basis, explanation } = values.output_format === 'svg' ? assumedBasis(facts.model) : output;
  return {
    range: perRequest && multiplyRange(perRequest, requests),
    perRequest,
    requests,
    basis: missing ? 'unknown' : basis,
    lines: parts.map((part) => ({
      what: part.what,
      tokens: multiplyRange(part.tokens, requests),
      range: priceOf([{ ...part, tokens: multiplyRange(part.tokens, requests) }]),
    })),
    explanation: missing
      ? `One price is unknown: ${missing.what.charAt(0).toLowerCase()}${missing.what.slice(1)}. Set it in Spending.`
      : explanation,
  };
}

function inputParts(values: ParameterValues, { model, prices, inputs }: EstimateFacts): PricedTokens[] {
  const fidelity = fidelityOf(model, values.input_fidelity);
  const images = inputs.map((input) => inputTokens(input, fidelity)).reduce(addRanges, exactRange(0));
  return [
    {
      what: 'Prompt',
      tokens: values.prompt ? promptTokens(values.prompt) : exactRange(0),
      price: prices?.textIn ?? null,
    },
    { what: inputs.length === 1 ? 'Input image' : 'Input images', tokens: images, price: prices?.imageIn ?? null },
  ];
}

/** The server may send fewer partial images than requested. */
function partialParts(values: ParameterValues, { model, prices }: EstimateFacts, each: number): PricedTokens[] {
  const asked = streams(values, model) ? Math.min(values.partial_images ?? 0, model.maxPartials) : 0;
  const tokens = { min: 0, max: asked * each * PARTIAL_TOKENS };
  return [{ what: 'Partial images', tokens, price: prices?.imageOut ?? null }];
}

function svgModelParts(values: ParameterValues, { svgPrices }: EstimateFacts): PricedTokens[] {
  if (values.output_format !== 'svg') return [];
  const inputTokensRead = addRanges(promptTokens(values.prompt ?? ''), SVG_MODEL_TOKENS.input);
  return [
    { what: 'Input for the SVG model', tokens: inputTokensRead, price: svgPrices?.textIn ?? null },
    { what: 'Output of the SVG model', tokens: SVG_MODEL_TOKENS.output, price: svgPrices?.textOut ?? null },
  ];
}

function estimateByImage(
  values: ParameterValues,
  facts: EstimateFacts,
  { perImage, each, requests }: Share & { perImage: number },
): Estimate {
  const cost = (images: number): MicrosRange => exactRange(sumMicros([[images * MICROS_PER_DOLLAR, perImage]]));
  const perRequest = cost(each);
  const range = multiplyRange(perRequest, requests);
  return {
    range,
    perRequest,
    requests,
    basis: 'published',
    lines: [{ what: each * requests === 1 ? 'Image' : 'Images', tokens: null, range }],
    explanation: `Based on the price per image of ${modelName(values, facts)}.`,
  };
}

/** Output tokens of one image without its partial images, and the basis of the count. */
interface OutputCount {
  min: number;
  max: number;
  basis: EstimateBasis;
  explanation: string;
}

function outputCount(values: ParameterValues, facts: EstimateFacts): OutputCount | null {
  const { model, history, inputs } = facts;
  const pixels = outputPixels(values, model, inputs);
  const quality = values.quality ?? 'auto';
  const fromPast = history ? fromHistory(history, quality, pixels) : null;
  if (fromPast) return fromPast;
  if (!model.outputTokens) return null;
  const known = Object.entries(model.outputTokens);
  const chosen = known.filter(([name]) => name === (quality satisfies Quality));
  const counts = (chosen.length > 0 ? chosen : known).map(([, count]) => count);
  if (counts.length === 0) return null;
  return {
    min: (Math.min(...counts.map(([min]) => min)) * pixels.min) / REFERENCE_PIXELS,
    max: (Math.max(...counts.map(([, max]) => max)) * pixels.max) / REFERENCE_PIXELS,
    ...(known.every(([, [min, max]]) => min === max)
      ? { basis: 'published' as const, explanation: 'Based on OpenAI’s published token counts for this model.' }
      : assumedBasis(model)),
  };
}

function assumedBasis(model: Model): { basis: EstimateBasis; explanation: string } {
  return {
    basis: 'assumed',
    explanation: `How many tokens ${model.name} uses isn’t published; this is a rough estimate until you’ve made a few.`,
  };
}

/** For `auto`: earlier requests with `auto`; otherwise earlier requests with the same resulting quality. */
function fromHistory({ model, entries }: TokenHistory, quality: string, pixels: TokenRange): OutputCount | null {
  const comparable = entries
    .filter((entry) => (quality === 'auto' ? entry.asked : entry.quality) === quality && entry.pixels > 0)
    .slice(0, MAX_HISTORY_ENTRIES);
  if (comparable.length < MIN_HISTORY_ENTRIES) return null;
  const perPixel = comparable.map(
    (entry) => Math.max(0, entry.outputTokens - entry.partials * PARTIAL_TOKENS) / entry.pixels,
  );
  return {
    min: Math.min(...perPixel) * pixels.min,
    max: Math.max(...perPixel) * pixels.max,
    basis: 'history',
    explanation: `Based on your last ${comparable.length} requests to ${model} at ${quality === 'auto' ? 'automatic' : quality} quality.`,
  };
}

function explainUnknown(values: ParameterValues, facts: EstimateFacts): string {
  const name = modelName(values, facts);
  return facts.prices?.imageOut == null
    ? `No price for ${name}. Set one in Spending.`
    : `How many tokens an image of ${name} uses is unknown until you’ve made ${MIN_HISTORY_ENTRIES}.`;
}

function modelName(values: ParameterValues, { model }: EstimateFacts): string {
  return values.model ?? model.name;
}

/** Multiplies and rounds to whole tokens. Differences below 0.001 are rounding errors. */
function scaleTokens({ min, max }: TokenRange, images: number): TokenRange {
  return { min: Math.floor(min * images + 0.001), max: Math.ceil(max * images - 0.001) };
}

function priceOf(parts: readonly PricedTokens[]): MicrosRange | null {
  const sum = (end: 'min' | 'max'): Micros | null => {
    const priced = parts.flatMap(({ tokens, price }) => (price === null ? [] : [[tokens[end], price] as const]));
    return priced.length === parts.length ? sumMicros(priced) : null;
  };
  const [min, max] = [sum('min'), sum('max')];
  return min === null || max === null ? null : { min, max };
}

function multiplyRange({ min, max }: TokenRange, factor: number): TokenRange {
  return { min: min * factor, max: max * factor };
}

function sumRanges(ranges: readonly (MicrosRange | null)[]): MicrosRange | null {
  return ranges.reduce<MicrosRange | null>((sum, range) => sum && range && addRanges(sum, range), exactRange(0));
}
