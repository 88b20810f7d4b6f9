import type { Size } from '../../stage/geometry.ts';

/** An aspect ratio for a frame; `ratio` null: free. */
export interface RatioOption {
  value: string;
  label: string;
  ratio: number | null;
}

const SHAPES = ['1:1', '3:2', '2:3', '4:3', '16:9', '9:16', '2:1'] as const;

/** The ratios offered for an image; its own is added if it is none of the named ones. */
export function frameRatios({ width, height }: Size): RatioOption[] {
  const named = SHAPES.map((shape) => {
    const [across = 1, down = 1] = shape.split(':').map(Number);
    return { value: shape, label: shape, ratio: across / down };
  });
  const own = { value: 'image', label: 'Image', ratio: width / height };
  const free = { value: 'free', label: 'Free', ratio: null };
  return [free, ...named, ...(named.some(({ ratio }) => ratio === own.ratio) ? [] : [own])];
}

/** The value of a ratio; '' if it is not among the options. */
export function ratioKey(ratio: number | null, options: readonly RatioOption[]): string {
  return options.find((option) => option.ratio === ratio)?.value ?? '';
}
