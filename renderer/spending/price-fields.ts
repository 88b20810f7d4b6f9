import { tokenPrices, type Prices } from '../../electron/contract/entities/money.ts';

/** The fields of a row of prices, in the order of the form. US dollars for a million tokens, but for the last. */
export const PRICE_FIELDS: readonly { name: keyof Prices; label: string }[] = [
  { name: 'textIn', label: 'Text in' },
  { name: 'textCached', label: 'Text in, cached' },
  { name: 'imageIn', label: 'Image in' },
  { name: 'imageCached', label: 'Image in, cached' },
  { name: 'imageOut', label: 'Image out' },
  { name: 'textOut', label: 'Text out' },
  { name: 'perImage', label: 'One image' },
];

/** The fields' text. */
export type PriceTexts = Record<keyof Prices, string>;

/** "5", "1.25", "2.50"; '' for a price that is not known. */
export function writePrice(price: number | null): string {
  if (price === null) return '';
  if (Number.isInteger(price)) return String(price);
  return Number.isInteger(price * 100) ? price.toFixed(2) : String(price);
}

export function priceTexts(prices: Prices | null): PriceTexts {
  const known = prices ?? tokenPrices({});
  return Object.fromEntries(PRICE_FIELDS.map(({ name }) => [name, writePrice(known[name])])) as PriceTexts;
}

/** Parses the fields; an empty one means an unknown price. Returns the name of the first invalid field instead. */
export function pricesFrom(texts: PriceTexts): { prices: Prices } | { fault: keyof Prices } {
  const prices = tokenPrices({});
  for (const { name } of PRICE_FIELDS) {
    const text = texts[name].trim().replace(/^\$\s*/u, '');
    if (text === '') continue;
    const price = /^(?:\d+(?:\.\d*)?|\.\d+)$/u.test(text) ? Number(text) : Infinity;
    if (price > 1_000_000) return { fault: name };
    prices[name] = price;
  }
  return { prices };
}
