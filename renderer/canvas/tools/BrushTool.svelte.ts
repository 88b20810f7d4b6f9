import { isEmptyRect, unionRect, type Point, type Rect } from '../../stage/geometry.ts';
import type { LiveStroke } from '../mask/MaskEngine.ts';
import { commitMask } from './mask-commands.ts';
import type { PointerSample, Tool, ToolContext, ToolPointer } from './tool.ts';

const EMPTY_RECT: Rect = { left: 0, top: 0, width: 0, height: 0 };

/** Brush and eraser: a stroke from press to release; with Shift a straight line from the end of the last stroke. */
export class BrushTool implements Tool {
  readonly name: 'brush' | 'eraser';
  readonly preview = null;
  busy = $state(false);
  readonly #context: ToolContext;
  #stroke: LiveStroke | null = null;
  /** The part that the stroke changed. */
  #changed: Rect = EMPTY_RECT;
  /** Where the last stroke ended. */
  #last: Point | null = null;

  constructor(name: 'brush' | 'eraser', context: ToolContext) {
    this.name = name;
    this.#context = context;
  }

  down(pointer: ToolPointer): void {
    const { document, settings } = this.#context;
    const combine = this.name === 'brush' ? 'add' : 'subtract';
    this.#stroke = document.mask.begin({ combine, size: settings.brushSize, softness: settings.softness });
    this.#changed = EMPTY_RECT;
    this.busy = true;
    const from = pointer.shift && this.#last ? [{ point: this.#last, pressure: pointer.pressure }] : [];
    this.#extend([...from, pointer], pointer.type);
  }

  move({ samples, type }: ToolPointer): void {
    this.#extend(samples, type);
  }

  up({ point }: ToolPointer): void {
    if (!this.#stroke) return;
    this.#last = point;
    this.complete();
  }

  cancel(): void {
    const stroke = this.#stroke;
    if (!stroke) return;
    this.#end();
    this.#context.touched(stroke.cancel());
  }

  complete(): void {
    const stroke = this.#stroke;
    if (!stroke) return;
    this.#end();
    // A stroke outside the image is not a step.
    if (isEmptyRect(this.#changed)) this.#context.touched(stroke.cancel());
    else commitMask(this.#context, this.name === 'brush' ? 'Brush' : 'Eraser', stroke.finish());
  }

  #extend(samples: readonly PointerSample[], type: ToolPointer['type']): void {
    if (!this.#stroke) return;
    const pressed = type === 'pen' && this.#context.settings.pressure;
    const points = samples.flatMap(({ point, pressure }) => [point.x, point.y, pressed ? pressure : 1]);
    const part = this.#stroke.extend(points);
    this.#changed = unionRect(this.#changed, part);
    this.#context.touched(part);
  }

  #end(): void {
    this.#stroke = null;
    this.busy = false;
  }
}
