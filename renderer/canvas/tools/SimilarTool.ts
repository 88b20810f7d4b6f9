import { selectSimilar } from '../mask/operations/similar.ts';
import { commitMask } from './mask-commands.ts';
import { combineFromKeys } from './drag-shape.ts';
import type { Tool, ToolContext, ToolPointer } from './tool.ts';

/** One click marks everything of a similar colour. */
export class SimilarTool implements Tool {
  readonly name = 'similar';
  readonly preview = null;
  readonly busy = false;
  readonly #context: ToolContext;

  constructor(context: ToolContext) {
    this.#context = context;
  }

  down(pointer: ToolPointer): void {
    const { document, settings } = this.#context;
    const at = { x: Math.floor(pointer.point.x), y: Math.floor(pointer.point.y) };
    if (at.x < 0 || at.y < 0 || at.x >= document.size.width || at.y >= document.size.height) return;
    const pixels = this.#context.pixels();
    if (!pixels) {
      this.#context.announce('The image is still loading.');
      return;
    }
    const { tolerance, contiguous } = settings;
    const combine = combineFromKeys(pointer, settings.combine);
    commitMask(this.#context, 'Similar colour', selectSimilar(pixels, at, { tolerance, contiguous, combine }));
  }

  move(): void {
    // One click does everything.
  }

  up(): void {
    // As above.
  }

  cancel(): void {
    // There is never anything to cancel.
  }

  complete(): void {
    // As above.
  }
}
