import * as v from 'valibot';
import { CATALOGUE_DATE, findModel } from '../catalogue/models.ts';
import { PricesSchema, type Prices } from '../catalogue/prices.ts';

export { PricesSchema, tokenPrices, type Prices } from '../catalogue/prices.ts';

/** Millionths of a US dollar, whole: sums of them never drift. */
export type Micros = number;

export const MICROS_PER_DOLLAR = 1_000_000;

const isoDate = v.pipe(v.string(), v.isoDate());

/** A row of the price table as the person has changed it: it stands before the catalogue's. */
export const PriceRowSchema = v.strictObject({
  model: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(256)),
  prices: PricesSchema,
  /** The day from which the person says that it holds. */
  date: isoDate,
});
export type PriceRow = v.InferOutput<typeof PriceRowSchema>;

/**
 * What a model costs by the person's own rows, or by the catalogue. Of several rows for one model the newest counts. `date`: the day
 * from which it holds (own) or on which it was gathered; null where no price is known.
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
 * What counted things cost together, in micro-dollars, rounded half up once at the end; exact before that. Counts are whole, prices are
 * US dollars for a million (which is micro-dollars for one).
 */
export function sumMicros(parts: readonly (readonly [count: number, dollarsPerMillion: number])[]): Micros {
  const sum = parts.reduce(
    (total, [count, price]) => total + BigInt(count) * BigInt(Math.round(price * PRICE_SCALE)),
    0n,
  );
  return Number((sum + BigInt(PRICE_SCALE / 2)) / BigInt(PRICE_SCALE));
}
/** Prices are taken to the millionth of a dollar for a million, finer than any that was ever asked. */
const PRICE_SCALE = 1_000_000;

/** From least to most; equal where the price is certain. */
export interface MicrosRange {
  min: Micros;
  max: Micros;
}

/** Where a recorded cost comes from. `usage`: the server's own count of tokens. `images`: a price per image. `free`: the profile bills nothing. */
export const COST_BASES = ['usage', 'pictures', 'free'] as const;
export type CostBasis = (typeof COST_BASES)[number];

/** Where an estimate comes from, the best first. */
export const ESTIMATE_BASES = ['free', 'history', 'published', 'assumed', 'unknown'] as const;
export type EstimateBasis = (typeof ESTIMATE_BASES)[number];

/** What earlier requests to a model used, per image: the best guide to what the next one will. */
export interface TokenHistory {
  model: string;
  /** Newest first. */
  entries: {
    /** As the server says that it made it. */
    quality: string;
    /** As it was asked for; `auto` where nothing was. */
    asked: string;
    /** Pixels of one image, of all frames of a GIF. */
    pixels: number;
    /** Output tokens of one image, its partial images included. */
    outputTokens: number;
    partials: number;
  }[];
}
