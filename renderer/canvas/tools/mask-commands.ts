import { isEmptyRect, rectOf, roundOutRect, type Rect } from '../../stage/geometry.ts';
import type { CanvasDocument } from '../document/CanvasDocument.svelte.ts';
import type { Combine, MaskOperation } from '../mask/operations/mask-operation.ts';
import { markedLabel } from '../mask/marked-label.ts';
import { overlaps } from './drag-shape.ts';

/** The document whose mask changes, and how changes are announced. */
export interface MaskCommandContext {
  readonly document: CanvasDocument;
  announce(words: string): void;
}

/** Commits an operation and announces how much is marked. `name`: of the step, "Brush". */
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

/** By a distance in image pixels, above 0. */
export function growMask(maskContext: MaskCommandContext, by: number): void {
  commitMask(maskContext, 'Grow', { kind: 'grow', by });
}

export function shrinkMask(maskContext: MaskCommandContext, by: number): void {
  commitMask(maskContext, 'Shrink', { kind: 'grow', by: -by });
}

export function featherMask(maskContext: MaskCommandContext, by: number): void {
  commitMask(maskContext, 'Feather', { kind: 'feather', by });
}

/** Marks or clears a rectangle or ellipse. False: it lies outside the image; nothing was done. */
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
