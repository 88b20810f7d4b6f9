import * as v from 'valibot';
import type { GenerationState } from './generations.ts';
import { GenerationIdSchema, type GenerationId, type ProfileId, type Timestamp } from './ids.ts';
import type { Billing, ErrorCode } from '../errors/errors.ts';
import type { Micros } from './money.ts';
import type { Operation } from '../catalogue/parameters.ts';

/** A time span, in milliseconds since 1970: from and with the first, up to and without the second. The caller knows the time zone. */
export const TimeSpanSchema = v.strictObject({ from: v.number(), to: v.number() });
export type TimeSpan = v.InferOutput<typeof TimeSpanSchema>;

/** What was spent on one of something. */
export interface SpendingRow {
  /** A model's or a collection's name, a profile's name; '' for images without. */
  name: string;
  images: number;
  cost: Micros;
}

/** One bar of the chart: what one model cost between two times. */
export interface SpendingBar {
  at: Timestamp;
  model: string;
  cost: Micros;
}

/** A request whose cost is not known: perhaps billed, or billed without usage figures. Never part of a sum. */
export interface UncertainCost {
  generationId: GenerationId;
  at: Timestamp;
  state: GenerationState;
  /** Why it has no whole answer; null where it has one, and only a count or a price is missing. */
  code: ErrorCode | null;
  billing: Billing;
  model: string;
  /** The most that it was thought to cost; null where nothing was known. */
  max: Micros | null;
}

/** What was spent in a span. What was made on a free profile is no spending and is in none of it. */
export interface Spending {
  /** Certain costs only. */
  total: Micros;
  /** Those of requests whose cost is certain. */
  images: number;
  /** Costs by model at each of the asked-for steps that has any, oldest first. */
  bars: SpendingBar[];
  models: SpendingRow[];
  profiles: SpendingRow[];
  /** An image in several collections counts in each, so that this column need not add up to the total. */
  collections: SpendingRow[];
  /** The newest thousand. */
  uncertain: UncertainCost[];
}

export const SpendingCursorSchema = v.strictObject({ createdAt: v.number(), id: GenerationIdSchema });
export type SpendingCursor = v.InferOutput<typeof SpendingCursorSchema>;

/** A request as a line of the CSV file. */
export interface SpendingLine {
  generationId: GenerationId;
  createdAt: Timestamp;
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
