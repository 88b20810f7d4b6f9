import * as v from 'valibot';
import { CreateParametersSchema, EditParametersSchema, VariationParametersSchema } from '../catalogue/parameters.ts';
import {
  CollectionIdSchema,
  DraftIdSchema,
  ImageIdSchema,
  NodeIdSchema,
  ProfileIdSchema,
  Sha256Schema,
} from './ids.ts';
import { SavedPromptVersionSchema } from './saved-prompts.ts';
import { StrictMaskOptionsSchema } from './strict-mask.ts';

export const INPUT_ROLES = ['image', 'mask', 'markup'] as const;
export type InputRole = (typeof INPUT_ROLES)[number];

/**
 * An input of an edit or a variation, identified by the hash of its bytes, which are among the library's originals. `image`: the library
 * image that it was taken from. A mask or markup applies to the first input with role `image`.
 */
export const InputSchema = v.strictObject({
  role: v.picklist(INPUT_ROLES),
  sha256: Sha256Schema,
  image: v.nullable(ImageIdSchema),
  /** What was changed in the file for this use, as sentences; missing: nothing. Two uses may share one file. */
  changes: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(500))), v.maxLength(50))),
});
export type Input = v.InferOutput<typeof InputSchema>;

const inputs = v.pipe(v.array(InputSchema), v.maxLength(18));

/** Fields of every request besides the API's parameters. */
const request = {
  profileId: ProfileIdSchema,
  /** A collection to which its images are added. */
  collectionId: v.optional(v.nullable(CollectionIdSchema)),
  /** The image that this request repeats with another model, for comparison. */
  repeats: v.optional(v.nullable(ImageIdSchema)),
  /** The canvas draft that it was sent from, and the image of that draft's tree that was shown. */
  canvas: v.optional(v.nullable(v.strictObject({ draftId: DraftIdSchema, node: NodeIdSchema }))),
  /** The version of a saved prompt whose text, with its variables filled in, is in the prompt. */
  savedPrompt: v.optional(v.nullable(SavedPromptVersionSchema)),
};

/** The request of one job. `stream` with `n` > 1 becomes `n` requests. */
export const JobRequestSchema = v.variant('operation', [
  v.strictObject({ operation: v.literal('create'), ...request, parameters: CreateParametersSchema }),
  v.strictObject({
    operation: v.literal('edit'),
    ...request,
    parameters: EditParametersSchema,
    inputs,
    /** The person requested a variation, but the server doesn't have that endpoint. */
    variation: v.optional(v.boolean()),
    /** Ignored without a mask. */
    strict: v.optional(v.nullable(StrictMaskOptionsSchema)),
  }),
  v.strictObject({
    operation: v.literal('variation'),
    ...request,
    parameters: VariationParametersSchema,
    inputs,
  }),
]);
export type JobRequest = v.InferOutput<typeof JobRequestSchema>;
