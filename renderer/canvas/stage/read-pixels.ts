import type { Size } from '../../stage/geometry.ts';

/** The pixels of an image element as displayed, with its EXIF orientation; null until it is loaded. */
export function readPixels(image: HTMLImageElement, { width, height }: Size): ImageData | null {
  if (!image.complete || image.naturalWidth === 0) return null;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
