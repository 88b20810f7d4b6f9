import * as v from 'valibot';

/** Millionths of a US dollar, whole: sums of them never drift. */
export type Micros = number;

const price = v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000)));

/**
 * What a model costs. Tokens: US dollars for a million. A price that is null is not known, and what it would price is then told as
 * uncertain; a cached price that is null is the uncached one.
 */
export const PricesSchema = v.strictObject({
  textIn: price,
  textCached: price,
  imageIn: price,
  imageCached: price,
  imageOut: price,
  /** Text that a model writes: the author of an SVG. */
  textOut: price,
  /** US dollars for one picture, for servers that count pictures instead of tokens. */
  perPicture: price,
});
export type Prices = v.InferOutput<typeof PricesSchema>;

/** Prices with everything unknown but what is given. */
export function tokenPrices(known: Partial<Prices>): Prices {
  const unknown = { textIn: null, textCached: null, imageIn: null, imageCached: null, imageOut: null };
  return { ...unknown, textOut: null, perPicture: null, ...known };
}

const isoDate = v.pipe(v.string(), v.isoDate());

/** A row of the price table as the person has changed it: it stands before the catalogue's. */
export const PriceRowSchema = v.strictObject({
  model: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(256)),
  prices: PricesSchema,
  /** The day from which the person says that it holds. */
  date: isoDate,
});
export type PriceRow = v.InferOutput<typeof PriceRowSchema>;

/** From least to most; equal where the price is certain. */
export const MicrosRangeSchema = v.strictObject({ least: v.number(), most: v.number() });
export type MicrosRange = v.InferOutput<typeof MicrosRangeSchema>;

/** Where a recorded cost comes from. `usage`: the server's own count of tokens. `pictures`: a price per picture. `free`: the profile bills nothing. */
export const COST_BASES = ['usage', 'pictures', 'free'] as const;
export type CostBasis = (typeof COST_BASES)[number];

/** Where an estimate comes from, the best first. */
export const ESTIMATE_BASES = ['free', 'history', 'published', 'assumed', 'unknown'] as const;
export type EstimateBasis = (typeof ESTIMATE_BASES)[number];

/** What earlier requests to a model used, per picture: the best guide to what the next one will. */
export interface TokenHistory {
  model: string;
  entries: {
    quality: string;
    /** Pixels of one picture. */
    pixels: number;
    /** Output tokens of one picture, its partial images included. */
    outputTokens: number;
    partials: number;
  }[];
}
