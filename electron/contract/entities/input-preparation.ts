import * as v from 'valibot';
import { Sha256Schema } from './ids.ts';

/** How an image is made ready to go out. What is left out stays as it is; orientation is always applied. */
export const InputPreparationSchema = v.strictObject({
  sha256: Sha256Schema,
  /** Scaled down so that neither edge is longer, in pixels. */
  longestEdge: v.optional(v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(16_384))),
  format: v.optional(v.picklist(['png', 'jpeg', 'webp'])),
  /** Made square: what is beyond the middle cut off, or the edges filled with transparency. */
  square: v.optional(v.picklist(['crop', 'pad'])),
  /** Scaled down further until the file is smaller than this many bytes. */
  below: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1024))),
});
export type InputPreparation = v.InferOutput<typeof InputPreparationSchema>;

/**
 * How a mask from a file is made fit for the first image: its size, an alpha channel that says where to edit, below 4 MB. `reads`: what
 * of the file says where to edit: its transparency, its white, or its black.
 */
export const MaskFittingSchema = v.strictObject({
  sha256: Sha256Schema,
  first: Sha256Schema,
  reads: v.picklist(['transparency', 'white', 'black']),
});
export type MaskFitting = v.InferOutput<typeof MaskFittingSchema>;

/** The longest edge that a frame may have, in pixels. */
export const MAX_FRAME_EDGE = 16_384;
const edge = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_FRAME_EDGE));
const offset = v.pipe(v.number(), v.integer(), v.minValue(-MAX_FRAME_EDGE), v.maxValue(MAX_FRAME_EDGE));

/**
 * Cuts an image to a frame that may reach beyond it (crop, outpaint): what lies outside of the image becomes transparent. In pixels
 * of the image as it is seen. `to`: the size that the whole is scaled to afterwards.
 */
export const FramingSchema = v.strictObject({
  sha256: Sha256Schema,
  left: offset,
  top: offset,
  width: edge,
  height: edge,
  to: v.optional(v.strictObject({ width: edge, height: edge })),
});
export type Framing = v.InferOutput<typeof FramingSchema>;
