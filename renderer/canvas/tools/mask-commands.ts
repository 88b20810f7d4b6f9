import { isEmptyRect, rectOf, wholePixels, type Rect } from '../../stage/geometry.ts';
import type { CanvasDocument } from '../document/CanvasDocument.svelte.ts';
import type { Combine, MaskOp } from '../mask/operations/mask-operation.ts';
import { markedWords } from '../mask/marked-label.ts';
import { meets } from './drag-shape.ts';

/** What is needed to change a mask and to say so. */
export interface MaskDesk {
  readonly document: CanvasDocument;
  say(words: string): void;
}

/** Does one deed on the mask, and says how much is marked now. `name` is the step's: "Brush". */
export function commitMask({ document, say }: MaskDesk, name: string, op: MaskOp): void {
  document.commit({ layer: 'mask', name, op });
  const { width, height } = document.size;
  say(`${name}. ${markedWords(document.mask.marked, width * height)}.`);
}

export function fillMask(desk: MaskDesk): void {
  commitMask(desk, 'Fill', { kind: 'fill' });
}

export function invertMask(desk: MaskDesk): void {
  commitMask(desk, 'Invert', { kind: 'invert' });
}

export function clearMask(desk: MaskDesk): void {
  commitMask(desk, 'Clear', { kind: 'clear' });
}

/** By so many pixels of the picture, above 0. */
export function growMask(desk: MaskDesk, by: number): void {
  commitMask(desk, 'Grow', { kind: 'grow', by });
}

export function shrinkMask(desk: MaskDesk, by: number): void {
  commitMask(desk, 'Shrink', { kind: 'grow', by: -by });
}

export function featherMask(desk: MaskDesk, by: number): void {
  commitMask(desk, 'Feather', { kind: 'feather', by });
}

/** Marks (or clears) a rectangle or ellipse. False: it does not touch the picture, and nothing was done. */
export function commitShape(desk: MaskDesk, kind: 'rectangle' | 'ellipse', combine: Combine, rect: Rect): boolean {
  const part = wholePixels(rect);
  if (isEmptyRect(part) || !meets(part, rectOf(desk.document.size))) return false;
  commitMask(desk, kind === 'rectangle' ? 'Rectangle' : 'Ellipse', { kind, combine, rect: part });
  return true;
}
