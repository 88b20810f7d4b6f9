import * as v from 'valibot';
import type { Operation } from '../catalogue/parameters.ts';
import type { Billing, ErrorReport } from '../errors/errors.ts';
import type { GenerationId, ImageId, JobId, Sha256, Timestamp } from './ids.ts';
import type { PartialImage } from './images.ts';
import type { CostBasis, Micros, MicrosRange } from './money.ts';
import type { InputRole, JobRequest } from './requests.ts';
import type { StrictMaskOptions } from './strict-mask.ts';

/**
 * One request (one POST) of a job. `intent`: recorded, nothing sent. `sent`: the request left; the outcome is unknown until it
 * turns into one of the others.
 */
export const GENERATION_STATES = ['intent', 'sent', 'done', 'failed', 'cancelled', 'interrupted'] as const;
export type GenerationState = (typeof GENERATION_STATES)[number];

/** Not `Infinity`, which JSON can say (1e999) and not write. */
const finite = v.pipe(v.number(), v.finite());

/** Tokens as a server counted them. Any of it may be missing from a compatible server. */
export const UsageSchema = v.looseObject({
  input_tokens: v.optional(finite),
  output_tokens: v.optional(finite),
  total_tokens: v.optional(finite),
  input_tokens_details: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
  output_tokens_details: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
});
export type Usage = v.InferOutput<typeof UsageSchema>;

/** Everything of an answer but the pixels, by the API's names. */
export const ResponseMetadataSchema = v.strictObject({
  created: v.optional(v.number()),
  background: v.optional(v.string()),
  output_format: v.optional(v.string()),
  quality: v.optional(v.string()),
  size: v.optional(v.string()),
  safety_identifier: v.optional(v.nullable(v.string())),
  usage: v.optional(UsageSchema),
  svg_usage: v.optional(v.record(v.string(), v.unknown())),
});
export type ResponseMetadata = v.InferOutput<typeof ResponseMetadataSchema>;

/** One request and what became of it: the record behind an image. */
export interface Generation {
  id: GenerationId;
  jobId: JobId;
  operation: Operation;
  state: GenerationState;
  /** As sent, by the API's names. */
  parameters: JobRequest['parameters'];
  inputs: InputRecord[];
  profileName: string;
  /** Scheme, host and path that it went to; never a key. */
  baseUrl: string;
  createdAt: Timestamp;
  sentAt: Timestamp | null;
  finishedAt: Timestamp | null;
  requestId: string | null;
  status: number | null;
  answer: ResponseMetadata | null;
  billing: Billing;
  cost: Micros | null;
  costBasis: CostBasis | null;
  /** What it was thought to cost before it was sent. */
  estimate: MicrosRange | null;
  /** True for an edit that was asked for as a variation. */
  variation: boolean;
  /** The wish for a strict mask; null where there was none. */
  strict: StrictMaskOptions | null;
  error: ErrorReport | null;
  partials: PartialImage[];
}

export interface InputRecord {
  role: InputRole;
  position: number;
  sha256: Sha256;
  /** The image of the library that it was taken from, if it still is there. */
  imageId: ImageId | null;
}
