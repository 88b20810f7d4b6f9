import type { ResponseMetadata } from '../entities/generations.ts';
import { MICROS_PER_DOLLAR, sumMicros, type CostBasis, type Micros } from '../entities/money.ts';
import type { Prices } from '../catalogue/prices.ts';

/** Tokens of one kind and their price in US dollars per million; null if the price is unknown. */
type PricedTokens = [tokens: number, price: number | null];

type Fields = Readonly<Record<string, unknown>>;

/** Larger counts are treated as invalid. */
const MAX_PLAUSIBLE_TOKENS = 1_000_000_000;

/** A finished request, and the prices on its date. */
export interface BilledResponse {
  /** What arrived of the response's own description; null if nothing did. */
  answer: ResponseMetadata | null;
  /** Images received. */
  images: number;
  prices: Prices | null;
  /** Prices of the text model that wrote an SVG. */
  svgPrices: Prices | null;
  /** The profile's server doesn't bill. */
  free: boolean;
}

/**
 * Computes the cost of a request in micro-dollars from the server's token counts, or from a price per image if it reports none.
 *
 * If counts are ambiguous, the more expensive reading applies, so the cost is never too low: input not split into text and images has
 * the higher of the two prices; cached tokens of unknown kind have the uncached price; text output without a known price has the image
 * output price. Fields: `ImagesResponse.Usage` and `SvgUsage` in `resources/images.d.ts` of `openai` 7.57.0; cached tokens as in `usage`
 * of the same package's Responses and Realtime types.
 * @returns null if the cost is unknown: neither a usage figure nor an image arrived, a price is missing or a count is invalid
 */
export function computeCost({
  answer,
  images,
  prices,
  svgPrices,
  free,
}: BilledResponse): { cost: Micros; basis: CostBasis } | null {
  if (free) return { cost: 0, basis: 'free' };
  const counted = sumOfParts(pricedParts(answer ?? {}, prices, svgPrices));
  if (counted !== null) return { cost: counted, basis: 'usage' };
  const each = prices?.perImage ?? null;
  if (each === null || images === 0) return null;
  return { cost: sumMicros([[images * MICROS_PER_DOLLAR, each]]), basis: 'pictures' };
}

function sumOfParts(parts: PricedTokens[] | null): Micros | null {
  const priced = parts?.flatMap(([tokens, price]) =>
    tokens === 0 || price === null ? [] : [[tokens, price] as const],
  );
  if (!parts || priced?.length !== parts.filter(([tokens]) => tokens > 0).length) return null;
  const sum = sumMicros(priced);
  return Number.isSafeInteger(sum) ? sum : null;
}

/** Null if the response has no valid count for its images or for the SVG's text model. */
function pricedParts(
  { usage, svg_usage: svgUsage }: ResponseMetadata,
  prices: Prices | null,
  svgPrices: Prices | null,
): PricedTokens[] | null {
  const imageParts = usage ? usageParts(usage, prices) : null;
  if (!svgUsage || !imageParts) return imageParts;
  const svgParts = svgModelParts(svgUsage, svgPrices);
  return svgParts && [...imageParts, ...svgParts];
}

function usageParts(usage: Fields, prices: Prices | null): PricedTokens[] | null {
  const input = splitTokens(usage, 'input');
  const output = splitTokens(usage, 'output');
  if (!input || !output || output.text + output.image + output.unsplit === 0) return null;
  const cached = cachedTokens(usage, input);
  const p = {
    textIn: null,
    textCached: null,
    imageIn: null,
    imageCached: null,
    imageOut: null,
    textOut: null,
    ...prices,
  };
  return [
    [input.text - cached.text, p.textIn],
    [cached.text, p.textCached ?? p.textIn],
    [input.image - cached.image, p.imageIn],
    [cached.image, p.imageCached ?? p.imageIn],
    [input.unsplit, higherPrice(p.textIn, p.imageIn)],
    [output.text, p.textOut ?? p.imageOut],
    [output.image + output.unsplit, p.imageOut],
  ];
}

/** The output count includes reasoning tokens, as in every usage object of the API. */
function svgModelParts(usage: Fields, prices: Prices | null): PricedTokens[] | null {
  const input = splitTokens(usage, 'input');
  const output = splitTokens(usage, 'output');
  if (!input || !output) return null;
  const whole = input.text + input.image + input.unsplit;
  const cached = Math.min(whole, count(detailsOf(usage, 'input').cached_tokens) ?? 0);
  return [
    [whole - cached, prices?.textIn ?? null],
    [cached, prices?.textCached ?? prices?.textIn ?? null],
    [output.text + output.image + output.unsplit, prices?.textOut ?? null],
  ];
}

interface Split {
  text: number;
  image: number;
  /** Part of the total, but of neither kind. */
  unsplit: number;
}

const CHAT_NAMES = { input: 'prompt', output: 'completion' } as const;

/** Null if counts are missing or invalid. */
function splitTokens(usage: Fields, side: 'input' | 'output'): Split | null {
  const details = detailsOf(usage, side);
  const reported = [
    usage[`${side}_tokens`] ?? usage[`${CHAT_NAMES[side]}_tokens`],
    details.text_tokens,
    details.image_tokens,
  ];
  if (reported.every((value) => value == null)) return null;
  const [whole, text, image] = reported.map((value) => (value == null ? 0 : count(value)));
  if (whole == null || text == null || image == null) return null;
  return { text, image, unsplit: Math.max(0, whole - text - image) };
}

/** `input_tokens_details` (Images, Responses), `input_token_details` (Realtime), `prompt_tokens_details` (Chat). */
function detailsOf(usage: Fields, side: 'input' | 'output'): Fields {
  const names = [`${side}_tokens_details`, `${side}_token_details`, `${CHAT_NAMES[side]}_tokens_details`];
  return names.map((name) => usage[name]).find(isFields) ?? {};
}

/** Cached tokens are part of the input. A count per kind is used as given; a single total is used only if the input is of one kind. */
function cachedTokens(usage: Fields, { text, image, unsplit }: Split): { text: number; image: number } {
  const details = detailsOf(usage, 'input');
  const kinds = details.cached_tokens_details;
  if (isFields(kinds)) {
    const taken = (value: unknown, max: number): number => Math.min(max, count(value) ?? 0);
    return { text: taken(kinds.text_tokens, text), image: taken(kinds.image_tokens, image) };
  }
  const all = count(details.cached_tokens) ?? 0;
  if (image === 0 && unsplit === 0) return { text: Math.min(all, text), image: 0 };
  if (text === 0 && unsplit === 0) return { text: 0, image: Math.min(all, image) };
  return { text: 0, image: 0 };
}

function higherPrice(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one, other);
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_PLAUSIBLE_TOKENS
    ? value
    : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
