const LARGEST = 8;
const STEP = 1.2;

/** How large an image stands on the stage: fitted into it, or at a scale of its own pixels. */
export class Zoom {
  /** Null: fitted. Otherwise screen pixels (of the device) per image pixel. */
  scale = $state<number | null>(null);

  /** The image's width on screen in CSS px; null while it is fitted. */
  widthOf(image: { width: number }): number | null {
    return this.scale === null ? null : (image.width * this.scale) / devicePixelRatio;
  }

  fit(): void {
    this.scale = null;
  }

  actual(): void {
    this.scale = 1;
  }

  toggle(): void {
    this.scale = this.scale === null ? 1 : null;
  }

  /** One step in or out from the scale that is on screen; never smaller than fitted. */
  step(direction: 1 | -1, fitted: number): void {
    const next = (this.scale ?? fitted) * (direction > 0 ? STEP : 1 / STEP);
    this.scale = next <= fitted ? null : Math.min(Math.max(LARGEST, fitted), next);
  }
}
