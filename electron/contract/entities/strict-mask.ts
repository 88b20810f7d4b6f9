import * as v from 'valibot';

/** Maximum feather of a strict mask, in pixels of the first input. */
export const MAX_FEATHER = 64;
/** Default feather, in pixels of the first input. */
export const DEFAULT_FEATHER = 6;

/**
 * Strict mask: a masked edit changes only the masked pixels. Each response is composited over the first input through the mask. The
 * feather lies inside the mask's edge, so no pixel outside changes.
 */
export const StrictMaskOptionsSchema = v.strictObject({
  /** In pixels of the first input. 0: a hard edge. */
  feather: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_FEATHER)),
});
export type StrictMaskOptions = v.InferOutput<typeof StrictMaskOptionsSchema>;

/** Channel differences (of 0 to 255) up to this value aren't visible side by side. */
export const VISIBLE_DIFFERENCE = 8;
