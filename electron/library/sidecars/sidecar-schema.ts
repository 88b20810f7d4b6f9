import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { OPERATIONS } from '../../contract/catalogue/parameters.ts';
import { ResponseMetadataSchema, GENERATION_STATES } from '../../contract/entities/generations.ts';
import {
  BatchIdSchema,
  GenerationIdSchema,
  ImageIdSchema,
  ImportIdSchema,
  JobIdSchema,
} from '../../contract/entities/ids.ts';
import { COST_BASES, PricesSchema } from '../../contract/entities/money.ts';
import { INPUT_ROLES, JobRequestSchema } from '../../contract/entities/requests.ts';
import { BILLING } from '../../contract/errors/errors.ts';
import { IMPORT_DATES } from '../../contract/entities/import-facts.ts';
import { BatchRequestSchema } from '../../contract/rules/batch.ts';
import { StoredErrorSchema } from '../db/columns.ts';
import { SidecarFileFields, SidecarImageFields, SidecarTimeSchema } from './sidecar-image.ts';

const time = SidecarTimeSchema;
const file = SidecarFileFields;

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

const UploadSchema = v.object({
  name: v.string(),
  width: v.number(),
  height: v.number(),
  orientation: v.number(),
  frames: v.number(),
  has_alpha: v.boolean(),
  thumbhash: v.nullable(v.string()),
  /** What was changed before it was sent, as sentences. */
  changes: v.array(v.string()),
  /** What its inspection found, as the database has it. */
  details: v.unknown(),
  image_id: v.nullable(ImageIdSchema),
  added_at: time,
});

/** The version that is written. */
export const SIDECAR_VERSION = 2;
const READ_VERSIONS = [1, SIDECAR_VERSION] as const;

/**
 * The sidecar of one request: everything the database knows about it that can't be derived from the originals. The database can be
 * rebuilt from sidecars and originals. Names are the API's where it has one; times are ISO 8601 in UTC; `file` is relative to the
 * library's folder, with forward slashes.
 */
const GenerationSidecarSchema = v.object({
  kind: v.literal('emulsion-generation'),
  version: v.picklist(READ_VERSIONS),
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
    v.object({
      ...file,
      role: v.picklist(INPUT_ROLES),
      position: v.number(),
      image_id: v.nullable(ImageIdSchema),
      /** What is known of the file as an input. Missing in sidecars of version 1. */
      upload: v.optional(v.nullable(UploadSchema), null),
    }),
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
      ...SidecarImageFields,
      cost: v.optional(v.nullable(v.number()), null),
      position: v.number(),
      revised_prompt: v.nullable(v.string()),
      /** The strict mask's result or error; null if none was requested. Missing in older sidecars. */
      strict: v.optional(v.nullable(StrictSidecarSchema), null),
    }),
  ),
  partials: v.array(v.object({ ...file, index: v.number(), arrived_at: time })),
});
/** The sidecar of one imported image: everything the database knows about it that can't be derived from its original. */
const ImportSidecarSchema = v.object({
  kind: v.literal('emulsion-import'),
  version: v.literal(SIDECAR_VERSION),
  id: ImportIdSchema,
  /** Shared by images that were imported together. */
  run: v.pipe(v.string(), v.uuid()),
  file_name: v.string(),
  imported_at: time,
  /** Where the image's date is from. */
  dated: v.picklist(IMPORT_DATES),
  software: v.string(),
  prompt: v.string(),
  negative_prompt: v.string(),
  model: v.string(),
  parameters: v.record(v.string(), v.unknown()),
  texts: v.array(v.object({ name: v.string(), text: v.string() })),
  /** Null once it was deleted for good. */
  image: v.nullable(v.object(SidecarImageFields)),
});

const SidecarSchema = v.variant('kind', [GenerationSidecarSchema, ImportSidecarSchema]);
/** A sidecar as it is read: fields that older ones lack have their defaults. */
export type Sidecar = v.InferOutput<typeof SidecarSchema>;
export type GenerationSidecar = v.InferOutput<typeof GenerationSidecarSchema>;
export type ImportSidecar = v.InferOutput<typeof ImportSidecarSchema>;
/** A request's sidecar as it is written, with stored names. */
export type GenerationSidecarFile = v.InferInput<typeof GenerationSidecarSchema>;
/** An import's. */
export type ImportSidecarFile = v.InferInput<typeof ImportSidecarSchema>;

/**
 * Reads a sidecar.
 * @throws if it isn't one, or of a later version
 */
export async function readSidecar(path: string): Promise<Sidecar> {
  return parseSidecar(await readFile(path, 'utf8'));
}

/** What was parsed as a sidecar; null if it isn't one, or of a later version. */
export function toSidecar(parsed: unknown): Sidecar | null {
  const result = v.safeParse(SidecarSchema, parsed);
  return result.success ? result.output : null;
}

/** @throws if a text isn't a sidecar's, or of a later version */
export function parseSidecar(text: string): Sidecar {
  return v.parse(SidecarSchema, JSON.parse(text));
}

/**
 * Reads the sidecar of a request.
 * @throws if it isn't one, or of a later version
 */
export async function readGenerationSidecar(path: string): Promise<GenerationSidecar> {
  return v.parse(GenerationSidecarSchema, JSON.parse(await readFile(path, 'utf8')));
}
