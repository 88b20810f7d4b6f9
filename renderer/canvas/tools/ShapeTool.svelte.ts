import type { Point } from '../../stage/geometry.ts';
import { commitShape } from './mask-commands.ts';
import { DragShapeKeys, dragRect } from './drag-shape.ts';
import type { Preview, Tool, ToolContext, ToolPointer } from './tool.ts';

/** Rectangle and ellipse: from corner to corner, with Alt from the centre, with Shift as wide as high. */
export class ShapeTool implements Tool {
  readonly name: 'rectangle' | 'ellipse';
  preview = $state.raw<Extract<Preview, { kind: 'rectangle' | 'ellipse' }> | null>(null);
  busy = $state(false);
  readonly #context: ToolContext;
  #from: Point | null = null;
  #keys: DragShapeKeys | null = null;

  constructor(name: 'rectangle' | 'ellipse', context: ToolContext) {
    this.name = name;
    this.#context = context;
  }

  down(pointer: ToolPointer): void {
    this.#from = pointer.point;
    this.#keys = new DragShapeKeys(pointer, this.#context.settings.combine);
    this.busy = true;
    this.move(pointer);
  }

  move(pointer: ToolPointer): void {
    if (!this.#from || !this.#keys) return;
    this.preview = { kind: this.name, rect: dragRect(this.#from, pointer.point, this.#keys.bend(pointer)) };
  }

  up(pointer: ToolPointer): void {
    this.move(pointer);
    this.complete();
  }

  cancel(): void {
    this.#from = null;
    this.#keys = null;
    this.preview = null;
    this.busy = false;
  }

  complete(): void {
    const [preview, keys] = [this.preview, this.#keys];
    this.cancel();
    if (preview && keys) commitShape(this.#context, this.name, keys.combine, preview.rect);
  }
}
