import * as v from 'valibot';
import { ImageIdSchema } from '../../../electron/contract/entities/ids.ts';
import { SelectionSchema, ViewQuestionSchema } from '../../../electron/contract/entities/views.ts';

/** By library folder. Of this tab, so that another one can cull something else. */
const KEY = 'emulsion.culled';

const CulledSchema = v.object({
  question: ViewQuestionSchema,
  /** Null for all images of the question. */
  selection: v.nullable(SelectionSchema),
  /** The image that was shown last. */
  at: v.nullable(ImageIdSchema),
});
/** What is being culled. */
export type Culled = v.InferOutput<typeof CulledSchema>;

/** What was being culled in a library when the page was left; null for nothing, or what can't be read. */
export function readCulled(folder: string): Culled | null {
  try {
    const read = v.safeParse(CulledSchema, JSON.parse(sessionStorage.getItem(keyOf(folder)) ?? 'null'));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}

/** Keeps what is being culled over a reload; null: nothing is. */
export function storeCulled(folder: string, culled: Culled | null): void {
  try {
    if (culled === null) sessionStorage.removeItem(keyOf(folder));
    else sessionStorage.setItem(keyOf(folder), JSON.stringify(culled));
  } catch {
    // Storage is unavailable, or it is too much: a reload culls the library's selection.
  }
}

function keyOf(folder: string): string {
  return `${KEY} ${folder}`;
}
