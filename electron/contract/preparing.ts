import * as v from 'valibot';
import { Sha256Schema } from './entities.ts';

/** How a picture is made ready to go out. What is left out stays as it is; orientation is always applied. */
export const PreparationSchema = v.strictObject({
  sha256: Sha256Schema,
  /** Scaled down so that neither edge is longer, in pixels. */
  longestEdge: v.optional(v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(16_384))),
  format: v.optional(v.picklist(['png', 'jpeg', 'webp'])),
  /** Made square: what is beyond the middle cut off, or the edges filled with transparency. */
  square: v.optional(v.picklist(['crop', 'pad'])),
  /** Scaled down further until the file is smaller than this many bytes. */
  below: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1024))),
});
export type Preparation = v.InferOutput<typeof PreparationSchema>;

/**
 * How a mask from a file is made fit for the first picture: its size, an alpha channel that says where to edit, below 4 MB. `reads`: what
 * of the file says where to edit: its transparency, its white, or its black.
 */
export const MaskFittingSchema = v.strictObject({
  sha256: Sha256Schema,
  first: Sha256Schema,
  reads: v.picklist(['transparency', 'white', 'black']),
});
export type MaskFitting = v.InferOutput<typeof MaskFittingSchema>;
