import { panBy, pinchCamera, toImage, zoomAbout, type Camera, type View } from './camera.ts';
import type { Point } from './geometry.ts';
import { ClickCounter, type StagePointer, type StageSample } from './StagePointer.ts';
import { parseWheel } from './wheel.ts';

/** What a surface serves. Functions, because all of it changes. */
export interface SurfaceHost {
  camera(): Camera;
  view(): View;
  /** The person has moved the camera. */
  look(camera: Camera): void;
  /** A press moves the image instead of drawing on it. */
  pans(): boolean;
  /** What a press does otherwise; without it, every press moves the image. */
  strokes?: StrokeHandler;
  /** Where a mouse or pen stands, pressed or not, in CSS pixels of the view; null: it has left, or a finger is there. */
  hover?(at: Point | null, event: PointerEvent): void;
}

/** Takes what is drawn. Between `down` and `up` or `cancel` there is one pointer only. */
export interface StrokeHandler {
  /** `eraser`: with the other end of a pen. */
  down(pointer: StagePointer, eraser: boolean): void;
  move(pointer: StagePointer): void;
  up(pointer: StagePointer): void;
  cancel(): void;
}

/** `buttons` of a mouse's first button, a pen's tip or finger, and a pen's eraser. */
const DRAWING_BUTTONS = 1 | 32;

type Gesture =
  | { kind: 'stroke'; id: number; last: StagePointer }
  | { kind: 'pan'; id: number; at: Point }
  | { kind: 'pinch'; ids: readonly [number, number] };

/**
 * Turns what happens to an element into strokes and moves of the camera: wheel, pinch, drags with the middle button or the hand, pens and
 * fingers. Moves are handed on once a frame, with every place between; a stroke that the window loses ends where it was.
 */
export class StageSurface {
  /** What is going on, for the cursor. */
  doing = $state<'nothing' | 'stroke' | 'pan' | 'pinch'>('nothing');
  readonly #owner: SurfaceHost;
  readonly #clicks = new ClickCounter();
  readonly #touches = new Map<number, Point>();
  #element: HTMLElement | null = null;
  #gesture: Gesture | null = null;
  #queue: StageSample[] = [];
  #frame = 0;

  constructor(owner: SurfaceHost) {
    this.#owner = owner;
  }

  /** For `{@attach}`: listens on the element until it goes; a stroke in progress is ended then. */
  readonly attach = (element: HTMLElement): (() => void) => {
    const stop = new AbortController();
    const { signal } = stop;
    this.#element = element;
    element.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    element.addEventListener('pointermove', (event) => this.#move(event), { signal });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      element.addEventListener(end, (event) => this.#up(event), { signal });
    }
    element.addEventListener('pointerleave', (event) => this.#owner.hover?.(null, event), { signal });
    element.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
    // Before others hear of it: what they keep then holds the stroke.
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

  /** Takes the stroke back. The pointer may still be down; it does nothing until the next press. True: there was one. */
  cancel(): boolean {
    const stroke = this.#gesture?.kind === 'stroke';
    this.#drop();
    if (stroke) this.#owner.strokes?.cancel();
    return stroke;
  }

  /** Ends what is going on where it is: a stroke is kept. */
  finish(): void {
    const gesture = this.#gesture;
    if (gesture?.kind === 'stroke') this.#flush();
    this.#drop();
    this.#touches.clear();
    if (gesture?.kind === 'stroke') this.#owner.strokes?.up(gesture.last);
  }

  /** Shift or Alt was pressed or let go in the middle of a stroke. */
  modify({ shiftKey, altKey }: KeyboardEvent): void {
    if (this.#gesture?.kind !== 'stroke') return;
    this.#flush();
    const { last } = this.#gesture;
    if (last.shift === shiftKey && last.alt === altKey) return;
    this.#gesture.last = { ...last, shift: shiftKey, alt: altKey };
    this.#owner.strokes?.move(this.#gesture.last);
  }

  #down(event: PointerEvent): void {
    if (isControl(event.target)) return;
    // No mouse event follows, which would take the focus away from what the press opens.
    event.preventDefault();
    this.#element?.focus({ preventScroll: true });
    const at = this.#place(event);
    if (event.pointerType === 'touch') {
      this.#touches.set(event.pointerId, at);
      this.#owner.hover?.(null, event);
      if (this.#touches.size === 2 && this.#mayPinch()) {
        this.#pinch();
        return;
      }
    }
    if (this.#gesture || this.#touches.size > 1) return;
    const { strokes } = this.#owner;
    const primary = event.button === 0;
    const eraser = event.pointerType === 'pen' && event.button === 5;
    if (event.button === 1 || (primary && (!strokes || this.#owner.pans()))) {
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
    if (event.pointerType !== 'touch') this.#owner.hover?.(at, event);
    const gesture = this.#gesture;
    if (gesture?.kind === 'pinch' && gesture.ids.includes(event.pointerId)) {
      this.#pinchTo(gesture.ids, event.pointerId, at);
      return;
    }
    if (this.#touches.has(event.pointerId)) this.#touches.set(event.pointerId, at);
    if (gesture?.kind === 'pan' && gesture.id === event.pointerId) {
      this.#owner.look(
        panBy(this.#owner.camera(), this.#owner.view(), { x: at.x - gesture.at.x, y: at.y - gesture.at.y }),
      );
      gesture.at = at;
    } else if (gesture?.kind === 'stroke' && gesture.id === event.pointerId) {
      const rect = this.#rect();
      const events = event.getCoalescedEvents();
      for (const each of events.length > 0 ? events : [event]) {
        this.#queue.push(this.#sample(each, this.#place(each, rect)));
      }
      gesture.last = this.#pointer(event, this.#queue, gesture.last.clicks);
      // A mouse whose other button is still down sends no `pointerup` for the first.
      if ((event.buttons & DRAWING_BUTTONS) === 0) this.#up(event);
      else if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#flush());
    }
  }

  /** `pointercancel` and a lost capture end a stroke as well: what was drawn is kept, and undo takes it back. */
  #up(event: PointerEvent): void {
    this.#touches.delete(event.pointerId);
    const gesture = this.#gesture;
    if (!gesture) return;
    if (gesture.kind === 'pinch') {
      if (gesture.ids.includes(event.pointerId)) this.#drop();
    } else if (gesture.id === event.pointerId) {
      this.#flush();
      this.#drop();
      if (gesture.kind === 'stroke') this.#owner.strokes?.up(gesture.last);
    }
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const wish = parseWheel(event);
    const [camera, view] = [this.#owner.camera(), this.#owner.view()];
    const next =
      wish.kind === 'pan' ? panBy(camera, view, wish.by) : zoomAbout(camera, view, this.#place(event), wish.factor);
    this.#owner.look(next);
  }

  /** A second finger: what the first began is taken back. A pen or mouse that draws is not disturbed by a hand that rests. */
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
    this.#owner.look(pinchCamera(this.#owner.camera(), this.#owner.view(), from, to));
  }

  #begin(gesture: Gesture, { pointerId }: PointerEvent): void {
    this.#gesture = gesture;
    this.doing = gesture.kind;
    // A pointer that has gone in the meantime cannot be captured; its end has come or comes as any other.
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
    this.#owner.strokes?.move(pointer);
  }

  #rect(): DOMRect {
    return this.#element?.getBoundingClientRect() ?? new DOMRect();
  }

  /** In CSS pixels of the view, whatever the page is scrolled or scaled by. */
  #place({ clientX, clientY }: MouseEvent, rect = this.#rect()): Point {
    const { width, height } = this.#owner.view();
    const [across, down] = [rect.width / (width || 1) || 1, rect.height / (height || 1) || 1];
    return { x: (clientX - rect.left) / across, y: (clientY - rect.top) / down };
  }

  #sample({ pointerType, pressure }: PointerEvent, at: Point): StageSample {
    const point = toImage(this.#owner.camera(), this.#owner.view(), at);
    return { point, pressure: pointerType === 'pen' ? pressure : 1 };
  }

  #pointer(event: PointerEvent, samples: readonly StageSample[], clicks: number): StagePointer {
    const last = samples.at(-1) ?? this.#sample(event, this.#place(event));
    const type = event.pointerType === 'pen' || event.pointerType === 'touch' ? event.pointerType : 'mouse';
    const { shiftKey: shift, altKey: alt } = event;
    return { ...last, samples, type, shift, alt, mod: event.ctrlKey || event.metaKey, clicks };
  }
}

/** What lies on the stage and takes presses itself. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, input, textarea, select, a, [contenteditable]') !== null;
}

function capture(element: HTMLElement, pointerId: number): void {
  try {
    element.setPointerCapture(pointerId);
  } catch (thrown) {
    if (!(thrown instanceof DOMException)) throw thrown;
  }
}
