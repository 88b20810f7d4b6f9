import * as v from 'valibot';
import type { Operation } from '../catalogue/parameters.ts';
import type { Billing, ErrorReport } from '../errors/errors.ts';
import type { GenerationId, ImageId, JobId, Sha256, Timestamp } from './ids.ts';
import type { PartialImage } from './images.ts';
import type { CostBasis, Micros, MicrosRange } from './money.ts';
import type { InputRole, JobRequest } from './requests.ts';
import type { StrictMaskOptions } from './strict-mask.ts';

/**
 * State of one request (one POST) of a job. `intent`: recorded, nothing sent. `sent`: sent, outcome unknown until it becomes one of the
 * others.
 */
export const GENERATION_STATES = ['intent', 'sent', 'done', 'failed', 'cancelled', 'interrupted'] as const;
export type GenerationState = (typeof GENERATION_STATES)[number];

/** Excludes `Infinity`: JSON can express it (1e999), but `JSON.stringify` can't write it. */
const finite = v.pipe(v.number(), v.finite());

/** Token counts reported by the server. Compatible servers may omit any of them. */
export const UsageSchema = v.looseObject({
  input_tokens: v.optional(finite),
  output_tokens: v.optional(finite),
  total_tokens: v.optional(finite),
  input_tokens_details: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
  output_tokens_details: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
});
export type Usage = v.InferOutput<typeof UsageSchema>;

/** A response without its pixels, under the API's names. */
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

/** One request and its outcome: the record behind an image. */
export interface Generation {
  id: GenerationId;
  jobId: JobId;
  operation: Operation;
  state: GenerationState;
  /** As sent, under the API's names. */
  parameters: JobRequest['parameters'];
  inputs: InputRecord[];
  profileName: string;
  /** Scheme, host and path of the server; never contains a key. */
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
  /** Estimated cost before sending, micro-dollars. */
  estimate: MicrosRange | null;
  /** True for an edit that was requested as a variation. */
  variation: boolean;
  /** The strict mask's options; null if not requested. */
  strict: StrictMaskOptions | null;
  error: ErrorReport | null;
  partials: PartialImage[];
}

/** What is known about the response to one request of a job. Its documents are read by `library.response`. */
export interface ResponseHead {
  generationId: GenerationId;
  state: GenerationState;
  /** HTTP status; null if no response arrived. */
  status: number | null;
  requestId: string | null;
}

export interface InputRecord {
  role: InputRole;
  position: number;
  sha256: Sha256;
  /** The library image that it was taken from, if it still exists. */
  imageId: ImageId | null;
}
