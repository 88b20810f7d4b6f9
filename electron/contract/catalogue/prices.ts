import * as v from 'valibot';

const price = v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000)));

/**
 * A model's prices. Token prices are US dollars per million tokens; null is unknown, and makes costs that depend on it unknown. A null
 * cached price means the uncached price applies.
 */
export const PricesSchema = v.strictObject({
  textIn: price,
  textCached: price,
  imageIn: price,
  imageCached: price,
  imageOut: price,
  /** Output text of the model that writes an SVG. */
  textOut: price,
  /** US dollars per image, for servers that bill by image. */
  perImage: price,
});
export type Prices = v.InferOutput<typeof PricesSchema>;

/** Returns prices in US dollars per million tokens; everything not given is null (unknown). */
export function tokenPrices(known: Partial<Prices>): Prices {
  const unknown = { textIn: null, textCached: null, imageIn: null, imageCached: null, imageOut: null };
  return { ...unknown, textOut: null, perImage: null, ...known };
}
