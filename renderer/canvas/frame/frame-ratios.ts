import type { Size } from '../../stage/geometry.ts';

/** A shape that a frame can be given; `ratio` null: any. */
export interface RatioOption {
  value: string;
  label: string;
  ratio: number | null;
}

const SHAPES = ['1:1', '3:2', '2:3', '4:3', '16:9', '9:16', '2:1'] as const;

/** The shapes that are offered for an image; its own only where it has none of the named ones. */
export function frameRatios({ width, height }: Size): RatioOption[] {
  const named = SHAPES.map((shape) => {
    const [across = 1, down = 1] = shape.split(':').map(Number);
    return { value: shape, label: shape, ratio: across / down };
  });
  const own = { value: 'image', label: 'Image', ratio: width / height };
  const free = { value: 'free', label: 'Free', ratio: null };
  return [free, ...named, ...(named.some(({ ratio }) => ratio === own.ratio) ? [] : [own])];
}

/** Which of them is set; that of another image is none of these. */
export function ratioKey(ratio: number | null, options: readonly RatioOption[]): string {
  return options.find((option) => option.ratio === ratio)?.value ?? '';
}
