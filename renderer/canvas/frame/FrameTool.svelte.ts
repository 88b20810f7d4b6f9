import type { Point, Rect, Size } from '../../stage/geometry.ts';
import { HANDLES, handlePoint, type Handle } from '../geometry/handles.ts';
import { MergedSteps } from '../document/MergedSteps.ts';
import type { Tool, ToolContext, ToolPointer } from '../tools/tool.ts';
import { fitFrameToRatio, fitFrameToSize } from './fit-frame.ts';
import { sameRect } from './framing.ts';
import { isWhole, limitsOf, moveFrame, type FrameMode } from './frame-limits.ts';
import { resizeFrame, stepOf, type Pull } from './resize-frame.ts';
import { snapFrame, type SnappedFrame } from './snap-frame.ts';
import { lookUpKey } from '../../shared/keyboard/shortcut-keys.ts';

/** Half of a handle's hit area, in CSS pixels. */
export const HIT = 14;
/** Snapping distance, CSS pixels. */
const SNAP_DISTANCE = 8;
const NAMES = { crop: 'Crop', extend: 'Extend' } as const;
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** What a press began: resizing by a handle, moving the frame, or drawing a new one. */
type Drag =
  | { kind: 'pull'; handle: Handle; start: Rect; from: Point }
  | { kind: 'move'; start: Rect; from: Point }
  | { kind: 'new'; start: Rect; from: Point };

/** Crop or extend: resizes and moves the frame. */
export class FrameTool implements Tool {
  readonly name: FrameMode;
  readonly preview = null;
  /** The handle that arrow keys move; null: they move the frame. */
  active = $state<Handle | null>(null);
  readonly context: ToolContext;
  #drag: Drag | null = null;
  #live = $state.raw<Rect | null>(null);
  #busy = $state(false);
  readonly #merged = new MergedSteps();

  constructor(name: FrameMode, context: ToolContext) {
    this.name = name;
    this.context = context;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** The frame as it is shown, also during a drag. */
  get shown(): Rect {
    return this.#live ?? this.context.document.effectiveFrame;
  }

  /** The shown frame, snapped to the model's sizes. */
  get snapped(): SnappedFrame {
    const sizes = this.context.sizes();
    return snapFrame(this.shown, this.#image, sizes && { sizes });
  }

  /** Arrow keys resize with this handle from now on; null: they move the frame. */
  activate(handle: Handle | null): void {
    this.active = handle;
  }

  down({ point }: ToolPointer): void {
    const start = this.context.document.effectiveFrame;
    const handle = this.handleAt(point);
    this.active = handle;
    if (handle) this.#begin({ kind: 'pull', handle, start, from: point });
    else if (this.name === 'crop' && isWhole(start, this.#image)) this.#begin({ kind: 'new', start, from: point });
    else if (holds(start, point)) this.#begin({ kind: 'move', start, from: point });
  }

  move({ point, shift, alt }: ToolPointer): void {
    const drag = this.#drag;
    if (!drag) return;
    const by = { x: point.x - drag.from.x, y: point.y - drag.from.y };
    if (drag.kind === 'move') this.#live = moveFrame(drag.start, by, limitsOf(this.name, this.#image, drag.start));
    else if (drag.kind === 'pull') this.#live = this.#pulled(drag.start, drag.handle, by, { shift, alt });
    else this.#live = this.#rectBetween(drag.from, point, { shift, alt });
  }

  up(pointer: ToolPointer): void {
    if (!this.#drag) return;
    this.move(pointer);
    this.complete();
  }

  cancel(): void {
    this.#drag = null;
    this.#live = null;
    this.#busy = false;
  }

  complete(): void {
    const frame = this.#live;
    this.cancel();
    if (frame) this.#commit(frame);
  }

  /** Arrow keys move the active handle or the frame; with Shift ten times as far. */
  key(event: KeyboardEvent): boolean {
    const { shiftKey, ctrlKey, metaKey, altKey } = event;
    const arrow = lookUpKey(ARROWS, event);
    if (!arrow || ctrlKey || metaKey || altKey || this.busy) return false;
    const sizes = this.context.sizes();
    const times = (shiftKey ? 10 : 1) * (this.active && sizes ? stepOf(sizes) : 1);
    this.nudge(this.active, { x: arrow.x * times, y: arrow.y * times });
    return true;
  }

  /** Moves a handle or the frame, in image pixels. Consecutive nudges are one step. */
  nudge(handle: Handle | null, by: Point): void {
    const start = this.context.document.effectiveFrame;
    const frame = handle
      ? resizeFrame(start, handle, by, this.#how({ near: 0 }))
      : moveFrame(start, by, limitsOf(this.name, this.#image, start));
    this.#commit(frame, `nudge ${handle ?? ''}`);
    this.context.announce(frameSizeLabel(this.shown));
  }

  /** Sets the aspect ratio (width / height); null: free. */
  shape(ratio: number | null): void {
    this.context.settings.ratio = ratio;
    if (ratio !== null) this.#commit(this.#fit(fitFrameToRatio(this.name, ratio, this.#image, this.shown)));
  }

  /** Sets the frame's size. */
  resize(size: Size): void {
    this.#commit(this.#fit(fitFrameToSize(this.name, size, this.#image, this.shown)));
  }

  /** Resets the frame to the image's own edges. */
  reset(): void {
    this.cancel();
    this.#commit({ left: 0, top: 0, ...this.#image });
  }

  /** The handle at a point of the image; corners before edges. */
  handleAt({ x, y }: Point): Handle | null {
    const reach = HIT / this.#css;
    const near = (handle: Handle): boolean => {
      const place = handlePoint(this.shown, handle);
      return Math.abs(place.x - x) <= reach && Math.abs(place.y - y) <= reach;
    };
    return CORNERS_FIRST.find(near) ?? null;
  }

  get #image(): Size {
    return this.context.document.size;
  }

  /** CSS pixels per image pixel. */
  get #css(): number {
    return this.context.camera.scale / this.context.view.dpr;
  }

  #how({ shift = false, alt = false, near = SNAP_DISTANCE / this.#css } = {}): Pull {
    const { settings } = this.context;
    const now = this.context.document.effectiveFrame;
    return {
      mode: this.name,
      image: this.#image,
      ratio: settings.ratio ?? (shift ? now.width / now.height : null),
      sizes: alt ? null : this.context.sizes(),
      near,
    };
  }

  #pulled(start: Rect, handle: Handle, by: Point, keys: { shift: boolean; alt: boolean }): Rect {
    return resizeFrame(start, handle, by, this.#how(keys));
  }

  /** A new frame drawn from a fixed corner; null while it could still be a click. */
  #rectBetween(from: Point, to: Point, keys: { shift: boolean; alt: boolean }): Rect | null {
    if (Math.hypot(to.x - from.x, to.y - from.y) < SNAP_DISTANCE / this.#css) return null;
    const { width, height } = this.#image;
    const within = (value: number, max: number): number => Math.round(Math.min(Math.max(value, 0), max));
    const start = { left: within(from.x, width), top: within(from.y, height), width: 0, height: 0 };
    const corner: Handle = `${to.y < start.top ? 'n' : 's'}${to.x < start.left ? 'w' : 'e'}`;
    return this.#pulled(start, corner, { x: to.x - start.left, y: to.y - start.top }, keys);
  }

  #fit(frame: Rect): Rect {
    const sizes = this.context.sizes();
    return snapFrame(frame, this.#image, sizes && { sizes }).frame;
  }

  #begin(drag: Drag): void {
    this.#drag = drag;
    this.#busy = true;
  }

  #commit(frame: Rect, kind = ''): void {
    const { document } = this.context;
    if (sameRect(frame, document.effectiveFrame)) return;
    const after = isWhole(frame, this.#image) ? null : frame;
    const step = { layer: 'frame', name: NAMES[this.name], before: document.frame, after } as const;
    if (kind === '') document.commit(step);
    else this.#merged.commit(document, kind, step, (first, last) => ({ ...last, before: first.before }));
  }
}

const CORNERS_FIRST = HANDLES.toSorted((one, other) => other.length - one.length);

function holds({ left, top, width, height }: Rect, { x, y }: Point): boolean {
  return x >= left && y >= top && x <= left + width && y <= top + height;
}

export function frameSizeLabel({ width, height }: Size): string {
  return `${width} × ${height}`;
}
