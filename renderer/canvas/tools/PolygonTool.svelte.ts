import { isEmptyRect, rectOf, type Point } from '../../stage/geometry.ts';
import type { Combine } from '../mask/operations/mask-operation.ts';
import { commitMask } from './mask-commands.ts';
import { boundsOf, flat, kept, near } from '../geometry/points.ts';
import { combineFromKeys, overlaps } from './drag-shape.ts';
import { snapAngle } from '../geometry/snap-angle.ts';
import type { Preview, Tool, ToolContext, ToolPointer } from './tool.ts';
import { isKey } from '../../shared/keyboard/shortcut-keys.ts';

/** Distance from the first corner at which a click closes the shape, CSS pixels. */
const CLOSE_DISTANCE = 8;

/** Corner by corner. A double click, Enter or a click on the first corner closes it; Backspace removes the last corner. */
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
    // The second click of a double click is at the corner of the first.
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
    // The corner was added on press.
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

  /** Backspace removes the last corner. */
  key(event: KeyboardEvent): boolean {
    if (!this.busy || !isKey(event, 'Backspace', 'Delete')) return false;
    this.#corners = this.#corners.slice(0, -1);
    const { length } = this.#corners;
    this.#context.announce(length === 0 ? 'No corners left.' : `Corner ${length + 1} removed.`);
    return true;
  }

  /** With Shift, snapped to 45° from the last corner. */
  #aimed({ point, shift }: ToolPointer): Point {
    const last = this.#corners.at(-1);
    return shift && last ? snapAngle(last, point) : point;
  }
}
