import type { Point } from '../../stage/geometry.ts';
import { extendPath, near } from '../geometry/points.ts';
import type { ToolContext, ToolPointer } from '../tools/tool.ts';
import type { MarkKind } from './mark-kinds.ts';
import { markBetween, penMark, constrainEnd } from './new-mark.ts';
import { MarkupTool } from './MarkupTool.svelte.ts';

/** Shortest drag that makes a shape, CSS pixels. */
const MIN_DRAG = 4;
/** Least distance of a pen's points, CSS pixels. */
const POINT_SPACING = 1.5;

/** Draws a line, an arrow, a box or a circle from press to release. */
export class DrawTool extends MarkupTool {
  readonly kind: Exclude<MarkKind, 'text'>;
  #from = $state.raw<Point | null>(null);
  #to: Point | null = null;
  #path: Point[] = [];
  #id = '';

  constructor(kind: Exclude<MarkKind, 'text'>, context: ToolContext) {
    super(kind, context);
    this.kind = kind;
  }

  override get busy(): boolean {
    return super.busy || this.#from !== null;
  }

  protected begin({ point }: ToolPointer): void {
    this.#from = point;
    this.#to = point;
    this.#path = [];
    this.#id = '';
    extendPath(this.#path, [point], 0);
    this.editor.choose(null);
    this.editor.hidden = false;
    if (this.kind === 'pen') this.#show();
  }

  override move(pointer: ToolPointer): void {
    if (!this.#from) {
      super.move(pointer);
      return;
    }
    const { point, samples, shift } = pointer;
    this.#to = shift && this.kind !== 'pen' ? constrainEnd(this.kind, this.#from, point) : point;
    extendPath(
      this.#path,
      samples.map((sample) => sample.point),
      POINT_SPACING / this.css,
    );
    this.#show();
  }

  override up(pointer: ToolPointer): void {
    if (!this.#from) {
      super.up(pointer);
      return;
    }
    this.move(pointer);
    this.complete();
  }

  override cancel(): void {
    this.#from = null;
    super.cancel();
  }

  override complete(): void {
    if (!this.#from) {
      super.complete();
      return;
    }
    const { live } = this.editor;
    const { kind } = this;
    const clicked = kind !== 'pen' && near(this.#from, this.#to ?? this.#from, MIN_DRAG / this.css);
    this.#from = null;
    this.editor.live = null;
    if (live && !clicked && this.editor.add(live)) this.context.announce(this.editor.nameOf(live));
  }

  #show(): void {
    const { settings } = this.context;
    if (!this.#from) return;
    const mark =
      this.kind === 'pen'
        ? penMark(this.#path, settings)
        : markBetween(this.kind, this.#from, this.#to ?? this.#from, settings);
    // The mark keeps its id during the drag.
    this.#id ||= mark.id;
    this.editor.live = { ...mark, id: this.#id };
  }
}
