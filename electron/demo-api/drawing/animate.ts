import sharp from 'sharp';
import { applyLight, NEUTRAL_LIGHT } from './light.ts';
import { ownedBuffer, pixelsOf, sharpFrom, type Pixels } from './pixels.ts';

/**
 * Returns a looping GIF: the camera zooms in and out and the light rotates, so the last frame matches the first. `duration` of one
 * frame, ms.
 */
export async function animate(image: Pixels, frames: number, duration: number, seed: number): Promise<Buffer> {
  const { width, height, channels } = image;
  const shots: Buffer[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const turn = (2 * Math.PI * frame) / frames;
    const closer = 1 + 0.05 * (1 - Math.cos(turn));
    const crop = { width: Math.floor(width / closer), height: Math.floor(height / closer) };
    const moved = await pixelsOf(
      sharpFrom(image)
        .extract({ ...crop, left: Math.floor((width - crop.width) / 2), top: Math.floor((height - crop.height) / 2) })
        .resize(width, height, { fit: 'fill', kernel: 'cubic' }),
    );
    shots.push(applyLight(moved, { ...NEUTRAL_LIGHT, fall: 0.14, angle: turn + seed }, seed).data);
  }
  const gif = await sharp(Buffer.concat(shots), {
    raw: { width, height: height * frames, channels, pageHeight: height },
  })
    .gif({
      delay: Array.from({ length: frames }, () => Math.min(655_350, Math.round(duration / 10) * 10)),
      loop: 0,
      effort: 2,
      dither: 0.6,
    })
    .toBuffer();
  return ownedBuffer(gif);
}
