import * as v from 'valibot';

/** The widest feather of a strict mask, in pixels of the first input. */
export const MAX_FEATHER = 64;
/** The feather that nobody has chosen. */
export const DEFAULT_FEATHER = 6;

/**
 * The wish that a masked edit changes what is marked and nothing else: each answer is laid over the first input through the mask. The
 * feather lies inside the mask's edge, so that no pixel outside is touched.
 */
export const StrictMaskOptionsSchema = v.strictObject({
  /** In pixels of the first input. 0: a hard edge. */
  feather: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_FEATHER)),
});
export type StrictMaskOptions = v.InferOutput<typeof StrictMaskOptionsSchema>;

/** A difference of a channel (0 to 255) up to this one is not seen side by side. */
export const VISIBLE_DIFFERENCE = 8;
