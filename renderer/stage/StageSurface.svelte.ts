import { panBy, pinchCamera, toImage, zoomAbout, type Camera, type View } from './camera.ts';
import type { Point } from './geometry.ts';
import { ClickCounter, type StagePointer, type StageSample } from './StagePointer.ts';
import { parseWheel } from './wheel.ts';

/** What a surface needs from its owner. Functions, because the values change. */
export interface SurfaceHost {
  camera(): Camera;
  view(): View;
  setCamera(camera: Camera): void;
  /** Whether a press moves the image instead of drawing. */
  pans(): boolean;
  /** Without it, every press moves the image. */
  strokes?: StrokeHandler;
  /** Position of a mouse or pen, in CSS pixels of the view; null after it left, or for a finger. */
  hover?(at: Point | null, event: PointerEvent): void;
}

/** Receives strokes. Between `down` and `up` or `cancel` there is only one pointer. */
export interface StrokeHandler {
  /** `eraser`: with the eraser end of a pen. */
  down(pointer: StagePointer, eraser: boolean): void;
  move(pointer: StagePointer): void;
  up(pointer: StagePointer): void;
  cancel(): void;
}

/** Bits of `PointerEvent.buttons`: primary button, pen tip or finger (1), pen eraser (32). */
const DRAWING_BUTTONS = 1 | 32;

type Gesture =
  | { kind: 'stroke'; id: number; last: StagePointer }
  | { kind: 'pan'; id: number; at: Point }
  | { kind: 'pinch'; ids: readonly [number, number] };

/**
 * Turns the pointer and wheel events of an element into strokes and camera moves. Stroke moves are reported once per frame with all positions
 * between; a stroke ends where it is when the window loses the pointer.
 */
export class StageSurface {
  /** The present gesture, for the cursor. */
  doing = $state<'nothing' | 'stroke' | 'pan' | 'pinch'>('nothing');
  readonly #host: SurfaceHost;
  readonly #clicks = new ClickCounter();
  readonly #touches = new Map<number, Point>();
  #element: HTMLElement | null = null;
  #gesture: Gesture | null = null;
  #queue: StageSample[] = [];
  #frame = 0;

  constructor(host: SurfaceHost) {
    this.#host = host;
  }

  /** For `{@attach}`. Removing the element ends a stroke in progress. */
  readonly attach = (element: HTMLElement): (() => void) => {
    const stop = new AbortController();
    const { signal } = stop;
    this.#element = element;
    element.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    element.addEventListener('pointermove', (event) => this.#move(event), { signal });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      element.addEventListener(end, (event) => this.#up(event), { signal });
    }
    element.addEventListener('pointerleave', (event) => this.#host.hover?.(null, event), { signal });
    element.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    element.addEventListener('contextmenu', (event) => this.#contextmenu(event), { signal });
    // In the capture phase, so that listeners that save the drawing find the finished stroke.
    const first = { signal, capture: true };
    for (const loss of ['blur', 'beforeunload', 'pagehide'] as const) {
      window.addEventListener(loss, ({ target }) => target === window && this.finish(), first);
    }
    const hidden = (): void => {
      if (document.visibilityState === 'hidden') this.finish();
    };
    document.addEventListener('visibilitychange', hidden, first);
    return () => {
      this.finish();
      stop.abort();
      this.#element = null;
    };
  };

  /** Discards the stroke in progress. Returns whether there was one. */
  cancel(): boolean {
    const stroke = this.#gesture?.kind === 'stroke';
    this.#drop();
    if (stroke) this.#host.strokes?.cancel();
    return stroke;
  }

  /** Ends the present gesture; a stroke is kept. */
  finish(): void {
    const gesture = this.#gesture;
    if (gesture?.kind === 'stroke') this.#flush();
    this.#drop();
    this.#touches.clear();
    if (gesture?.kind === 'stroke') this.#host.strokes?.up(gesture.last);
  }

  /** Applies a change of Shift or Alt during a stroke. */
  modify({ shiftKey, altKey }: KeyboardEvent): void {
    if (this.#gesture?.kind !== 'stroke') return;
    this.#flush();
    const { last } = this.#gesture;
    if (last.shift === shiftKey && last.alt === altKey) return;
    this.#gesture.last = { ...last, shift: shiftKey, alt: altKey };
    this.#host.strokes?.move(this.#gesture.last);
  }

  #down(event: PointerEvent): void {
    if (isControl(event.target)) return;
    // Prevents the mouse events that would move the focus away from what the press opens.
    event.preventDefault();
    this.#element?.focus({ preventScroll: true });
    const at = this.#place(event);
    if (event.pointerType === 'touch') {
      this.#touches.set(event.pointerId, at);
      this.#host.hover?.(null, event);
      if (this.#touches.size === 2 && this.#mayPinch()) {
        this.#pinch();
        return;
      }
    }
    if (this.#gesture || this.#touches.size > 1) return;
    const { strokes } = this.#host;
    const primary = event.button === 0;
    const eraser = event.pointerType === 'pen' && event.button === 5;
    if (event.button === 1 || (primary && (!strokes || this.#host.pans()))) {
      this.#begin({ kind: 'pan', id: event.pointerId, at }, event);
    } else if (strokes && (primary || eraser)) {
      const clicks = this.#clicks.press(event.timeStamp, { x: event.clientX, y: event.clientY }, event.pointerType);
      const last = this.#pointer(event, [this.#sample(event, at)], clicks);
      this.#begin({ kind: 'stroke', id: event.pointerId, last }, event);
      strokes.down(last, eraser);
    }
  }

  #move(event: PointerEvent): void {
    const at = this.#place(event);
    if (event.pointerType !== 'touch') this.#host.hover?.(at, event);
    const gesture = this.#gesture;
    if (gesture?.kind === 'pinch' && gesture.ids.includes(event.pointerId)) {
      this.#pinchTo(gesture.ids, event.pointerId, at);
      return;
    }
    if (this.#touches.has(event.pointerId)) this.#touches.set(event.pointerId, at);
    if (gesture?.kind === 'pan' && gesture.id === event.pointerId) {
      this.#host.setCamera(
        panBy(this.#host.camera(), this.#host.view(), { x: at.x - gesture.at.x, y: at.y - gesture.at.y }),
      );
      gesture.at = at;
    } else if (gesture?.kind === 'stroke' && gesture.id === event.pointerId) {
      const rect = this.#rect();
      const events = event.getCoalescedEvents();
      for (const each of events.length > 0 ? events : [event]) {
        this.#queue.push(this.#sample(each, this.#place(each, rect)));
      }
      gesture.last = this.#pointer(event, this.#queue, gesture.last.clicks);
      // With another button still down, the browser sends no `pointerup` for the first one.
      if ((event.buttons & DRAWING_BUTTONS) === 0) this.#up(event);
      else if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#flush());
    }
  }

  /** `pointercancel` and a lost capture also end a stroke: it is kept and can be undone. */
  #up(event: PointerEvent): void {
    this.#touches.delete(event.pointerId);
    const gesture = this.#gesture;
    if (!gesture) return;
    if (gesture.kind === 'pinch') {
      if (gesture.ids.includes(event.pointerId)) this.#drop();
    } else if (gesture.id === event.pointerId) {
      this.#flush();
      this.#drop();
      if (gesture.kind === 'stroke') this.#host.strokes?.up(gesture.last);
    }
  }

  /** While drawing, a right click or long press must not open the browser's menu. */
  #contextmenu(event: MouseEvent): void {
    if (this.#host.strokes) event.preventDefault();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const action = parseWheel(event);
    const [camera, view] = [this.#host.camera(), this.#host.view()];
    const next =
      action.kind === 'pan'
        ? panBy(camera, view, action.by)
        : zoomAbout(camera, view, this.#place(event), action.factor);
    this.#host.setCamera(next);
  }

  /** A second finger discards what the first began. A resting hand doesn't disturb a pen or mouse. */
  #mayPinch(): boolean {
    return this.#gesture === null || (this.#gesture.kind !== 'pinch' && this.#touches.has(this.#gesture.id));
  }

  #pinch(): void {
    this.cancel();
    const [one, other] = [...this.#touches.keys()];
    if (one === undefined || other === undefined) return;
    this.#gesture = { kind: 'pinch', ids: [one, other] };
    this.doing = 'pinch';
  }

  #pinchTo([one, other]: readonly [number, number], id: number, at: Point): void {
    const from = [this.#touches.get(one) ?? at, this.#touches.get(other) ?? at] as const;
    this.#touches.set(id, at);
    const to = [this.#touches.get(one) ?? at, this.#touches.get(other) ?? at] as const;
    this.#host.setCamera(pinchCamera(this.#host.camera(), this.#host.view(), from, to));
  }

  #begin(gesture: Gesture, { pointerId }: PointerEvent): void {
    this.#gesture = gesture;
    this.doing = gesture.kind;
    if (this.#element?.isConnected && !this.#element.hasPointerCapture(pointerId)) capture(this.#element, pointerId);
  }

  #drop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#queue = [];
    this.#gesture = null;
    this.doing = 'nothing';
  }

  #flush(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#queue.length === 0 || this.#gesture?.kind !== 'stroke') return;
    const pointer = { ...this.#gesture.last, samples: this.#queue };
    this.#queue = [];
    this.#gesture.last = { ...pointer, samples: pointer.samples.slice(-1) };
    this.#host.strokes?.move(pointer);
  }

  #rect(): DOMRect {
    return this.#element?.getBoundingClientRect() ?? new DOMRect();
  }

  /** The position in CSS pixels of the view, corrected for scrolling and scaling of the page. */
  #place({ clientX, clientY }: MouseEvent, rect = this.#rect()): Point {
    const { width, height } = this.#host.view();
    const [across, down] = [rect.width / (width || 1) || 1, rect.height / (height || 1) || 1];
    return { x: (clientX - rect.left) / across, y: (clientY - rect.top) / down };
  }

  #sample({ pointerType, pressure }: PointerEvent, at: Point): StageSample {
    const point = toImage(this.#host.camera(), this.#host.view(), at);
    return { point, pressure: pointerType === 'pen' ? pressure : 1 };
  }

  #pointer(event: PointerEvent, samples: readonly StageSample[], clicks: number): StagePointer {
    const last = samples.at(-1) ?? this.#sample(event, this.#place(event));
    const type = event.pointerType === 'pen' || event.pointerType === 'touch' ? event.pointerType : 'mouse';
    const { shiftKey: shift, altKey: alt } = event;
    return { ...last, samples, type, shift, alt, mod: event.ctrlKey || event.metaKey, clicks };
  }
}

/** Whether a control on the stage handles the press itself. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, input, textarea, select, a, [contenteditable]') !== null;
}

/** A pointer that has already gone can't be captured. */
function capture(element: HTMLElement, pointerId: number): void {
  try {
    element.setPointerCapture(pointerId);
  } catch (thrown) {
    if (!(thrown instanceof DOMException)) throw thrown;
  }
}
