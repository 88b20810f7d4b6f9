import { open } from 'node:fs/promises';
import sharp from 'sharp';
import type { Model } from '../contract/models.ts';
import type { Operation } from '../contract/parameters.ts';
import { alphaOf, OPEN_LIMITS, pixelsOf, type Pixels } from './drawing/pixels.ts';
import type { Upload } from './form.ts';
import { badValue, unknownParameter } from './refusal.ts';

/** The pictures that came with an edit or a variation, decoded as far as they are needed. */
export interface Inputs {
  first: Pixels;
  second: Pixels | null;
  mask: Pixels | null;
  markup: Pixels | null;
  /** Width and height of every image, for the count of tokens. */
  sizes: { width: number; height: number }[];
}

const FOUR_MEGABYTES = 4 * 1024 * 1024;

/** Checks and decodes uploads. Every fault is a 400 that names its parameter. */
export async function readInputs(operation: Operation, uploads: readonly Upload[], model: Model): Promise<Inputs> {
  for (const { field } of uploads) {
    const known = operation === 'edit' ? ['image', 'image[]', 'mask', 'markup'] : ['image'];
    if (!known.includes(field)) throw unknownParameter(field);
  }
  const images = uploads.filter(({ field }) => field === 'image' || field === 'image[]');
  const [one, two] = images;
  if (!one) throw badValue('image', "Missing required parameter: 'image'.", 'missing_required_parameter');
  if (images.length > 16) throw badValue('image', `You sent ${images.length} images. An edit takes up to 16.`);
  if (!model.streaming) await checkLegacy(images);
  const sizes = [];
  for (const image of images) sizes.push(await measure(image));
  const first = await decode(one, null);
  const mask = await readOverlay('mask', uploads, first);
  const markup = await readOverlay('markup', uploads, first);
  if (markup && !model.markup) throw badValue('markup', `${model.name} does not take a markup.`);
  if (mask && markup) throw badValue('markup', 'A request carries a mask or a markup, not both.');
  if (markup && !alphaOf(markup).includes(0)) throw badValue('markup', 'The markup has no transparent pixels.');
  return { first, second: two ? await decode(two, 256) : null, mask, markup, sizes };
}

/** dall-e-2 takes one square PNG below 4 MB. */
async function checkLegacy(images: readonly Upload[]): Promise<void> {
  const [image] = images;
  if (!image || images.length > 1) throw badValue('image', 'This model takes one image.');
  if (image.bytes >= FOUR_MEGABYTES) throw badValue('image', 'The image must be a PNG file below 4 MB.');
  if ((await kindOf(image)) !== 'png') throw badValue('image', 'The image must be a PNG file.', 'invalid_image_format');
  const { width, height } = await measure(image);
  if (width !== height) throw badValue('image', `The image must be square; this is ${width}x${height}.`);
}

async function readOverlay(
  field: 'mask' | 'markup',
  uploads: readonly Upload[],
  first: Pixels,
): Promise<Pixels | null> {
  const found = uploads.filter((upload) => upload.field === field);
  const [overlay] = found;
  if (!overlay) return null;
  if (found.length > 1) throw badValue(field, `A request takes one ${field}.`);
  if (field === 'mask' && overlay.bytes >= FOUR_MEGABYTES)
    throw badValue(field, 'The mask must be a PNG file below 4 MB.', 'image_too_large');
  if ((await kindOf(overlay)) !== 'png')
    throw badValue(field, `The ${field} must be a PNG file.`, 'invalid_image_format');
  const pixels = await decode(overlay, null);
  if (pixels.width !== first.width || pixels.height !== first.height) {
    throw badValue(
      field,
      `The ${field} is ${pixels.width}x${pixels.height}, the first image ${first.width}x${first.height}. They must be the same size.`,
    );
  }
  if (pixels.channels !== 4)
    throw badValue(field, `The ${field} has no alpha channel.`, `invalid_${field}_image_format`);
  return pixels;
}

/** By its first bytes. Nothing else is opened: no SVG, no PDF, no TIFF. */
async function kindOf(upload: Upload): Promise<'png' | 'jpeg' | 'webp' | null> {
  const file = await open(upload.path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0);
    const head = buffer.subarray(0, bytesRead).toString('latin1');
    if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
    if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
    return head.startsWith('RIFF') && head.slice(8) === 'WEBP' ? 'webp' : null;
  } finally {
    await file.close();
  }
}

async function measure(upload: Upload): Promise<{ width: number; height: number }> {
  if ((await kindOf(upload)) === null) throw notAPicture(upload);
  try {
    const { autoOrient } = await sharp(upload.path, OPEN_LIMITS).metadata();
    return { width: autoOrient.width, height: autoOrient.height };
  } catch (cause) {
    throw notAPicture(upload, cause);
  }
}

/** Upright pixels, no larger than `most` at the longer edge where that is given. */
async function decode(upload: Upload, most: number | null): Promise<Pixels> {
  try {
    const whole = sharp(upload.path, OPEN_LIMITS).autoOrient();
    return await pixelsOf(
      most === null ? whole : whole.resize(most, most, { fit: 'inside', withoutEnlargement: true }),
    );
  } catch (cause) {
    throw notAPicture(upload, cause);
  }
}

function notAPicture({ field }: Upload, cause?: unknown) {
  const param = field.replace('[]', '');
  const refusal = badValue(
    param,
    `'${param}' is not a picture that we can read. Supported are PNG, JPEG and WebP below 50 MB and 36 megapixels.`,
    'invalid_image_file',
  );
  if (cause !== undefined) refusal.cause = cause;
  return refusal;
}
