import * as v from 'valibot';
import type { GenerationState } from './generations.ts';
import { GenerationIdSchema, type GenerationId, type ProfileId, type Timestamp } from './ids.ts';
import type { Billing, ErrorCode } from '../errors/errors.ts';
import type { Micros } from './money.ts';
import type { Operation } from '../catalogue/parameters.ts';

/** A time span in milliseconds since 1970, `from` inclusive, `to` exclusive. The caller handles time zones. */
export const TimeSpanSchema = v.strictObject({ from: v.number(), to: v.number() });
export type TimeSpan = v.InferOutput<typeof TimeSpanSchema>;

/** Spending on one model, profile or collection. */
export interface SpendingRow {
  /** Name of the model, profile or collection; '' for images without one. */
  name: string;
  images: number;
  cost: Micros;
}

/** One bar of the chart: the cost of one model in one step. */
export interface SpendingBar {
  at: Timestamp;
  model: string;
  cost: Micros;
}

/** A request with an unknown cost: it may have been billed, or was billed without usage figures. Not part of any sum. */
export interface UncertainCost {
  generationId: GenerationId;
  /** When it was sent. */
  at: Timestamp;
  state: GenerationState;
  /** Why the response is incomplete; null if it's complete and only a count or a price is missing. */
  code: ErrorCode | null;
  billing: Billing;
  model: string;
  /** The highest estimated cost, micro-dollars; null if unknown. */
  max: Micros | null;
}

/** Spending in a time span, by the times when requests were sent. Excludes profiles that aren't billed. */
export interface Spending {
  /** Certain costs only. */
  total: Micros;
  /** Images of requests with a known cost. */
  images: number;
  /** Costs by model for each requested step that has any, oldest first. */
  bars: SpendingBar[];
  models: SpendingRow[];
  profiles: SpendingRow[];
  /** An image in several collections counts in each, so the sum can exceed the total. */
  collections: SpendingRow[];
  /** At most 1000, newest first. */
  uncertain: UncertainCost[];
}

export const SpendingCursorSchema = v.strictObject({ at: v.number(), id: GenerationIdSchema });
export type SpendingCursor = v.InferOutput<typeof SpendingCursorSchema>;

/** A request as a row of the CSV export. */
export interface SpendingLine {
  generationId: GenerationId;
  /** When it was sent. */
  at: Timestamp;
  profileId: ProfileId;
  profile: string;
  operation: Operation;
  model: string;
  size: string | null;
  quality: string | null;
  images: number;
  inputTokens: number | null;
  outputTokens: number | null;
  cost: Micros | null;
  estimateMost: Micros | null;
  billing: Billing;
  requestId: string | null;
  collections: string[];
  prompt: string;
}

/** Oldest first; `next` is null on the last page. */
export interface SpendingPage {
  lines: SpendingLine[];
  next: SpendingCursor | null;
}
