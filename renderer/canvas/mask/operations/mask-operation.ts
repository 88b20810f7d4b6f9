import * as v from 'valibot';

/** Whether a deed paints (edit here) or erases. */
export const COMBINES = ['add', 'subtract'] as const;
export type Combine = (typeof COMBINES)[number];

const combine = v.picklist(COMBINES);
const finite = v.pipe(v.number(), v.finite());
const rect = v.strictObject({ left: finite, top: finite, width: finite, height: finite });
const distance = v.pipe(v.number(), v.integer(), v.minValue(-512), v.maxValue(512));

/**
 * One deed on a mask, as it is kept with the draft: replayed from the first to the last they give the same mask again, to the byte. All
 * measures are pixels of the image on the stage.
 */
export const MaskOperationSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('stroke'),
    combine,
    /** The brush's diameter. */
    size: finite,
    /** 0: a hard edge. 1: soft from the middle on. */
    softness: finite,
    /** x, y and pressure (0 to 1) of each place in turn. A pressure of 1 is the whole diameter. */
    points: v.array(finite),
  }),
  v.strictObject({ kind: v.picklist(['rectangle', 'ellipse']), combine, rect }),
  /** Lasso and polygon: x and y of each corner in turn; closed by itself. */
  v.strictObject({ kind: v.literal('polygon'), combine, points: v.array(finite) }),
  /** Pixels that were chosen by what they look like, or that were loaded: `bits` as `packBits` writes them. */
  v.strictObject({ kind: v.literal('region'), combine, bits: v.string() }),
  v.strictObject({ kind: v.picklist(['fill', 'clear', 'invert']) }),
  /** Outwards by so many pixels; below 0 inwards. */
  v.strictObject({ kind: v.literal('grow'), by: distance }),
  /** Softens the edge by so many pixels to both sides. */
  v.strictObject({ kind: v.literal('feather'), by: distance }),
]);
export type MaskOperation = v.InferOutput<typeof MaskOperationSchema>;
