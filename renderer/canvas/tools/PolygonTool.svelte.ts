import { isEmptyRect, rectOf, type Point } from '../../stage/geometry.ts';
import type { Combine } from '../mask/operations/mask-operation.ts';
import { commitMask } from './mask-commands.ts';
import { boundsOf, flat, kept, near } from '../geometry/points.ts';
import { combineFromKeys, overlaps } from './drag-shape.ts';
import { snapAngle } from '../geometry/snap-angle.ts';
import type { Preview, Tool, ToolContext, ToolPointer } from './tool.ts';

/** How near a click must be to the first corner to close the shape, in CSS pixels. */
const CLOSE_DISTANCE = 8;

/** Corner by corner. A double click, Enter or the first corner closes it; Backspace takes the last corner back. */
export class PolygonTool implements Tool {
  readonly name = 'polygon';
  #corners = $state.raw<readonly Point[]>([]);
  #reach = $state.raw<Point | null>(null);
  readonly busy = $derived(this.#corners.length > 0);
  readonly preview = $derived.by<Preview | null>(() => {
    if (this.#corners.length === 0) return null;
    return { kind: 'path', points: [...this.#corners, ...(this.#reach ? [this.#reach] : [])], closed: false };
  });
  readonly #context: ToolContext;
  #combine: Combine = 'add';

  constructor(context: ToolContext) {
    this.#context = context;
  }

  down(pointer: ToolPointer): void {
    const at = this.#aimed(pointer);
    const [first] = this.#corners;
    const within = (CLOSE_DISTANCE * this.#context.view.dpr) / this.#context.camera.scale;
    const last = this.#corners.at(-1);
    const atFirst = first !== undefined && this.#corners.length > 2 && near(first, at, within);
    // The second click of a pair stands where the first has put a corner already.
    if (atFirst || (last && pointer.clicks > 1 && near(last, at, within))) {
      this.complete();
      return;
    }
    if (!first) this.#combine = combineFromKeys(pointer, this.#context.settings.combine);
    this.#corners = [...this.#corners, { x: kept(at.x), y: kept(at.y) }];
    this.#reach = at;
    if (pointer.type === 'keyboard') this.#context.announce(`Corner ${this.#corners.length}.`);
  }

  move(pointer: ToolPointer): void {
    if (this.busy) this.#reach = this.#aimed(pointer);
  }

  up(): void {
    // A corner stands from the press on.
  }

  cancel(): void {
    this.#corners = [];
    this.#reach = null;
  }

  complete(): void {
    const corners = this.#corners;
    this.cancel();
    const part = boundsOf(corners);
    if (corners.length < 3 || isEmptyRect(part) || !overlaps(part, rectOf(this.#context.document.size))) return;
    commitMask(this.#context, 'Polygon', { kind: 'polygon', combine: this.#combine, points: flat(corners) });
  }

  /** Backspace, in time. */
  key(event: KeyboardEvent): boolean {
    if (!this.busy || (event.key !== 'Backspace' && event.key !== 'Delete')) return false;
    this.#corners = this.#corners.slice(0, -1);
    const { length } = this.#corners;
    this.#context.announce(length === 0 ? 'No corners left.' : `Corner ${length + 1} removed.`);
    return true;
  }

  /** With Shift, across, down or halfway between, seen from the last corner. */
  #aimed({ point, shift }: ToolPointer): Point {
    const last = this.#corners.at(-1);
    return shift && last ? snapAngle(last, point) : point;
  }
}
