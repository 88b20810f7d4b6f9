import * as v from 'valibot';
import { MarkChangeSchema } from './mark.ts';
import { MaskOperationSchema } from '../mask/operations/mask-operation.ts';

const finite = v.pipe(v.number(), v.finite());
const frame = v.nullable(v.strictObject({ left: finite, top: finite, width: finite, height: finite }));

/** One step of an image's history: a change, not a state. `name` is shown with undo and redo: "Brush". Stored: keys never change. */
export const StepSchema = v.variant('layer', [
  v.strictObject({ layer: v.literal('mask'), name: v.string(), op: MaskOperationSchema }),
  v.strictObject({ layer: v.literal('markup'), name: v.string(), changes: v.array(MarkChangeSchema) }),
  /** The frame of crop and outpaint; null: the image's own edges. */
  v.strictObject({ layer: v.literal('frame'), name: v.string(), before: frame, after: frame }),
]);
export type Step = v.InferOutput<typeof StepSchema>;
