import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { FILE_FORMATS } from '../../contract/catalogue/file-formats.ts';
import { OPERATIONS } from '../../contract/catalogue/parameters.ts';
import { ResponseMetadataSchema, GENERATION_STATES } from '../../contract/entities/generations.ts';
import {
  BatchIdSchema,
  CollectionIdSchema,
  GenerationIdSchema,
  ImageIdSchema,
  JobIdSchema,
  Sha256Schema,
} from '../../contract/entities/ids.ts';
import { COST_BASES, PricesSchema } from '../../contract/entities/money.ts';
import { INPUT_ROLES, JobRequestSchema } from '../../contract/entities/requests.ts';
import { BILLING } from '../../contract/errors/errors.ts';
import { BatchRequestSchema } from '../../contract/rules/batch.ts';
import { StoredErrorSchema } from '../db/columns.ts';

const time = v.pipe(v.string(), v.isoTimestamp());
const file = { sha256: Sha256Schema, file: v.string(), format: v.picklist(FILE_FORMATS), bytes: v.number() };

const StrictSidecarSchema = v.variant('state', [
  v.object({
    state: v.literal('done'),
    feather: v.number(),
    ...file,
    width: v.number(),
    height: v.number(),
    has_alpha: v.boolean(),
    /** Pixels outside the mask; those changed by the original response; those visibly changed. */
    outside: v.number(),
    changed: v.number(),
    visible: v.number(),
    made_at: time,
  }),
  v.object({ state: v.literal('failed'), feather: v.number(), error: StoredErrorSchema, made_at: time }),
]);

/**
 * The sidecar of one request: everything the database knows about it that can't be derived from the originals. The database can be
 * rebuilt from sidecars and originals. Names are the API's where it has one; times are ISO 8601 in UTC; `file` is relative to the
 * library's folder, with forward slashes.
 */
const SidecarSchema = v.object({
  kind: v.literal('emulsion-generation'),
  version: v.literal(1),
  id: GenerationIdSchema,
  job: v.object({
    id: JobIdSchema,
    request: JobRequestSchema,
    profile_name: v.string(),
    base_url: v.string(),
    created_at: time,
    /** Its batch, repeated in each of the batch's sidecars, and its index on each axis. Missing in older sidecars. */
    batch: v.optional(
      v.nullable(
        v.object({ id: BatchIdSchema, request: BatchRequestSchema, created_at: time, at: v.array(v.number()) }),
      ),
      null,
    ),
  }),
  /** 0-based position among the job's requests. */
  ordinal: v.number(),
  operation: v.picklist(OPERATIONS),
  state: v.picklist(GENERATION_STATES),
  parameters: v.record(v.string(), v.unknown()),
  n: v.number(),
  inputs: v.array(
    v.object({ ...file, role: v.picklist(INPUT_ROLES), position: v.number(), image_id: v.nullable(ImageIdSchema) }),
  ),
  created_at: time,
  sent_at: v.nullable(time),
  finished_at: v.nullable(time),
  request_id: v.nullable(v.string()),
  status: v.nullable(v.number()),
  answer: v.nullable(ResponseMetadataSchema),
  /** The response without pixels: one document, or one per stream event. Missing in older sidecars. */
  documents: v.optional(v.array(v.unknown()), []),
  billing: v.picklist(BILLING),
  /** Micro-dollars. This field and the next three are missing in older sidecars. */
  cost: v.optional(v.nullable(v.number()), null),
  cost_basis: v.optional(v.nullable(v.picklist(COST_BASES)), null),
  /** Prices used for the cost. */
  prices: v.optional(v.nullable(PricesSchema), null),
  estimate: v.optional(v.nullable(v.strictObject({ least: v.number(), most: v.number() })), null),
  error: v.nullable(StoredErrorSchema),
  images: v.array(
    v.object({
      ...file,
      cost: v.optional(v.nullable(v.number()), null),
      id: ImageIdSchema,
      position: v.number(),
      width: v.number(),
      height: v.number(),
      revised_prompt: v.nullable(v.string()),
      created_at: time,
      damaged: v.boolean(),
      /** The strict mask's result or error; null if none was requested. Missing in older sidecars. */
      strict: v.optional(v.nullable(StrictSidecarSchema), null),
      /** By name. Missing in older sidecars. */
      collections: v.optional(v.array(v.object({ id: CollectionIdSchema, name: v.string() })), []),
    }),
  ),
  partials: v.array(v.object({ ...file, index: v.number(), arrived_at: time })),
});
/** A sidecar as it is read: fields that older ones lack have their defaults. */
export type Sidecar = v.InferOutput<typeof SidecarSchema>;
/** A sidecar as it is written, with stored names. */
export type SidecarFile = v.InferInput<typeof SidecarSchema>;

/**
 * Reads a sidecar.
 * @throws if it isn't one, or not of this version
 */
export async function readSidecar(path: string): Promise<Sidecar> {
  return v.parse(SidecarSchema, JSON.parse(await readFile(path, 'utf8')));
}
