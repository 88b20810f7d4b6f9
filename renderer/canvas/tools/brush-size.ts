import type { Size } from '../../stage/geometry.ts';

/** Brush diameters, image pixels. */
export const BRUSH_SIZES = { min: 1, max: 1000 } as const;

/** The next larger (1) or smaller (-1) diameter: by about an eighth, at least one pixel. */
export function nextBrushSize(size: number, direction: 1 | -1): number {
  const step = Math.max(1, Math.round(size / 8));
  return Math.min(BRUSH_SIZES.max, Math.max(BRUSH_SIZES.min, Math.round(size) + direction * step));
}

/** The next softer (1) or harder (-1) edge, in tenths. */
export function nextSoftness(softness: number, direction: 1 | -1): number {
  return Math.min(1, Math.max(0, Math.round(softness * 10 + direction) / 10));
}

/** The slider's largest diameter for an image; small enough that small diameters are easy to choose. */
export function sliderReach({ width, height }: Size, size: number): number {
  const reach = Math.ceil(Math.min(width, height) / 4 / 8) * 8;
  return Math.min(BRUSH_SIZES.max, Math.max(256, reach, size));
}
