import { panBy, pinched, toPicture, zoomAbout, type Camera, type View } from './camera.ts';
import type { Point } from './geometry.ts';
import { ClickCount, type StagePointer, type StageSample } from './StagePointer.ts';
import { readWheel } from './wheel.ts';

/** What a surface serves. Functions, because all of it changes. */
export interface SurfaceOwner {
  camera(): Camera;
  view(): View;
  /** The person has moved the camera. */
  look(camera: Camera): void;
  /** A press moves the picture instead of drawing on it. */
  pans(): boolean;
  /** What a press does otherwise; without it, every press moves the picture. */
  strokes?: StrokeTaker;
  /** Where a mouse or pen stands, pressed or not, in CSS pixels of the view; null: it has left, or a finger is there. */
  hover?(at: Point | null, event: PointerEvent): void;
}

/** Takes what is drawn. Between `down` and `up` or `cancel` there is one pointer only. */
export interface StrokeTaker {
  /** `eraser`: with the other end of a pen. */
  down(pointer: StagePointer, eraser: boolean): void;
  move(pointer: StagePointer): void;
  up(pointer: StagePointer): void;
  cancel(): void;
}

/** `buttons` of a mouse's first button, a pen's tip or finger, and a pen's eraser. */
const DRAWS = 1 | 32;

type Deed =
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
  readonly #owner: SurfaceOwner;
  readonly #clicks = new ClickCount();
  readonly #touches = new Map<number, Point>();
  #element: HTMLElement | null = null;
  #deed: Deed | null = null;
  #queue: StageSample[] = [];
  #frame = 0;

  constructor(owner: SurfaceOwner) {
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
    const stroke = this.#deed?.kind === 'stroke';
    this.#drop();
    if (stroke) this.#owner.strokes?.cancel();
    return stroke;
  }

  /** Ends what is going on where it is: a stroke is kept. */
  finish(): void {
    const deed = this.#deed;
    if (deed?.kind === 'stroke') this.#flush();
    this.#drop();
    this.#touches.clear();
    if (deed?.kind === 'stroke') this.#owner.strokes?.up(deed.last);
  }

  /** Shift or Alt was pressed or let go in the middle of a stroke. */
  modify({ shiftKey, altKey }: KeyboardEvent): void {
    if (this.#deed?.kind !== 'stroke') return;
    this.#flush();
    const { last } = this.#deed;
    if (last.shift === shiftKey && last.alt === altKey) return;
    this.#deed.last = { ...last, shift: shiftKey, alt: altKey };
    this.#owner.strokes?.move(this.#deed.last);
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
    if (this.#deed || this.#touches.size > 1) return;
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
    const deed = this.#deed;
    if (deed?.kind === 'pinch' && deed.ids.includes(event.pointerId)) {
      this.#pinchTo(deed.ids, event.pointerId, at);
      return;
    }
    if (this.#touches.has(event.pointerId)) this.#touches.set(event.pointerId, at);
    if (deed?.kind === 'pan' && deed.id === event.pointerId) {
      this.#owner.look(panBy(this.#owner.camera(), this.#owner.view(), { x: at.x - deed.at.x, y: at.y - deed.at.y }));
      deed.at = at;
    } else if (deed?.kind === 'stroke' && deed.id === event.pointerId) {
      const rect = this.#rect();
      const events = event.getCoalescedEvents();
      for (const each of events.length > 0 ? events : [event]) {
        this.#queue.push(this.#sample(each, this.#place(each, rect)));
      }
      deed.last = this.#pointer(event, this.#queue, deed.last.clicks);
      // A mouse whose other button is still down sends no `pointerup` for the first.
      if ((event.buttons & DRAWS) === 0) this.#up(event);
      else if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#flush());
    }
  }

  /** `pointercancel` and a lost capture end a stroke as well: what was drawn is kept, and undo takes it back. */
  #up(event: PointerEvent): void {
    this.#touches.delete(event.pointerId);
    const deed = this.#deed;
    if (!deed) return;
    if (deed.kind === 'pinch') {
      if (deed.ids.includes(event.pointerId)) this.#drop();
    } else if (deed.id === event.pointerId) {
      this.#flush();
      this.#drop();
      if (deed.kind === 'stroke') this.#owner.strokes?.up(deed.last);
    }
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const wish = readWheel(event);
    const [camera, view] = [this.#owner.camera(), this.#owner.view()];
    const next =
      wish.kind === 'pan' ? panBy(camera, view, wish.by) : zoomAbout(camera, view, this.#place(event), wish.factor);
    this.#owner.look(next);
  }

  /** A second finger: what the first began is taken back. A pen or mouse that draws is not disturbed by a hand that rests. */
  #mayPinch(): boolean {
    return this.#deed === null || (this.#deed.kind !== 'pinch' && this.#touches.has(this.#deed.id));
  }

  #pinch(): void {
    this.cancel();
    const [one, other] = [...this.#touches.keys()];
    if (one === undefined || other === undefined) return;
    this.#deed = { kind: 'pinch', ids: [one, other] };
    this.doing = 'pinch';
  }

  #pinchTo([one, other]: readonly [number, number], id: number, at: Point): void {
    const from = [this.#touches.get(one) ?? at, this.#touches.get(other) ?? at] as const;
    this.#touches.set(id, at);
    const to = [this.#touches.get(one) ?? at, this.#touches.get(other) ?? at] as const;
    this.#owner.look(pinched(this.#owner.camera(), this.#owner.view(), from, to));
  }

  #begin(deed: Deed, { pointerId }: PointerEvent): void {
    this.#deed = deed;
    this.doing = deed.kind;
    // A pointer that has gone in the meantime cannot be captured; its end has come or comes as any other.
    if (this.#element?.isConnected && !this.#element.hasPointerCapture(pointerId)) capture(this.#element, pointerId);
  }

  #drop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#queue = [];
    this.#deed = null;
    this.doing = 'nothing';
  }

  #flush(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#queue.length === 0 || this.#deed?.kind !== 'stroke') return;
    const pointer = { ...this.#deed.last, samples: this.#queue };
    this.#queue = [];
    this.#deed.last = { ...pointer, samples: pointer.samples.slice(-1) };
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
    const point = toPicture(this.#owner.camera(), this.#owner.view(), at);
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
