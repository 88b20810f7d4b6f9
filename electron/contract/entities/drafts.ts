import * as v from 'valibot';
import { DraftIdSchema, NodeIdSchema, Sha256Schema, type Timestamp } from './ids.ts';

/** Longest document and longest step, in characters: a call is at most 2 MB. */
export const MAX_DOCUMENT_LENGTH = 1_000_000;
export const MAX_STEP_LENGTH = 1_800_000;

/**
 * A draft of the canvas without its steps. `document` is the canvas' own JSON, which names its version; the library keeps it and does
 * not read it.
 */
export const DraftHeadSchema = v.strictObject({
  id: DraftIdSchema,
  name: v.pipe(v.string(), v.trim(), v.maxLength(200)),
  /** The image that it began with: an input of the library; null before one was opened. */
  root: v.nullable(Sha256Schema),
  document: v.pipe(v.string(), v.maxLength(MAX_DOCUMENT_LENGTH)),
});
export type DraftHead = v.InferOutput<typeof DraftHeadSchema>;

/** As the library keeps it. */
export interface StoredDraft extends DraftHead {
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

/** Which steps: the history of one image of a draft. */
export const StepsKeySchema = v.strictObject({ draftId: DraftIdSchema, node: NodeIdSchema });

/** Puts steps in the place of all from `from` on (0-based, at most as many as there are). */
export const StepsChangeSchema = v.strictObject({
  draftId: DraftIdSchema,
  node: NodeIdSchema,
  from: v.pipe(v.number(), v.integer(), v.minValue(0)),
  steps: v.pipe(v.array(v.pipe(v.string(), v.maxLength(MAX_STEP_LENGTH))), v.maxLength(1000)),
});
