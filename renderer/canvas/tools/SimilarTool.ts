import type { Point } from '../../stage/geometry.ts';
import type { MaskOp } from '../mask/mask-op.ts';
import { commitMask } from './mask-acts.ts';
import { combinedBy } from './shape-of.ts';
import type { Tool, ToolContext, ToolPointer } from './tool.ts';

/** Finds the pixels that look like the one at a place. */
export type SelectSimilar = (pixels: ImageData, at: Point, how: { tolerance: number; contiguous: boolean }) => MaskOp;

/** One click takes in everything of a similar colour. */
export class SimilarTool implements Tool {
  readonly name = 'similar';
  readonly preview = null;
  readonly busy = false;
  readonly #context: ToolContext;
  readonly #select: SelectSimilar;

  constructor(context: ToolContext, select: SelectSimilar) {
    this.#context = context;
    this.#select = select;
  }

  down(pointer: ToolPointer): void {
    const { document, settings } = this.#context;
    const at = { x: Math.floor(pointer.point.x), y: Math.floor(pointer.point.y) };
    if (at.x < 0 || at.y < 0 || at.x >= document.size.width || at.y >= document.size.height) return;
    const pixels = this.#context.pixels();
    if (!pixels) {
      this.#context.say('The picture is still being read.');
      return;
    }
    const { tolerance, contiguous } = settings;
    const op = this.#select(pixels, at, { tolerance, contiguous });
    if (op.kind !== 'region') return;
    commitMask(this.#context, 'Similar colour', { ...op, combine: combinedBy(pointer, settings.combine) });
  }

  move(): void {
    // One click is the whole deed.
  }

  up(): void {
    // As above.
  }

  cancel(): void {
    // Nothing is ever begun.
  }

  complete(): void {
    // As above.
  }
}
