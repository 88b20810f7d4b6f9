import { MODELS } from '../../electron/contract/catalogue/models.ts';
import type { PriceRow } from '../../electron/contract/entities/money.ts';
import type { Prices } from '../../electron/contract/catalogue/prices.ts';

/** Models that cost the same, as one row of the price table. */
export interface PriceGroup {
  /** "2.6, 2.5, 2", or the model's full name for a custom row. */
  label: string;
  models: string[];
  prices: Prices;
  /** The date of a custom row; null for a catalogue row. */
  date: string | null;
}

/** Custom rows first, then the catalogue's rows that they don't replace. */
export function priceGroups(rows: readonly PriceRow[]): PriceGroup[] {
  const own = rows.map(({ model, prices, date }) => ({ label: model, models: [model], prices, date }));
  const rest = MODELS.filter(({ name, prices }) => prices && !rows.some(({ model }) => model === name));
  const groups = Map.groupBy(rest, ({ prices }) => JSON.stringify(prices));
  const catalogue = [...groups].flatMap(([, members]): PriceGroup[] => {
    const prices = members[0]?.prices;
    if (!prices) return [];
    const models = members.map(({ name }) => name);
    return [{ label: [...new Set(models.map(family))].join(', '), models, prices, date: null }];
  });
  return [...own, ...catalogue];
}

/** Name for a group of models with the same prices: "gpt-image 2.6, 2.5, 2". */
export function groupName({ label, models }: PriceGroup): string {
  return models.every((model) => model.startsWith('gpt-image-')) ? `gpt-image ${label}` : label;
}

/** `gpt-image-2.6-sunburst` is of the family 2.6. */
function family(model: string): string {
  return model.replace(/^gpt-image-/u, '').replace(/-(?:sunburst|flare|\d{4}-).*$/u, '');
}

/** Returns the list with these models' rows replaced. */
export function withPrices(
  rows: readonly PriceRow[],
  models: readonly string[],
  prices: Prices,
  date: string,
): PriceRow[] {
  return [...withoutPrices(rows, models), ...models.map((model) => ({ model, prices, date }))];
}

/** Returns the list without rows for these models; the catalogue's prices apply again. */
export function withoutPrices(rows: readonly PriceRow[], models: readonly string[]): PriceRow[] {
  return rows.filter(({ model }) => !models.includes(model));
}

/** A local day as `2026-11-22`. */
export function isoDay(moment: number): string {
  const date = new Date(moment);
  const pad = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

const written = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** "22 Nov 2026" of an ISO date. */
export function formatIsoDay(date: string): string {
  return written.format(new Date(`${date}T00:00:00Z`));
}
