import { fitCamera, nextScale, panBy, zoomTo, type Camera, type View } from './camera.ts';
import { rectOf, type Point, type Size } from './geometry.ts';

/** Where a camera is stored. Two stages that share a store show the same part of an image. */
export interface CameraStore {
  /** Null: the content is fitted into the view. */
  camera: Camera | null;
}

class LocalCamera implements CameraStore {
  camera = $state.raw<Camera | null>(null);
}

/** The camera of one stage. Fits its content into the view, whatever the view's size, until it is moved. */
export class StageCamera {
  view = $state.raw<View>({ width: 0, height: 0, dpr: 1 });
  readonly #content: () => Size;
  readonly #store: CameraStore;

  /** `content`: the size of what is shown, in its own pixels. */
  constructor(content: () => Size, store: CameraStore = new LocalCamera()) {
    this.#content = content;
    this.#store = store;
  }

  get current(): Camera {
    return this.#store.camera ?? this.#fitted();
  }

  get isFitted(): boolean {
    const { camera } = this.#store;
    if (camera === null) return true;
    const { scale, centre } = this.#fitted();
    return camera.scale === scale && camera.centre.x === centre.x && camera.centre.y === centre.y;
  }

  fit(): void {
    this.#store.camera = null;
  }

  /** Moves the camera. Its centre stays within the content. */
  set({ scale, centre }: Camera): void {
    const { width, height } = this.#content();
    const x = Math.min(width, Math.max(0, centre.x));
    const y = Math.min(height, Math.max(0, centre.y));
    this.#store.camera = { scale, centre: { x, y } };
  }

  /** Takes a new size of the view. Fitted content stays fitted, also if another owner of the store has fitted it. */
  resize(view: View): void {
    if (this.isFitted) this.fit();
    this.view = view;
  }

  /** Zooms about the middle of the view. 1 is 100 %. */
  zoomTo(scale: number): void {
    this.set(zoomTo(this.current, this.view, scale));
  }

  /** Shows fitted content at 100 %, anything else fitted. */
  toggle(): void {
    if (this.isFitted) this.zoomTo(1);
    else this.fit();
  }

  /** Zooms in (1) or out (-1) by one stop. */
  zoom(direction: 1 | -1): void {
    this.zoomTo(nextScale(this.current.scale, direction));
  }

  /** Moves the content by CSS pixels. */
  pan(by: Point): void {
    this.set(panBy(this.current, this.view, by));
  }

  #fitted(): Camera {
    return fitCamera(rectOf(this.#content()), this.view);
  }
}
