import * as v from 'valibot';
import { DraftIdSchema, NodeIdSchema, Sha256Schema, type Timestamp } from './ids.ts';

/** Maximum length of a document and of a step, in characters: a call is at most 2 MB. */
export const MAX_DOCUMENT_LENGTH = 1_000_000;
export const MAX_STEP_LENGTH = 1_800_000;

/** A canvas draft without its steps. `document` is the canvas's own versioned JSON; the library stores it unread. */
export const DraftHeadSchema = v.strictObject({
  id: DraftIdSchema,
  name: v.pipe(v.string(), v.trim(), v.maxLength(200)),
  /** The first image, an input of the library; null before one was opened. */
  root: v.nullable(Sha256Schema),
  document: v.pipe(v.string(), v.maxLength(MAX_DOCUMENT_LENGTH)),
});
export type DraftHead = v.InferOutput<typeof DraftHeadSchema>;

/** A draft as the library stores it. */
export interface StoredDraft extends DraftHead {
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

/** Identifies the history of one image of a draft. */
export const StepsKeySchema = v.strictObject({ draftId: DraftIdSchema, node: NodeIdSchema });

/** Replaces all steps from index `from` on (0-based, at most the number of steps). */
export const StepsChangeSchema = v.strictObject({
  draftId: DraftIdSchema,
  node: NodeIdSchema,
  from: v.pipe(v.number(), v.integer(), v.minValue(0)),
  steps: v.pipe(v.array(v.pipe(v.string(), v.maxLength(MAX_STEP_LENGTH))), v.maxLength(1000)),
});
