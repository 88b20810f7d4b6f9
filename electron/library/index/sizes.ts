/** The pixel dimensions that occur, numbered. Code 0 is 0 × 0: not known. */
export class Sizes {
  readonly #codes = new Map<number, number>();
  readonly widths: number[] = [];
  readonly heights: number[] = [];

  constructor(pairs: readonly (readonly [number, number])[] = [[0, 0]]) {
    for (const [width, height] of pairs) this.code(width, height);
  }

  code(width: number, height: number): number {
    const key = width * 2 ** 26 + height;
    const known = this.#codes.get(key);
    if (known !== undefined) return known;
    const code = this.widths.length;
    this.widths.push(width);
    this.heights.push(height);
    this.#codes.set(key, code);
    return code;
  }

  get pairs(): [number, number][] {
    return this.widths.map((width, code) => [width, this.heights[code] ?? 0]);
  }

  /** The codes of the sizes that pass, marked in an array by code. */
  where(passes: (width: number, height: number) => boolean): Uint8Array {
    return Uint8Array.from(this.widths, (width, code) => (passes(width, this.heights[code] ?? 0) ? 1 : 0));
  }

  /** Width ÷ height × {@link RATIO_UNIT} by code, 1 to 65535. Unknown sizes are squares. */
  ratios(): Uint16Array {
    return Uint16Array.from(this.widths, (width, code) => {
      const height = this.heights[code] ?? 0;
      if (width <= 0 || height <= 0) return RATIO_UNIT;
      return Math.max(1, Math.min(65_535, Math.round((width / height) * RATIO_UNIT)));
    });
  }
}

/** A square's ratio in a view's shape. */
const RATIO_UNIT = 4096;

const NAMED = [
  [1, 1],
  [5, 4],
  [4, 3],
  [3, 2],
  [16, 10],
  [16, 9],
  [2, 1],
  [21, 9],
  [3, 1],
] as const;
const TOLERANCE = 0.02;

/** The name of an aspect ratio: `3:2`, also for what is almost that; '' for unknown sizes. */
export function ratioName(width: number, height: number): string {
  if (width <= 0 || height <= 0) return '';
  const [long, short] = width >= height ? [width, height] : [height, width];
  const near = NAMED.find(([a, b]) => Math.abs((long * b) / (short * a) - 1) <= TOLERANCE);
  if (!near) return width > height ? 'wide' : 'tall';
  const [a, b] = near;
  return width >= height ? `${a}:${b}` : `${b}:${a}`;
}
