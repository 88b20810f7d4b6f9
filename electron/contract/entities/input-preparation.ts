import * as v from 'valibot';
import { Sha256Schema } from './ids.ts';

/** How an image is prepared for sending. Missing fields change nothing; the orientation is always applied. */
export const InputPreparationSchema = v.strictObject({
  sha256: Sha256Schema,
  /** Scaled down so that neither edge is longer, in pixels. */
  longestEdge: v.optional(v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(16_384))),
  format: v.optional(v.picklist(['png', 'jpeg', 'webp'])),
  /** Makes the image square: crops to the centre, or pads the edges with transparency. */
  square: v.optional(v.picklist(['crop', 'pad'])),
  /** Removes metadata (see `InputDetails.carries`). Where nothing else changes, the pixels stay byte for byte. */
  strip: v.optional(v.boolean()),
  /** Scaled down further until the file is smaller than this, bytes. */
  below: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1024))),
});
export type InputPreparation = v.InferOutput<typeof InputPreparationSchema>;

/**
 * How a mask file is fitted to the first image: same size, an alpha channel that marks the area to edit, below 4 MB. `reads`: what marks
 * the area to edit in the file: transparency, white or black.
 */
export const MaskFittingSchema = v.strictObject({
  sha256: Sha256Schema,
  first: Sha256Schema,
  reads: v.picklist(['transparency', 'white', 'black']),
});
export type MaskFitting = v.InferOutput<typeof MaskFittingSchema>;

/** Maximum edge of a frame, in pixels. */
export const MAX_FRAME_EDGE = 16_384;
const edge = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_FRAME_EDGE));
const offset = v.pipe(v.number(), v.integer(), v.minValue(-MAX_FRAME_EDGE), v.maxValue(MAX_FRAME_EDGE));

/**
 * Crops an image to a frame that may extend beyond it (crop, outpaint); the area outside the image becomes transparent. In pixels after
 * applying the orientation. `to`: the size to scale the result to.
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
