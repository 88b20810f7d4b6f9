import * as v from 'valibot';

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
  /** US dollars for one image, for servers that count images instead of tokens. */
  perImage: price,
});
export type Prices = v.InferOutput<typeof PricesSchema>;

/** Prices with everything unknown but what is given. */
export function tokenPrices(known: Partial<Prices>): Prices {
  const unknown = { textIn: null, textCached: null, imageIn: null, imageCached: null, imageOut: null };
  return { ...unknown, textOut: null, perImage: null, ...known };
}
