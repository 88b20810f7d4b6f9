import sharp from 'sharp';
import { alphaOf, ownedBuffer, type Pixels, type Weights } from './pixels.ts';

/** Returns the region that a mask marks: 255 where its alpha is 0, otherwise 0. Scaled to the output's size without smoothing. */
export async function regionOfMask(mask: Pixels, width: number, height: number): Promise<Weights> {
  const region = alphaOf(mask).map((alpha) => (alpha === 0 ? 255 : 0));
  return { data: await scaled(Buffer.from(region), mask, width, height, 'nearest'), width, height };
}

/** Returns the region of a markup's strokes, with a margin. */
export async function regionOfMarkup(markup: Pixels, width: number, height: number): Promise<Weights> {
  const small = { width: 128, height: Math.max(1, Math.round((128 * markup.height) / markup.width)) };
  const strokes = await scaled(alphaOf(markup), markup, small.width, small.height, 'cubic');
  const wide = await sharp(strokes, { raw: { ...small, channels: 1 } })
    .blur(3)
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const region = Buffer.from(wide.map((share) => (share > 10 ? 255 : 0)));
  return { data: await scaled(region, small, width, height, 'nearest'), width, height };
}

/** Feathers the region's inner edge. Outside it every weight stays 0, so no pixel there changes. */
export async function featherRegion(region: Weights): Promise<Weights> {
  const { width, height } = region;
  const small = { width: 256, height: Math.max(1, Math.round((256 * height) / width)) };
  const tiny = await scaled(region.data, region, small.width, small.height, 'cubic');
  const soft = await sharp(tiny, { raw: { ...small, channels: 1 } })
    .blur(1.6)
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const weights = await scaled(ownedBuffer(soft), small, width, height, 'cubic');
  const data = Buffer.from(
    weights.map((share, at) => (region.data[at] === 255 ? Math.max(0, Math.min(255, (share - 96) * 2)) : 0)),
  );
  return { data, width, height };
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Returns the region's bounding box, or null if it's empty. */
export function boundingBox(region: Weights): Box | null {
  let [left, top, right, bottom] = [region.width, region.height, -1, -1];
  for (let y = 0, at = 0; y < region.height; y++) {
    for (let x = 0; x < region.width; x++, at++) {
      if (region.data[at] === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

async function scaled(
  data: Buffer,
  from: { width: number; height: number },
  width: number,
  height: number,
  kernel: 'nearest' | 'cubic',
): Promise<Buffer> {
  if (from.width === width && from.height === height) return data;
  const shares = await sharp(data, { raw: { width: from.width, height: from.height, channels: 1 } })
    .resize(width, height, { fit: 'fill', kernel })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return ownedBuffer(shares);
}
