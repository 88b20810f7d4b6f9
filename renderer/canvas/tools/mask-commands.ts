import { isEmptyRect, rectOf, roundOutRect, type Rect } from '../../stage/geometry.ts';
import type { CanvasDocument } from '../document/CanvasDocument.svelte.ts';
import type { Combine, MaskOperation } from '../mask/operations/mask-operation.ts';
import { markedLabel } from '../mask/marked-label.ts';
import { overlaps } from './drag-shape.ts';

/** What is needed to change a mask and to say so. */
export interface MaskCommandContext {
  readonly document: CanvasDocument;
  announce(words: string): void;
}

/** Does one deed on the mask, and says how much is marked now. `name` is the step's: "Brush". */
export function commitMask({ document, announce }: MaskCommandContext, name: string, op: MaskOperation): void {
  document.commit({ layer: 'mask', name, op });
  const { width, height } = document.size;
  announce(`${name}. ${markedLabel(document.mask.marked, width * height)}.`);
}

export function fillMask(maskContext: MaskCommandContext): void {
  commitMask(maskContext, 'Fill', { kind: 'fill' });
}

export function invertMask(maskContext: MaskCommandContext): void {
  commitMask(maskContext, 'Invert', { kind: 'invert' });
}

export function clearMask(maskContext: MaskCommandContext): void {
  commitMask(maskContext, 'Clear', { kind: 'clear' });
}

/** By so many pixels of the image, above 0. */
export function growMask(maskContext: MaskCommandContext, by: number): void {
  commitMask(maskContext, 'Grow', { kind: 'grow', by });
}

export function shrinkMask(maskContext: MaskCommandContext, by: number): void {
  commitMask(maskContext, 'Shrink', { kind: 'grow', by: -by });
}

export function featherMask(maskContext: MaskCommandContext, by: number): void {
  commitMask(maskContext, 'Feather', { kind: 'feather', by });
}

/** Marks (or clears) a rectangle or ellipse. False: it does not touch the image, and nothing was done. */
export function commitShape(
  maskContext: MaskCommandContext,
  kind: 'rectangle' | 'ellipse',
  combine: Combine,
  rect: Rect,
): boolean {
  const part = roundOutRect(rect);
  if (isEmptyRect(part) || !overlaps(part, rectOf(maskContext.document.size))) return false;
  commitMask(maskContext, kind === 'rectangle' ? 'Rectangle' : 'Ellipse', { kind, combine, rect: part });
  return true;
}
