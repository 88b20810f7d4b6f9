import type { Size } from '../../stage/geometry.ts';

/** The pixels of an image that is on the page, as it is seen: turned as its file says. Null while it has not come. */
export function readPixels(image: HTMLImageElement, { width, height }: Size): ImageData | null {
  if (!image.complete || image.naturalWidth === 0) return null;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
