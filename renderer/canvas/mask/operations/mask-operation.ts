import * as v from 'valibot';

/** Whether an operation marks or clears. */
export const COMBINES = ['add', 'subtract'] as const;
export type Combine = (typeof COMBINES)[number];

const combine = v.picklist(COMBINES);
const finite = v.pipe(v.number(), v.finite());
const rect = v.strictObject({ left: finite, top: finite, width: finite, height: finite });
const distance = v.pipe(v.number(), v.integer(), v.minValue(-512), v.maxValue(512));

/**
 * An operation on a mask, as stored with the draft: replaying all of them gives the same bytes again. Measures are pixels of the image on the
 * stage. Stored: keys and values never change.
 */
export const MaskOperationSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('stroke'),
    combine,
    /** The brush's diameter. */
    size: finite,
    /** 0: a hard edge. 1: soft from the centre on. */
    softness: finite,
    /** x, y and pressure (0 to 1) of each point in turn. Pressure 1 is the full diameter. */
    points: v.array(finite),
  }),
  v.strictObject({ kind: v.picklist(['rectangle', 'ellipse']), combine, rect }),
  /** Lasso and polygon: x and y of each corner in turn; closed automatically. */
  v.strictObject({ kind: v.literal('polygon'), combine, points: v.array(finite) }),
  /** Pixels selected by colour, or imported: `bits` as written by `packBits`. */
  v.strictObject({ kind: v.literal('region'), combine, bits: v.string() }),
  v.strictObject({ kind: v.picklist(['fill', 'clear', 'invert']) }),
  /** Distance outwards, px; negative: inwards. */
  v.strictObject({ kind: v.literal('grow'), by: distance }),
  /** Softens the edge by this many pixels to both sides. */
  v.strictObject({ kind: v.literal('feather'), by: distance }),
]);
export type MaskOperation = v.InferOutput<typeof MaskOperationSchema>;
