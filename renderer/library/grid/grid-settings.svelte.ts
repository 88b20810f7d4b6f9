const KEY = 'emulsion.image-size';
/** Limits of the row height, in px. */
export const MIN_ROW_HEIGHT = 72;
export const MAX_ROW_HEIGHT = 320;
export const ROW_HEIGHT_STEP = 8;

/** How large the grid's images are; remembered. */
export class GridSettings {
  #rowHeight = $state(matchMedia('(min-width: 1280px)').matches ? 160 : 112);

  constructor() {
    try {
      const stored = Number(localStorage.getItem(KEY));
      if (stored >= MIN_ROW_HEIGHT && stored <= MAX_ROW_HEIGHT) this.#rowHeight = stored;
    } catch {
      // Storage is unavailable: the usual height.
    }
  }

  /** Target height of a row, in px. */
  get rowHeight(): number {
    return this.#rowHeight;
  }

  set rowHeight(height: number) {
    this.#rowHeight = Math.min(MAX_ROW_HEIGHT, Math.max(MIN_ROW_HEIGHT, Math.round(height)));
    try {
      localStorage.setItem(KEY, String(this.#rowHeight));
    } catch {
      // Storage is unavailable: the height is not remembered.
    }
  }
}
