import type { Rect, Size } from '../../stage/geometry.ts';
import type { MaskOp } from './mask-op.ts';

/** How a brush paints. */
export type Brush = Pick<Extract<MaskOp, { kind: 'stroke' }>, 'combine' | 'size' | 'softness'>;

/** A stroke that is being drawn. */
export interface LiveStroke {
  /** Adds places (x, y and pressure of each in turn); gives the part that changed. */
  extend(points: readonly number[]): Rect;
  /** The deed to commit. The mask holds it already: `become` with it at the end changes nothing more. */
  finish(): MaskOp;
  /** Takes it back; gives the part that changed. */
  cancel(): Rect;
}

/**
 * The mask of one picture: how much of each pixel is marked (0 to 255; from 128 on it goes out as "edit here"), made of the deeds on it.
 */
export class MaskEngine {
  readonly size: Size;
  /** One byte a pixel, row by row. Never written by others. */
  readonly coverage: Uint8Array;

  constructor(size: Size) {
    this.size = size;
    this.coverage = new Uint8Array(size.width * size.height);
  }

  /** Brings the mask to what these deeds make, from the nearest state that is kept; gives the part that changed. */
  become(_ops: readonly MaskOp[]): Rect {
    throw new Error('Not there yet.');
  }

  begin(_brush: Brush): LiveStroke {
    throw new Error('Not there yet.');
  }

  /** How many pixels are marked. */
  get marked(): number {
    throw new Error('Not there yet.');
  }
}
