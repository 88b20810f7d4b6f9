import { alignToPixels, fitCamera, nextScale, toImage, zoomTo, type Camera, type View } from '../../stage/camera.ts';
import { rectOf, unionRect, type Point } from '../../stage/geometry.ts';
import type { StagePointer } from '../../stage/StagePointer.ts';
import { StageSurface } from '../../stage/StageSurface.svelte.ts';
import type { CanvasDocument } from '../document/CanvasDocument.svelte.ts';
import { KeyboardPointer } from './KeyboardPointer.svelte.ts';
import { TOOL_TABLE } from '../tools/tool-table.ts';
import type { ToolBox } from './ToolBox.svelte.ts';
import { isKey, type KeyPress } from '../../shared/keyboard/shortcut-keys.ts';
import { cameraKeyOf } from '../../stage/camera-keys.ts';

/** What the view provides. Functions, because the values change. */
interface StageHost {
  toolBox(): ToolBox;
  document(): CanvasDocument;
  camera(): Camera | null;
  setCamera(camera: Camera): void;
}

const DEFAULT_CAMERA: Camera = { scale: 1, centre: { x: 0, y: 0 } };

/** Connects the stage on the screen with the tools: pointers, keys, cursor and camera. */
export class StageController {
  view = $state.raw<View>({ width: 0, height: 0, dpr: 1 });
  /** The position of a mouse or pen, CSS pixels of the view. */
  hovered = $state.raw<Point | null>(null);
  readonly surface: StageSurface;
  readonly keyboard: KeyboardPointer;
  readonly #host: StageHost;
  #space = $state(false);
  /** A touch with a tool that works by clicks: it counts when lifted, because a second finger may follow. */
  #tap: StagePointer | null = null;
  /** The image is fitted into the view until the person moves it. */
  #fitting = true;

  constructor(host: StageHost) {
    this.#host = host;
    this.#fitting = host.camera() === null;
    const camera = (): Camera => this.camera;
    const view = (): View => this.view;
    const moveCamera = (next: Camera): void => this.moveCamera(next);
    this.surface = new StageSurface({
      camera,
      view,
      setCamera: moveCamera,
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
      toolBox: host.toolBox(),
      size: () => host.document().size,
      camera,
      view,
      moveCamera,
    });
  }

  /** The camera, aligned to device pixels. */
  readonly camera = $derived.by(() => {
    const camera = this.#host.camera();
    return camera && this.view.width > 0 ? alignToPixels(camera, this.view) : (camera ?? DEFAULT_CAMERA);
  });

  /** Whether a press pans. */
  readonly panning = $derived.by(() => this.#space || this.#box.name === 'hand');

  /** The person moved the camera. */
  moveCamera(camera: Camera): void {
    this.#fitting = false;
    this.#host.setCamera(camera);
  }

  /** Fits the image and its frame into the view. */
  fit(): void {
    this.#fitting = true;
    const { size, effectiveFrame } = this.#host.document();
    this.#host.setCamera(fitCamera(unionRect(rectOf(size), effectiveFrame), this.view));
  }

  resize(view: View): void {
    this.view = view;
    this.settle();
  }

  /** Fits the image into the view again, unless the person has moved it. */
  settle(): void {
    if (this.view.width > 0 && (this.#fitting || this.#host.camera() === null)) this.fit();
  }

  /** Handles a key on the stage. Returns whether it was used. */
  keydown(event: KeyboardEvent): boolean {
    if (isKey(event, 'Shift', 'Alt')) this.surface.modify(event);
    if (isKey(event, 'Escape')) return this.#escape(event);
    if (this.surface.doing === 'stroke') return false;
    if (this.#box.current?.key?.(event)) return true;
    if (this.keyboard.key(event)) return true;
    if (isKey(event, ' ')) this.#space = true;
    return isKey(event, ' ');
  }

  keyup(event: KeyboardEvent): void {
    if (isKey(event, 'Shift', 'Alt')) this.surface.modify(event);
    if (isKey(event, ' ')) this.#space = false;
  }

  /** Handles a key anywhere on the canvas, outside fields. Returns whether it was used. */
  shortcut(event: KeyboardEvent): boolean {
    if (!event.ctrlKey && !event.metaKey && !event.altKey && this.#zoom(event)) return true;
    // Not during a stroke.
    return this.surface.doing !== 'stroke' && !this.keyboard.held && this.#box.key(event);
  }

  /** The focus is lost: held keys count as released. */
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
    return this.#host.toolBox();
  }

  #zoom(event: KeyPress): boolean {
    const key = cameraKeyOf(event);
    if (key === '0') this.fit();
    else if (key === '1') this.moveCamera(zoomTo(this.camera, this.view, 1));
    else if (key === '+' || key === '=')
      this.moveCamera(zoomTo(this.camera, this.view, nextScale(this.camera.scale, 1)));
    else if (key === '-') this.moveCamera(zoomTo(this.camera, this.view, nextScale(this.camera.scale, -1)));
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

  /** A tool that works by clicks follows the pointer between them. */
  #hover(at: Point | null, event: PointerEvent): void {
    this.hovered = at;
    // Moving the stage by keys causes pointer events without movement.
    if (at && (event.movementX !== 0 || event.movementY !== 0)) this.keyboard.leave();
    const tool = this.#box.current;
    if (!at || !tool?.busy || this.surface.doing !== 'nothing' || this.keyboard.at) return;
    const sample = { point: toImage(this.camera, this.view, at), pressure: 1 };
    const { shiftKey: shift, altKey: alt } = event;
    const type = event.pointerType === 'pen' ? 'pen' : 'mouse';
    tool.move({ ...sample, samples: [sample], type, shift, alt, mod: event.ctrlKey || event.metaKey, clicks: 0 });
  }
}
