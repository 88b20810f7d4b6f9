import { alignToPixels, fitCamera, nextScale, toImage, zoomTo, type Camera, type View } from '../../stage/camera.ts';
import { rectOf, unionRect, type Point } from '../../stage/geometry.ts';
import type { StagePointer } from '../../stage/StagePointer.ts';
import { StageSurface } from '../../stage/StageSurface.svelte.ts';
import type { CanvasDocument } from '../document/CanvasDocument.svelte.ts';
import { KeyboardPointer } from './KeyboardPointer.svelte.ts';
import { TOOL_TABLE } from '../tools/tool-table.ts';
import type { ToolBox } from './ToolBox.svelte.ts';

/** What the view gives. Functions, because all of it changes. */
interface StageHost {
  toolBox(): ToolBox;
  document(): CanvasDocument;
  camera(): Camera | null;
  setCamera(camera: Camera): void;
}

const DEFAULT_CAMERA: Camera = { scale: 1, centre: { x: 0, y: 0 } };

/** What goes on between a stage on the screen and the tools: pointers, keys, the cursor and the camera. */
export class StageController {
  view = $state.raw<View>({ width: 0, height: 0, dpr: 1 });
  /** Where a mouse or pen stands, in CSS pixels of the view. */
  hovered = $state.raw<Point | null>(null);
  readonly surface: StageSurface;
  readonly keyboard: KeyboardPointer;
  readonly #seat: StageHost;
  #space = $state(false);
  /** A finger on a tool that goes from click to click: it counts when it is lifted, for it may be the first of two. */
  #tap: StagePointer | null = null;
  /** The image is fitted into the view, whatever its size becomes, until the person looks elsewhere. */
  #fitting = true;

  constructor(seat: StageHost) {
    this.#seat = seat;
    this.#fitting = seat.camera() === null;
    const camera = (): Camera => this.camera;
    const view = (): View => this.view;
    const look = (next: Camera): void => this.look(next);
    this.surface = new StageSurface({
      camera,
      view,
      setCamera: look,
      pans: () => this.panning,
      hover: (at, event) => this.#hover(at, event),
      strokes: {
        down: (pointer, eraser) => this.#down(pointer, eraser),
        move: (pointer) => {
          if (!this.#tap) this.#box.current?.move(pointer);
        },
        up: (pointer) => this.#up(pointer),
        cancel: () => this.#cancel(),
      },
    });
    this.keyboard = new KeyboardPointer({
      toolBox: seat.toolBox(),
      size: () => seat.document().size,
      camera,
      view,
      look,
    });
  }

  /** Where the stage looks, on whole pixels of the device. */
  readonly camera = $derived.by(() => {
    const camera = this.#seat.camera();
    return camera && this.view.width > 0 ? alignToPixels(camera, this.view) : (camera ?? DEFAULT_CAMERA);
  });

  /** A press moves the image. */
  readonly panning = $derived.by(() => this.#space || this.#box.name === 'hand');

  /** The person looks elsewhere. */
  look(camera: Camera): void {
    this.#fitting = false;
    this.#seat.setCamera(camera);
  }

  /** Shows the image whole, with its frame, from now on. */
  fit(): void {
    this.#fitting = true;
    const { size, effectiveFrame } = this.#seat.document();
    this.#seat.setCamera(fitCamera(unionRect(rectOf(size), effectiveFrame), this.view));
  }

  resize(view: View): void {
    this.view = view;
    this.settle();
  }

  /** Fits the image into the view again, unless the person has moved it. */
  settle(): void {
    if (this.view.width > 0 && (this.#fitting || this.#seat.camera() === null)) this.fit();
  }

  /** A key on the stage itself. True: it was one of its own. */
  keydown(event: KeyboardEvent): boolean {
    if (event.key === 'Shift' || event.key === 'Alt') this.surface.modify(event);
    if (event.key === 'Escape') return this.#escape(event);
    if (this.surface.doing === 'stroke') return false;
    if (this.#box.current?.key?.(event)) return true;
    if (this.keyboard.key(event)) return true;
    if (event.key === ' ') this.#space = true;
    return event.key === ' ';
  }

  keyup(event: KeyboardEvent): void {
    if (event.key === 'Shift' || event.key === 'Alt') this.surface.modify(event);
    if (event.key === ' ') this.#space = false;
  }

  /** A key anywhere on the canvas that no field has taken. True: it was one of the stage's or the tools'. */
  shortcut(event: KeyboardEvent): boolean {
    if (!event.ctrlKey && !event.metaKey && !event.altKey && this.#zoom(event.key)) return true;
    // What is being drawn is ended first, by who began it.
    return this.surface.doing !== 'stroke' && !this.keyboard.held && this.#box.key(event);
  }

  /** The focus or the window is lost: what is held counts as let go. */
  releaseInput(): void {
    this.#space = false;
    this.keyboard.leave();
  }

  #down(pointer: StagePointer, eraser: boolean): void {
    this.keyboard.leave();
    const { clicks, masks } = TOOL_TABLE[this.#box.name];
    if (eraser && masks) this.#box.hold('eraser');
    if (pointer.type === 'touch' && clicks) this.#tap = pointer;
    else this.#box.current?.down(pointer);
  }

  #up(pointer: StagePointer): void {
    const tap = this.#tap;
    this.#tap = null;
    if (tap) this.#box.current?.down(tap);
    this.#box.current?.up(pointer);
    this.#box.release();
  }

  #cancel(): void {
    if (this.#tap) this.#tap = null;
    else this.#box.current?.cancel();
    this.#box.release();
  }

  get #box(): ToolBox {
    return this.#seat.toolBox();
  }

  #zoom(key: string): boolean {
    if (key === '0') this.fit();
    else if (key === '1') this.look(zoomTo(this.camera, this.view, 1));
    else if (key === '+' || key === '=') this.look(zoomTo(this.camera, this.view, nextScale(this.camera.scale, 1)));
    else if (key === '-') this.look(zoomTo(this.camera, this.view, nextScale(this.camera.scale, -1)));
    else return false;
    return true;
  }

  #escape(event: KeyboardEvent): boolean {
    const tool = this.#box.current;
    const begun = tool?.busy ?? false;
    if (!this.surface.cancel() && begun) tool?.cancel();
    this.keyboard.drop();
    if (begun) this.#box.announce('Cancelled.');
    if (begun || tool?.key?.(event)) return true;
    const shown = this.keyboard.at !== null;
    this.keyboard.leave();
    return shown;
  }

  /** A tool that goes from click to click follows the pointer between them. */
  #hover(at: Point | null, event: PointerEvent): void {
    this.hovered = at;
    // The keyboard's cursor moves the stage under a mouse that rests; that is no use of the mouse.
    if (at && (event.movementX !== 0 || event.movementY !== 0)) this.keyboard.leave();
    const tool = this.#box.current;
    if (!at || !tool?.busy || this.surface.doing !== 'nothing' || this.keyboard.at) return;
    const sample = { point: toImage(this.camera, this.view, at), pressure: 1 };
    const { shiftKey: shift, altKey: alt } = event;
    const type = event.pointerType === 'pen' ? 'pen' : 'mouse';
    tool.move({ ...sample, samples: [sample], type, shift, alt, mod: event.ctrlKey || event.metaKey, clicks: 0 });
  }
}
