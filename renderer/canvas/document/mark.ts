import * as v from 'valibot';

const finite = v.pipe(v.number(), v.finite());
const point = v.strictObject({ x: finite, y: finite });
const rect = v.strictObject({ left: finite, top: finite, width: finite, height: finite });
const style = {
  id: v.string(),
  /** `#rrggbb`. */
  colour: v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/u)),
  /** Of the line, in pixels of the image on the stage. */
  width: finite,
};

/** One mark of the markup layer. All measures are pixels of the image on the stage. */
const MarkSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('pen'), ...style, points: v.array(finite) }),
  v.strictObject({ kind: v.literal('arrow'), ...style, from: point, to: point }),
  v.strictObject({ kind: v.picklist(['box', 'circle']), ...style, rect }),
  v.strictObject({ kind: v.literal('text'), ...style, at: point, text: v.string(), size: finite }),
]);
export type Mark = v.InferOutput<typeof MarkSchema>;

/** A change of one mark. `before` null: it was added. `after` null: it was removed. */
export const MarkChangeSchema = v.strictObject({ before: v.nullable(MarkSchema), after: v.nullable(MarkSchema) });
