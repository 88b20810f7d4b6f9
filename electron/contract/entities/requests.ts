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
import { StrictMaskOptionsSchema } from './strict-mask.ts';

export const INPUT_ROLES = ['image', 'mask', 'markup'] as const;
export type InputRole = (typeof INPUT_ROLES)[number];

/**
 * An image that goes out with an edit or a variation, by its bytes, which lie among the library's originals. `image`: the library's
 * image that it was taken from. The first of role `image` is the one that a mask or a markup refers to.
 */
export const InputSchema = v.strictObject({
  role: v.picklist(INPUT_ROLES),
  sha256: Sha256Schema,
  image: v.nullable(ImageIdSchema),
});
export type Input = v.InferOutput<typeof InputSchema>;

const inputs = v.pipe(v.array(InputSchema), v.maxLength(18));

/** What every request says beside its parameters. */
const request = {
  profileId: ProfileIdSchema,
  /** Where its images go besides the library. */
  collectionId: v.optional(v.nullable(CollectionIdSchema)),
  /** The image that it repeats with another model, to compare them. */
  repeats: v.optional(v.nullable(ImageIdSchema)),
  /** The draft of the canvas that it was sent from, and the image of that draft's tree that was on the stage. */
  canvas: v.optional(v.nullable(v.strictObject({ draftId: DraftIdSchema, node: NodeIdSchema }))),
};

/** What a person asks for with one click. `n` with `stream` becomes n requests of one job. */
export const JobRequestSchema = v.variant('operation', [
  v.strictObject({ operation: v.literal('create'), ...request, parameters: CreateParametersSchema }),
  v.strictObject({
    operation: v.literal('edit'),
    ...request,
    parameters: EditParametersSchema,
    inputs,
    /** The person asked for a variation, and the server has no endpoint for it. */
    variation: v.optional(v.boolean()),
    /** Wished for with a mask: without one it says nothing. */
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
