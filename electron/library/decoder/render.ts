import { writeFile } from 'node:fs/promises';
import { StudioError } from '../../contract/errors/errors.ts';
import type { Operation } from '../decoding/operation.ts';
import { countFrames, hasGifEnd, MAX_FRAMES } from '../pixels/count-frames.ts';
import { isWholeImage } from '../files/whole-image.ts';
import { readDimensions, renderPng, renderThumbnails } from '../pixels/decode.ts';
import { convertPixels } from '../pixels/convert.ts';
import { MAX_THUMBNAIL_PIXELS } from '../pixels/limits.ts';
import type { CONVERT_IMAGE, RENDER_PNG, RENDER_THUMBNAILS } from '../pixels/operations.ts';

type Args<O> = O extends Operation<infer A, unknown> ? A : never;
type Result<O> = O extends Operation<never, infer R> ? R : never;

/** Both thumbnails of an image, or what is wrong with it. */
export async function thumbnailsOrFlaw({
  path,
  format,
}: Args<typeof RENDER_THUMBNAILS>): Promise<Result<typeof RENDER_THUMBNAILS>> {
  if ((await countFrames(path, format)) > MAX_FRAMES) return { flaw: 'too-large' };
  const size = await readDimensions(path, format);
  if (size && format !== 'svg' && size.width * size.height > MAX_THUMBNAIL_PIXELS) return { flaw: 'too-large' };
  try {
    return { size, thumbnails: await renderThumbnails(path, format, MAX_THUMBNAIL_PIXELS) };
  } catch (thrown) {
    if (!(thrown instanceof StudioError) || thrown.code !== 'image-undecodable') throw thrown;
    const whole = format === 'gif' ? await hasGifEnd(path) : await isWholeImage(path, true);
    return { flaw: whole ? 'undecodable' : 'truncated' };
  }
}

/** Writes an image as PNG. False: it would cost too much. */
export async function writePng({ path, format, to }: Args<typeof RENDER_PNG>): Promise<boolean> {
  if ((await countFrames(path, format)) > MAX_FRAMES) return false;
  const png = await renderPng(path, format);
  if (png) await writeFile(to, png, { flag: 'wx' });
  return png !== null;
}

/** Writes an image in another format or size, or says why that can't be done. */
export async function writeConverted({
  path,
  format,
  to,
  conversion,
  xmp,
}: Args<typeof CONVERT_IMAGE>): Promise<Result<typeof CONVERT_IMAGE>> {
  if ((await countFrames(path, format)) > MAX_FRAMES) return 'too-large';
  const size = await readDimensions(path, format);
  if (size && format !== 'svg' && size.width * size.height > MAX_THUMBNAIL_PIXELS) return 'too-large';
  try {
    const converted = await convertPixels(path, format, conversion, xmp);
    if (!converted) return 'too-large';
    await writeFile(to, converted.data, { flag: 'wx' });
    return converted.size;
  } catch (thrown) {
    if (!(thrown instanceof StudioError) || thrown.code !== 'image-undecodable') throw thrown;
    return 'undecodable';
  }
}
