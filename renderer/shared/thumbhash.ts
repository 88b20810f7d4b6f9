import { thumbHashToRGBA } from 'thumbhash';

/** Paints the blurred picture that a thumbhash (base64, about 25 bytes) stands for. A broken one paints nothing. */
export function paintThumbhash(canvas: HTMLCanvasElement, thumbhash: string): void {
  let picture: ReturnType<typeof thumbHashToRGBA>;
  try {
    picture = thumbHashToRGBA(Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0)));
  } catch {
    // A placeholder only: without it the frame is plain.
    return;
  }
  canvas.width = picture.w;
  canvas.height = picture.h;
  canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(picture.rgba), picture.w, picture.h), 0, 0);
}
