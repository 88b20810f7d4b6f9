import { panBy, toImage, toView, type Camera, type View } from '../../stage/camera.ts';
import type { Point, Size } from '../../stage/geometry.ts';
import { TOOL_TABLE } from '../tools/tool-table.ts';
import type { Tool, ToolPointer } from '../tools/tool.ts';
import type { ToolBox } from './ToolBox.svelte.ts';
import { isKey, lookUpKey } from '../../shared/keyboard/shortcut-keys.ts';

/** What the keyboard pointer works on. Functions, because the values change. */
interface KeyboardPointerHost {
  toolBox: ToolBox;
  size(): Size;
  camera(): Camera;
  view(): View;
  moveCamera(camera: Camera): void;
}

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
/** Movement of one key press, CSS pixels; at least one image pixel. */
const STRIDE = 4;
/** Least distance of the cursor from the view's edge, CSS pixels. */
const MARGIN = 24;

/** A pointer moved by arrow keys; Enter or Space press and release. */
export class KeyboardPointer {
  /** Image pixels; null while another pointer is in use. */
  at = $state.raw<Point | null>(null);
  /** Pressed: moves draw. */
  held = $state(false);
  readonly #host: KeyboardPointerHost;
  #last: Point | null = null;

  constructor(host: KeyboardPointerHost) {
    this.#host = host;
  }

  /** Returns whether the key was used. */
  key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey) return false;
    const arrow = lookUpKey(ARROWS, event);
    if (arrow) return !event.altKey && this.#move(arrow, event.shiftKey ? 10 : 1);
    // Without a cursor, Space pans and Enter completes what a mouse started.
    if (!isKey(event, 'Enter') && (!isKey(event, ' ') || !this.at)) return false;
    if (!event.repeat) this.#press(event);
    return true;
  }

  /** Another pointer is in use: completes the drawing. */
  leave(): void {
    if (this.held) this.#release(false, false);
    if (this.at) this.#last = this.at;
    this.at = null;
  }

  /** The caller cancels the drawing. */
  drop(): void {
    this.held = false;
  }

  #move({ x, y }: Point, times: number): boolean {
    const { toolBox, camera, view, moveCamera } = this.#host;
    if (toolBox.name === 'hand') {
      moveCamera(panBy(camera(), view(), { x: -x * 10 * STRIDE * times, y: -y * 10 * STRIDE * times }));
      return true;
    }
    const stride = times * Math.max(1, Math.round((STRIDE * view().dpr) / camera().scale));
    const from = this.at ?? this.#start();
    this.at = this.#within({ x: from.x + x * stride, y: from.y + y * stride });
    this.#keepInSight(this.at);
    const tool = toolBox.current;
    if (tool && (this.held || tool.busy)) tool.move(this.#pointer(this.at, false, false, 1));
    toolBox.announce(`${this.at.x}, ${this.at.y}`);
    return true;
  }

  #press({ shiftKey, altKey }: KeyboardEvent): void {
    const { toolBox } = this.#host;
    const tool = toolBox.current;
    if (!tool || toolBox.name === 'hand') return;
    if (!this.at) {
      if (tool.busy) tool.complete();
      else this.#appear();
    } else if (this.held) {
      this.#release(shiftKey, altKey);
    } else {
      // A second press at the same point counts as a double click.
      const clicks = tool.busy && this.#last?.x === this.at.x && this.#last.y === this.at.y ? 2 : 1;
      tool.down(this.#pointer(this.at, shiftKey, altKey, clicks));
      this.#last = this.at;
      this.#afterPress(tool, shiftKey, altKey);
    }
  }

  #afterPress(tool: Tool, shift: boolean, alt: boolean): void {
    this.held = true;
    if (TOOL_TABLE[tool.name].clicks || !tool.busy) this.#release(shift, alt);
    else this.#host.toolBox.announce('Drawing. Arrow keys draw, Enter finishes, Escape cancels.');
  }

  #release(shift: boolean, alt: boolean): void {
    this.held = false;
    if (this.at) this.#host.toolBox.current?.up(this.#pointer(this.at, shift, alt, 1));
  }

  #appear(): void {
    this.at = this.#start();
    this.#keepInSight(this.at);
    this.#host.toolBox.announce(`Cursor at ${this.at.x}, ${this.at.y}. Arrow keys move it, Enter draws.`);
  }

  /** The last position, or the middle of the view. */
  #start(): Point {
    const { camera, view } = this.#host;
    return this.#last ?? this.#within(toImage(camera(), view(), { x: view().width / 2, y: view().height / 2 }));
  }

  #within({ x, y }: Point): Point {
    const { width, height } = this.#host.size();
    return {
      x: Math.min(width, Math.max(0, Math.round(x))),
      y: Math.min(height, Math.max(0, Math.round(y))),
    };
  }

  #keepInSight(at: Point): void {
    const { camera, view, moveCamera } = this.#host;
    const { width, height } = view();
    const { x, y } = toView(camera(), view(), at);
    const inside = (value: number, max: number): number =>
      Math.min(Math.max(MARGIN, max - MARGIN), Math.max(MARGIN, value)) - value;
    const by = { x: inside(x, width), y: inside(y, height) };
    if (by.x !== 0 || by.y !== 0) moveCamera(panBy(camera(), view(), by));
  }

  #pointer(point: Point, shift: boolean, alt: boolean, clicks: number): ToolPointer {
    const sample = { point, pressure: 1 };
    return { ...sample, samples: [sample], type: 'keyboard', shift, alt, mod: false, clicks };
  }
}
