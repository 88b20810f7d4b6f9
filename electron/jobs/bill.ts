import type { JobRequest } from '../contract/entities.ts';
import type { Answer } from '../contract/entities.ts';
import { costOf } from '../contract/cost.ts';
import type { CostBasis, Micros, Prices } from '../contract/money.ts';

/** What the queue has to know of money. */
export interface Money {
  /** The prices of a model as of now, the person's own before the catalogue's; null where none are known. */
  pricesOf(model: string): Prices | null;
  /** What may be spent in a calendar month without asking; null: as much as one likes. */
  monthlyCap(): Micros | null;
}

/** Prices of what makes a request: its model, and the model that writes an SVG. */
export function pricesFor(
  parameters: JobRequest['parameters'],
  money: Money,
): { prices: Prices | null; svgPrices: Prices | null } {
  const svgModel = 'svg' in parameters ? parameters.svg?.model : null;
  return {
    prices: parameters.model == null ? null : money.pricesOf(parameters.model),
    svgPrices: svgModel == null ? null : money.pricesOf(svgModel),
  };
}

/** What a request cost, by the prices of today; null where that is not known. */
export function billOf(
  { answer, pictures }: { answer: Answer | null; pictures: number },
  { parameters, free, money }: { parameters: JobRequest['parameters']; free: boolean; money: Money },
): { cost: Micros; basis: CostBasis; prices: Prices | null } | null {
  const { prices, svgPrices } = pricesFor(parameters, money);
  const bill = costOf({ answer, pictures, prices, svgPrices, free });
  return bill && { ...bill, prices };
}
