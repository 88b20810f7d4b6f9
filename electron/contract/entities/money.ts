import * as v from 'valibot';
import { CATALOGUE_DATE, findModel } from '../catalogue/models.ts';
import { PricesSchema, type Prices } from '../catalogue/prices.ts';

export { PricesSchema, tokenPrices, type Prices } from '../catalogue/prices.ts';

/** Millionths of a US dollar, integer, so sums are exact. */
export type Micros = number;

export const MICROS_PER_DOLLAR = 1_000_000;

const isoDate = v.pipe(v.string(), v.isoDate());

/** The person's own row of the price table; takes precedence over the catalogue. */
export const PriceRowSchema = v.strictObject({
  model: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(256)),
  prices: PricesSchema,
  /** The first day on which it applies. */
  date: isoDate,
});
export type PriceRow = v.InferOutput<typeof PriceRowSchema>;

/**
 * Returns a model's prices: the newest of the person's own rows, or the catalogue's. `date`: first valid day (own) or date of the
 * catalogue; null if no price is known.
 */
export function findPrices(
  model: string,
  rows: readonly PriceRow[],
): { prices: Prices | null; date: string | null; own: boolean } {
  const row = rows
    .filter((candidate) => candidate.model === model)
    .reduce<PriceRow | null>(
      (newest, candidate) => (newest && newest.date > candidate.date ? newest : candidate),
      null,
    );
  if (row) return { prices: row.prices, date: row.date, own: true };
  const { prices } = findModel(model);
  return { prices, date: prices && CATALOGUE_DATE, own: false };
}

/**
 * Returns the sum of count × price in micro-dollars, exact until it is rounded half up at the end. Counts are integers; prices are US
 * dollars per million (micro-dollars each).
 */
export function sumMicros(parts: readonly (readonly [count: number, dollarsPerMillion: number])[]): Micros {
  const sum = parts.reduce(
    (total, [count, price]) => total + BigInt(count) * BigInt(Math.round(price * PRICE_SCALE)),
    0n,
  );
  return Number((sum + BigInt(PRICE_SCALE / 2)) / BigInt(PRICE_SCALE));
}
/** Resolution of prices: a millionth of a dollar per million tokens. */
const PRICE_SCALE = 1_000_000;

/** What several images cost together. */
export interface KnownCost {
  /** Of those whose cost is known. */
  micros: Micros;
  /** Number of images whose cost isn't known. */
  unknown: number;
}

/** A range in micro-dollars; min = max if the cost is certain. */
export interface MicrosRange {
  min: Micros;
  max: Micros;
}

/** Basis of a recorded cost. `usage`: the server's token counts. `pictures`: a price per image. `free`: the profile isn't billed. */
export const COST_BASES = ['usage', 'pictures', 'free'] as const;
export type CostBasis = (typeof COST_BASES)[number];

/** Basis of an estimate, most reliable first. */
export const ESTIMATE_BASES = ['free', 'history', 'published', 'assumed', 'unknown'] as const;
export type EstimateBasis = (typeof ESTIMATE_BASES)[number];

/** Output tokens per image of earlier requests to a model, for estimates. */
export interface TokenHistory {
  model: string;
  /** Newest first. */
  entries: {
    /** The quality reported by the server. */
    quality: string;
    /** The requested quality; `auto` if not set. */
    asked: string;
    /** Pixels of one image, summed over all frames of a GIF. */
    pixels: number;
    /** Output tokens of one image, including its partial images. */
    outputTokens: number;
    partials: number;
  }[];
}
