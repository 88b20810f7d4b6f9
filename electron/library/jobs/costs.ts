import type { GenerationId } from '../../contract/entities/ids.ts';
import type { CostBasis, Micros } from '../../contract/entities/money.ts';
import type { Prices } from '../../contract/catalogue/prices.ts';
import { prepare, type Writable } from '../db/database.ts';
import { shareCost } from '../images/cost-shares.ts';

/** A request's cost, by the prices of its day. */
export interface RecordedCost {
  cost: Micros;
  basis: CostBasis;
  prices: Prices | null;
}

/** Stores a request's cost (null: unknown) and each image's share. Call it in the transaction that ends the request. */
export function recordCost(db: Writable, id: GenerationId, cost: RecordedCost | null): void {
  prepare<[number | null, string | null, string | null, string]>(
    db,
    'UPDATE generations SET cost = ?, cost_basis = ?, prices = ? WHERE id = ?',
  ).run(cost?.cost ?? null, cost?.basis ?? null, cost?.prices ? JSON.stringify(cost.prices) : null, id);
  shareCost(db, id);
}
