/** What is on the stage, and what of it goes out. */
export interface MaskOrMarkup {
  goesOut: 'mask' | 'markup' | null;
  /** Something is marked, or the frame reaches beyond the image. */
  hasMask: boolean;
  hasMarks: boolean;
  model: { name: string; markup: boolean };
}

const RULE = 'A request carries markup or a mask, not both.';

/** Why something that was drawn stays here, and what brings it back, as a sentence; null where all of it goes out. */
export function maskOrMarkupNote({ goesOut, hasMask, hasMarks, model }: MaskOrMarkup): string | null {
  if (hasMarks && !model.markup) {
    return `${model.name} takes no markup. Your marks are kept; they go out with a model that takes it.`;
  }
  if (!hasMask || !hasMarks || goesOut === null) return null;
  return goesOut === 'markup'
    ? `${RULE} The marks go out. Your mask is kept and comes back when you take a mask tool or clear the marks.`
    : `${RULE} The mask goes out. Your marks are kept and come back when you take a markup tool or clear the mask.`;
}
