/** What is drawn on the stage, and which layer is sent. */
export interface MaskOrMarkup {
  goesOut: 'mask' | 'markup' | null;
  /** Something is marked, or the frame extends the image. */
  hasMask: boolean;
  hasMarks: boolean;
  model: { name: string; markup: boolean };
}

const RULE = 'A request can include marks or a mask, not both.';

/** Why a layer is not sent, and how to send it; null if everything is sent. */
export function maskOrMarkupNote({ goesOut, hasMask, hasMarks, model }: MaskOrMarkup): string | null {
  if (hasMarks && !model.markup) {
    return `Markup isn’t supported by ${model.name}. Your marks are kept for models that support it.`;
  }
  if (!hasMask || !hasMarks || goesOut === null) return null;
  return goesOut === 'markup'
    ? `${RULE} The marks will be sent. Your mask is kept: choose a mask tool or clear the marks to send it.`
    : `${RULE} The mask will be sent. Your marks are kept: choose a markup tool or clear the mask to send them.`;
}
