import sharp from 'sharp';
import { blend, ownedBuffer, pixelsOf, sharpFrom, type Pixels } from './pixels.ts';

/** Maximum colour difference between neighbouring background pixels, summed over three channels of 0 to 255. */
const STEP = 14;
const EDGE = 384;

/** Makes the background transparent: everything reachable from the edges without a sharp change of colour. */
export async function removeBackground(image: Pixels): Promise<Pixels> {
  const ratio = EDGE / Math.max(image.width, image.height);
  const [width, height] = [Math.max(2, Math.round(image.width * ratio)), Math.max(2, Math.round(image.height * ratio))];
  const small = await pixelsOf(sharpFrom(image).removeAlpha().resize(width, height, { fit: 'fill' }).blur(0.8));
  const alpha = Buffer.alloc(width * height, 255);
  const queue: number[] = [];
  const take = (pixel: number): void => {
    if (alpha[pixel] === 0) return;
    alpha[pixel] = 0;
    queue.push(pixel);
  };
  for (let x = 0; x < width; x++) [x, (height - 1) * width + x].forEach(take);
  for (let y = 0; y < height; y++) [y * width, y * width + width - 1].forEach(take);
  const apart = (a: number, b: number): number =>
    [0, 1, 2].reduce(
      (sum, channel) => sum + Math.abs((small.data[a * 3 + channel] ?? 0) - (small.data[b * 3 + channel] ?? 0)),
      0,
    );
  for (let pixel = queue.pop(); pixel !== undefined; pixel = queue.pop()) {
    const from = pixel;
    const x = from % width;
    const around = [
      x > 0 ? from - 1 : -1,
      x < width - 1 ? from + 1 : -1,
      from - width,
      from + width < width * height ? from + width : -1,
    ];
    for (const next of around) if (next >= 0 && alpha[next] !== 0 && apart(from, next) < STEP) take(next);
  }
  const soft = await sharp(alpha, { raw: { width, height, channels: 1 } })
    .blur(0.9)
    .resize(image.width, image.height, { fit: 'fill', kernel: 'cubic' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return withAlpha(image, ownedBuffer(soft));
}

/** Returns the image with another alpha channel. */
export function withAlpha(image: Pixels, alpha: Buffer): Pixels {
  const { width, height } = image;
  const clear: Pixels = { data: Buffer.alloc(width * height * 4), width, height, channels: 4 };
  const whole = blend(clear, image, { data: Buffer.alloc(width * height, 255), width, height });
  for (let pixel = 0; pixel < width * height; pixel++) whole.data[pixel * 4 + 3] = alpha[pixel] ?? 255;
  return whole;
}
