import { isEmptyRect, rectOf, type Point } from '../../stage/geometry.ts';
import type { Combine } from '../mask/operations/mask-operation.ts';
import { commitMask } from './mask-commands.ts';
import { boundsOf, extendPath, flat } from '../geometry/points.ts';
import { combineFromKeys, overlaps } from './drag-shape.ts';
import type { Preview, Tool, ToolContext, ToolPointer } from './tool.ts';

/** A freehand line that closes when released. */
export class LassoTool implements Tool {
  readonly name = 'lasso';
  preview = $state.raw<Preview | null>(null);
  busy = $state(false);
  readonly #context: ToolContext;
  #path: Point[] = [];
  #combine: Combine = 'add';

  constructor(context: ToolContext) {
    this.#context = context;
  }

  down(pointer: ToolPointer): void {
    this.#path = [];
    this.#combine = combineFromKeys(pointer, this.#context.settings.combine);
    this.busy = true;
    this.move(pointer);
  }

  move({ samples }: ToolPointer): void {
    if (!this.busy) return;
    const { camera, view } = this.#context;
    // Half a device pixel, at least a quarter of an image pixel.
    const apart = Math.max(0.25, (view.dpr / camera.scale) * 0.5);
    extendPath(
      this.#path,
      samples.map(({ point }) => point),
      apart,
    );
    this.preview = { kind: 'path', points: [...this.#path], closed: true };
  }

  up(pointer: ToolPointer): void {
    this.move(pointer);
    this.complete();
  }

  cancel(): void {
    this.#path = [];
    this.preview = null;
    this.busy = false;
  }

  complete(): void {
    const path = this.#path;
    this.cancel();
    const part = boundsOf(path);
    if (path.length < 3 || isEmptyRect(part) || !overlaps(part, rectOf(this.#context.document.size))) return;
    commitMask(this.#context, 'Lasso', { kind: 'polygon', combine: this.#combine, points: flat(path) });
  }
}
