import type { JobRequest } from '../entities.ts';
import type { Model } from '../catalogue/models.ts';
import {
  ESTIMATE_BASES,
  MICROS_PER_DOLLAR,
  microsOf,
  type EstimateBasis,
  type Micros,
  type MicrosRange,
  type TokenHistory,
} from '../entities/money.ts';
import type { Quality } from '../catalogue/parameters.ts';
import type { Prices } from '../catalogue/prices.ts';
import {
  addCounts,
  COUNTED_PIXELS,
  exactly,
  fidelityOf,
  inputTokens,
  PARTIAL_TOKENS,
  picturePixels,
  promptTokens,
  type Count,
  type InputSize,
  type Wishes,
} from './token-counts.ts';

/** What a request is thought to cost, and why. */
export interface Estimate {
  /** All of its requests together; null where a price or a count is not known. */
  range: MicrosRange | null;
  perRequest: MicrosRange | null;
  requests: number;
  basis: EstimateBasis;
  /** What it is made of, for all requests together; rounded one by one, so that they need not add up to the last micro-dollar. */
  lines: { what: string; tokens: Count | null; range: MicrosRange | null }[];
  /** Where it comes from, or why there is none: a short sentence. */
  says: string;
}

export interface EstimateFacts {
  /** As the server makes it: `modelOn(name, server)`. */
  model: Model;
  prices: Prices | null;
  /** The prices of the model that writes an SVG. */
  svgPrices: Prices | null;
  /** The profile bills nothing. */
  free: boolean;
  history: TokenHistory | null;
  /** Every picture that goes out. */
  inputs: readonly InputSize[];
}

/** How many of a model's earlier requests make a history, and how many of the newest are looked at. */
const FEWEST_ENTRIES = 3;
const MOST_ENTRIES = 20;

/**
 * What an SVG's author may read beside the prompt and write, reasoning included. Nothing is published: from a plain drawing to a long one
 * with much thought.
 */
const AUTHOR_TOKENS = { input: { least: 0, most: 2000 }, output: { least: 300, most: 30_000 } } as const;

/**
 * What a request is thought to cost before it is sent: from what the same model at the same quality used before, otherwise from the
 * published count of tokens, otherwise from an assumed one. It does not reckon with cached input, which can only make it cheaper.
 */
export function estimateRequest(request: JobRequest, facts: EstimateFacts): Estimate {
  const wishes = request.parameters as Wishes;
  const pictures = wishes.n ?? 1;
  const requests = streams(wishes, facts.model) ? pictures : 1;
  const each = pictures / requests;
  if (facts.free) {
    const nothing = exactly(0);
    return {
      range: nothing,
      perRequest: nothing,
      requests,
      basis: 'free',
      lines: [],
      says: 'This profile bills nothing.',
    };
  }
  const output = outputCount(wishes, facts);
  const { imageOut, perPicture } = facts.prices ?? {};
  if (output && imageOut != null) return byTokens(wishes, facts, { ...output, each, requests });
  if (perPicture != null) return byPicture(wishes, facts, { perPicture, each, requests });
  return { range: null, perRequest: null, requests, basis: 'unknown', lines: [], says: whyUnknown(wishes, facts) };
}

/** Several requests as one sum: a batch. The basis is the worst of theirs. */
export function addEstimates(estimates: readonly Estimate[]): Estimate {
  const worst = estimates.reduce<Estimate | null>(
    (found, estimate) =>
      found && ESTIMATE_BASES.indexOf(found.basis) >= ESTIMATE_BASES.indexOf(estimate.basis) ? found : estimate,
    null,
  );
  const requests = estimates.reduce((sum, estimate) => sum + estimate.requests, 0);
  const range = sumRanges(estimates.map((estimate) => estimate.range));
  const { basis, says } = worst ?? { basis: 'free' as const, says: 'Nothing is to be sent.' };
  return { range, perRequest: null, requests, basis, lines: [], says };
}

/** A streamed answer carries one picture, so that every picture is a request of its own. */
function streams({ stream, output_format: format }: Wishes, model: Model): boolean {
  return stream === true && model.streaming && format !== 'gif' && format !== 'svg';
}

interface Share {
  /** Pictures of one request. */
  each: number;
  requests: number;
}

/** What is counted and its price; a price of null is not known. */
interface Part {
  what: string;
  tokens: Count;
  price: number | null;
}

function byTokens(wishes: Wishes, facts: EstimateFacts, { each, requests, ...output }: Share & OutputCount): Estimate {
  const parts = [
    ...inputParts(wishes, facts),
    {
      what: each * requests === 1 ? 'Picture' : 'Pictures',
      tokens: scaled(output, each),
      price: facts.prices?.imageOut ?? null,
    },
    ...partialParts(wishes, facts, each),
    ...authorParts(wishes, facts),
  ].filter(({ tokens }) => tokens.most > 0);
  const missing = parts.find(({ price }) => price === null);
  const perRequest = priceOf(parts);
  const { basis, says } = wishes.output_format === 'svg' ? assumed(facts.model) : output;
  return {
    range: perRequest && times(perRequest, requests),
    perRequest,
    requests,
    basis: missing ? 'unknown' : basis,
    lines: parts.map((part) => ({
      what: part.what,
      tokens: times(part.tokens, requests),
      range: priceOf([{ ...part, tokens: times(part.tokens, requests) }]),
    })),
    says: missing
      ? `The price of one part of it is not known: ${missing.what.charAt(0).toLowerCase()}${missing.what.slice(1)}. Set it under Spending.`
      : says,
  };
}

function inputParts(wishes: Wishes, { model, prices, inputs }: EstimateFacts): Part[] {
  const fidelity = fidelityOf(model, wishes.input_fidelity);
  const images = inputs.map((input) => inputTokens(input, fidelity)).reduce(addCounts, exactly(0));
  return [
    { what: 'Prompt', tokens: wishes.prompt ? promptTokens(wishes.prompt) : exactly(0), price: prices?.textIn ?? null },
    { what: inputs.length === 1 ? 'Input picture' : 'Input pictures', tokens: images, price: prices?.imageIn ?? null },
  ];
}

/** Fewer partial images may come than were asked for. */
function partialParts(wishes: Wishes, { model, prices }: EstimateFacts, each: number): Part[] {
  const asked = streams(wishes, model) ? Math.min(wishes.partial_images ?? 0, model.maxPartials) : 0;
  const tokens = { least: 0, most: asked * each * PARTIAL_TOKENS };
  return [{ what: 'Partial images', tokens, price: prices?.imageOut ?? null }];
}

function authorParts(wishes: Wishes, { svgPrices }: EstimateFacts): Part[] {
  if (wishes.output_format !== 'svg') return [];
  const reads = addCounts(promptTokens(wishes.prompt ?? ''), AUTHOR_TOKENS.input);
  return [
    { what: 'The SVG author’s reading', tokens: reads, price: svgPrices?.textIn ?? null },
    { what: 'The SVG author’s writing', tokens: AUTHOR_TOKENS.output, price: svgPrices?.textOut ?? null },
  ];
}

function byPicture(
  wishes: Wishes,
  facts: EstimateFacts,
  { perPicture, each, requests }: Share & { perPicture: number },
): Estimate {
  const cost = (pictures: number): MicrosRange => exactly(microsOf([[pictures * MICROS_PER_DOLLAR, perPicture]]));
  const perRequest = cost(each);
  const range = times(perRequest, requests);
  return {
    range,
    perRequest,
    requests,
    basis: 'published',
    lines: [{ what: each * requests === 1 ? 'Picture' : 'Pictures', tokens: null, range }],
    says: `By the price table’s price for one picture of ${named(wishes, facts)}.`,
  };
}

/** Output tokens of one picture without its partial images, and where the count comes from. */
interface OutputCount {
  least: number;
  most: number;
  basis: EstimateBasis;
  says: string;
}

function outputCount(wishes: Wishes, facts: EstimateFacts): OutputCount | null {
  const { model, history, inputs } = facts;
  const pixels = picturePixels(wishes, model, inputs);
  const quality = wishes.quality ?? 'auto';
  const past = history ? fromHistory(history, quality, pixels) : null;
  if (past) return past;
  if (!model.outputTokens) return null;
  const known = Object.entries(model.outputTokens);
  const chosen = known.filter(([name]) => name === (quality satisfies Quality));
  const counts = (chosen.length > 0 ? chosen : known).map(([, count]) => count);
  if (counts.length === 0) return null;
  return {
    least: (Math.min(...counts.map(([least]) => least)) * pixels.least) / COUNTED_PIXELS,
    most: (Math.max(...counts.map(([, most]) => most)) * pixels.most) / COUNTED_PIXELS,
    ...(known.every(([, [least, most]]) => least === most)
      ? { basis: 'published' as const, says: 'By OpenAI’s published count of tokens for this model.' }
      : assumed(model)),
  };
}

function assumed(model: Model): { basis: EstimateBasis; says: string } {
  return {
    basis: 'assumed',
    says: `How many tokens ${model.name} uses is not published; this is a careful guess until you have made a few.`,
  };
}

/** Asked for `auto`, what `auto` became before; otherwise what was made at the quality. */
function fromHistory({ model, entries }: TokenHistory, quality: string, pixels: Count): OutputCount | null {
  const alike = entries
    .filter((entry) => (quality === 'auto' ? entry.asked : entry.quality) === quality && entry.pixels > 0)
    .slice(0, MOST_ENTRIES);
  if (alike.length < FEWEST_ENTRIES) return null;
  const perPixel = alike.map(
    (entry) => Math.max(0, entry.outputTokens - entry.partials * PARTIAL_TOKENS) / entry.pixels,
  );
  return {
    least: Math.min(...perPixel) * pixels.least,
    most: Math.max(...perPixel) * pixels.most,
    basis: 'history',
    says: `From your last ${alike.length} requests to ${model} at ${quality === 'auto' ? 'automatic' : quality} quality.`,
  };
}

function whyUnknown(wishes: Wishes, facts: EstimateFacts): string {
  const name = named(wishes, facts);
  return facts.prices?.imageOut == null
    ? `No price is known for ${name}. Set one under Spending.`
    : `How many tokens a picture of ${name} uses is not known until you have made ${FEWEST_ENTRIES}.`;
}

function named(wishes: Wishes, { model }: EstimateFacts): string {
  return wishes.model ?? model.name;
}

/** Whole tokens of several pictures; a thousandth is no token but the dust of a division. */
function scaled({ least, most }: Count, pictures: number): Count {
  return { least: Math.floor(least * pictures + 0.001), most: Math.ceil(most * pictures - 0.001) };
}

function priceOf(parts: readonly Part[]): MicrosRange | null {
  const sum = (end: 'least' | 'most'): Micros | null => {
    const priced = parts.flatMap(({ tokens, price }) => (price === null ? [] : [[tokens[end], price] as const]));
    return priced.length === parts.length ? microsOf(priced) : null;
  };
  const [least, most] = [sum('least'), sum('most')];
  return least === null || most === null ? null : { least, most };
}

function times({ least, most }: Count, factor: number): Count {
  return { least: least * factor, most: most * factor };
}

function sumRanges(ranges: readonly (MicrosRange | null)[]): MicrosRange | null {
  return ranges.reduce<MicrosRange | null>((sum, range) => sum && range && addCounts(sum, range), exactly(0));
}
