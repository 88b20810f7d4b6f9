import { on } from 'svelte/events';
import { isKey } from '../../shared/keyboard/shortcut-keys.ts';
import type { ImageSelection } from '../../state/library/selection.svelte.ts';
import { positionOf } from '../grid/cell-position.ts';

/** A rectangle of the grid's content, px. */
export interface ContentRect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** What gestures need of the grid. Points of the window are client coordinates. */
export interface GestureGrid {
  /** The image at a point of the window; null for none. */
  cellAt(clientX: number, clientY: number): number | null;
  /** A point of the window in the content. */
  toContent(clientX: number, clientY: number): { x: number; y: number };
  /** The images that a rectangle of the content touches. */
  positionsIn(rect: ContentRect): { from: number; to: number }[];
  scrollBy(pixels: number): void;
}

export interface GestureHost {
  grid: GestureGrid;
  selection: ImageSelection;
  open: (position: number) => void;
}

/** A pointer has to move this far before it drags, px. */
const DRAG_START = 4;
/** A finger held this long selects, ms. */
const LONG_PRESS = 500;
/** At this distance from an edge the grid begins to scroll, px. */
const EDGE = 48;
/** The fastest scrolling at an edge, px a frame. */
const MAX_STEP = 36;

interface Drag {
  pointerId: number;
  /** Where it began, in the content. */
  x: number;
  y: number;
  clientX: number;
  clientY: number;
  /** What was selected before; a marquee adds to it with Ctrl or Shift. */
  before: unknown;
  adds: boolean;
  moving: boolean;
}

/**
 * Selecting with pointer and finger. A click selects, a double click opens; Ctrl (Cmd) toggles, Shift extends; dragging over empty space, or
 * anywhere with Shift, selects what the rectangle touches, and scrolls at the edges. A tap opens, a long press selects, and after that taps
 * toggle.
 */
export class GridGestures {
  /** The rectangle being dragged, in the content. */
  marquee = $state.raw<ContentRect | null>(null);
  readonly #host: GestureHost;
  #drag: Drag | null = null;
  #last = { clientX: 0, clientY: 0 };
  #frame = 0;
  #press: ReturnType<typeof setTimeout> | undefined;
  /** The next click belongs to a gesture that has ended. */
  #ignoreClick = false;

  constructor(host: GestureHost) {
    this.#host = host;
  }

  /** Listens on the grid's scroller until the returned function is called. */
  attach(scroller: HTMLElement): () => void {
    const stops = [
      on(scroller, 'pointerdown', (event) => this.#down(event, scroller)),
      on(scroller, 'pointermove', (event) => this.#move(event, scroller)),
      on(scroller, 'pointerup', () => this.#end()),
      on(scroller, 'pointercancel', () => this.#cancel()),
      on(scroller, 'click', (event) => this.#click(event)),
      on(scroller, 'dblclick', (event) => this.#doubleClick(event)),
      on(
        window,
        'keydown',
        (event) => {
          if (isKey(event, 'Escape') && this.marquee !== null) {
            event.preventDefault();
            event.stopPropagation();
            this.#cancel();
          }
        },
        { capture: true },
      ),
    ];
    return () => {
      stops.forEach((stop) => stop());
      this.#end();
    };
  }

  #down(event: PointerEvent, scroller: HTMLElement): void {
    this.#ignoreClick = false;
    if (event.button !== 0 || isControl(event.target)) return;
    const position = this.#host.grid.cellAt(event.clientX, event.clientY);
    if (event.pointerType === 'touch') {
      if (position !== null) this.#press = setTimeout(() => this.#longPress(position), LONG_PRESS);
      return;
    }
    // On the scrollbar.
    if (event.target === scroller && event.offsetX >= scroller.clientWidth) return;
    if (position !== null && !event.shiftKey) return;
    const { x, y } = this.#host.grid.toContent(event.clientX, event.clientY);
    const { pointerId, clientX, clientY } = event;
    const adds = event.shiftKey || event.ctrlKey || event.metaKey;
    this.#drag = { pointerId, x, y, clientX, clientY, before: this.#host.selection.snapshot(), adds, moving: false };
  }

  #move(event: PointerEvent, scroller: HTMLElement): void {
    this.#last = event;
    const drag = this.#drag;
    if (!drag) {
      if (event.pointerType === 'touch' && (Math.abs(event.movementX) > 2 || Math.abs(event.movementY) > 2))
        clearTimeout(this.#press);
      return;
    }
    if (!drag.moving) {
      if (Math.hypot(event.clientX - drag.clientX, event.clientY - drag.clientY) < DRAG_START) return;
      drag.moving = true;
      scroller.setPointerCapture(drag.pointerId);
      this.#tick(scroller);
    }
    event.preventDefault();
  }

  /** One step a frame: scrolls at the edges, then selects what the rectangle touches. */
  #tick(scroller: HTMLElement): void {
    const drag = this.#drag;
    if (!drag?.moving) return;
    const box = scroller.getBoundingClientRect();
    const step = edgeStep(this.#last.clientY, box.top, box.bottom);
    if (step !== 0) this.#host.grid.scrollBy(step);
    const { x, y } = this.#host.grid.toContent(this.#last.clientX, this.#last.clientY);
    const rect = {
      left: Math.min(x, drag.x),
      top: Math.min(y, drag.y),
      right: Math.max(x, drag.x),
      bottom: Math.max(y, drag.y),
    };
    if (!isSameRect(rect, this.marquee)) {
      this.marquee = rect;
      this.#host.selection.replace(drag.adds ? drag.before : null, this.#host.grid.positionsIn(rect));
    }
    this.#frame = requestAnimationFrame(() => this.#tick(scroller));
  }

  #end(): void {
    clearTimeout(this.#press);
    cancelAnimationFrame(this.#frame);
    this.#ignoreClick ||= this.#drag?.moving === true;
    this.#drag = null;
    this.marquee = null;
  }

  #cancel(): void {
    if (this.#drag?.moving) this.#host.selection.restore(this.#drag.before);
    this.#end();
  }

  #longPress(position: number): void {
    this.#ignoreClick = true;
    this.#host.selection.toggle(position);
  }

  #click(event: MouseEvent): void {
    const { selection } = this.#host;
    if (isControl(event.target)) return;
    if (this.#ignoreClick) {
      this.#ignoreClick = false;
      event.preventDefault();
      return;
    }
    const position = positionOf(event.target);
    const adds = event.ctrlKey || event.metaKey;
    if (position === null) {
      if (!event.shiftKey && !adds) selection.clear();
      return;
    }
    const byFinger = event instanceof PointerEvent && event.pointerType === 'touch';
    if (event.shiftKey) selection.extendTo(position, adds);
    else if (adds || isCheck(event.target)) selection.toggle(position);
    // What screen readers press has no detail.
    else if (event.detail === 0 || (byFinger && selection.isEmpty)) this.#host.open(position);
    else if (byFinger) selection.toggle(position);
    else selection.only(position);
  }

  #doubleClick(event: MouseEvent): void {
    if (event.shiftKey || event.ctrlKey || event.metaKey || isControl(event.target) || isCheck(event.target)) return;
    const position = positionOf(event.target);
    if (position !== null) this.#host.open(position);
  }
}

/** Pixels to scroll in a frame: more, the nearer a pointer is to an edge or beyond it. */
export function edgeStep(y: number, top: number, bottom: number): number {
  const edge = Math.min(EDGE, (bottom - top) / 4);
  const over = y < top + edge ? y - (top + edge) : y > bottom - edge ? y - (bottom - edge) : 0;
  const share = Math.max(-1, Math.min(1, over / edge));
  return Math.round(Math.sign(share) * share ** 2 * MAX_STEP);
}

/** A control in the grid that has its own click, other than a cell and its check. */
function isControl(target: EventTarget | null): boolean {
  const control = target instanceof Element ? target.closest('button, input, [role="button"]') : null;
  return control !== null && !control.hasAttribute('data-position') && !isCheck(target);
}

function isCheck(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-check]') !== null;
}

function isSameRect(a: ContentRect, b: ContentRect | null): boolean {
  return b !== null && a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;
}
