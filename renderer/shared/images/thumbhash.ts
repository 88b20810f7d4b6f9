import { thumbHashToRGBA } from 'thumbhash';

/** Paints the blurred placeholder of a thumbhash (base64, about 25 bytes). Paints nothing if the hash is invalid. */
export function paintThumbhash(canvas: HTMLCanvasElement, thumbhash: string): void {
  try {
    const { w, h, rgba } = thumbHashToRGBA(Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0)));
    const pixels = new ImageData(new Uint8ClampedArray(rgba), w, h);
    [canvas.width, canvas.height] = [w, h];
    canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  } catch {
    // The placeholder is optional: the frame stays plain.
  }
}
