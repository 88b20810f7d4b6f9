import { open } from 'node:fs/promises';
import sharp from 'sharp';
import type { InputRole } from '../../contract/entities/requests.ts';
import { checkInputs, type InputFacts, type InputProblem } from '../../contract/rules/input-rules.ts';
import type { Model } from '../../contract/catalogue/models.ts';
import type { Operation, OutputFormat } from '../../contract/catalogue/parameters.ts';
import { MAX_INPUT_PIXELS } from '../../contract/rules/pixel-limits.ts';
import { inspectMask } from '../../contract/rules/mask-rules.ts';
import type { InputDetails } from '../../contract/entities/inputs.ts';
import { alphaOf, MAX_DECODED_EDGE, OPEN_LIMITS, pixelsOf, type Pixels } from '../drawing/pixels.ts';
import type { Upload } from './form.ts';
import { invalidValue, unknownParameter } from './api-error.ts';

/** The images of an edit or a variation, decoded as far as needed. */
export interface Inputs {
  first: Pixels;
  second: Pixels | null;
  mask: Pixels | null;
  markup: Pixels | null;
  /** Sizes of all images, px, for the token count. */
  sizes: { width: number; height: number }[];
}

/**
 * Validates uploads by the form's rules and decodes them, applying the EXIF orientation.
 * @throws ApiError 400 with the parameter's name
 */
export async function readInputs(
  operation: Operation,
  uploads: readonly Upload[],
  model: Model,
  format: OutputFormat | null,
): Promise<Inputs> {
  for (const { field } of uploads) {
    const known = operation === 'edit' ? ['image', 'image[]', 'mask', 'markup'] : ['image'];
    if (!known.includes(field)) throw unknownParameter(field);
  }
  const images = uploads.filter((upload) => roleOf(upload) === 'image');
  const [one, two] = images;
  if (!one) throw invalidValue('image', "Missing required parameter: 'image'.", 'missing_required_parameter');
  const overlays: { mask: Pixels | null; markup: Pixels | null } = { mask: null, markup: null };
  const sizes: { width: number; height: number }[] = [];
  const facts: InputFacts[] = [];
  for (const upload of uploads) {
    const role = roleOf(upload);
    rejectOversizedMask(upload, model);
    const measured = await readDimensions(upload);
    const pixels = role === 'image' ? null : await decode(upload, MAX_DECODED_EDGE);
    const alpha = { hasAlpha: isTranslucent(pixels), details: detailsOf(pixels) };
    facts.push({ ...measured, role, bytes: upload.bytes, frames: 1, ...alpha });
    if (role === 'image') sizes.push({ width: measured.width, height: measured.height });
    else overlays[role] ??= pixels;
  }
  const [problem] = checkInputs(operation, facts, model, format);
  if (problem) throw invalidValue(problem.field, problem.message, codeOf(problem, facts));
  return {
    first: await decode(one, MAX_DECODED_EDGE),
    second: two ? await decode(two, 256) : null,
    ...overlays,
    sizes,
  };
}

/** Checked before decoding. */
function rejectOversizedMask(upload: Upload, { maskByteLimit }: Model): void {
  if (roleOf(upload) === 'mask' && maskByteLimit !== null && upload.bytes >= maskByteLimit)
    throw invalidValue('mask', 'The mask must be a PNG file below 4 MB.', 'image_too_large');
}

function roleOf({ field }: Upload): InputRole {
  return field === 'mask' || field === 'markup' ? field : 'image';
}

/** The API's specific error code, if it has one. */
function codeOf({ role, position }: InputProblem, facts: readonly InputFacts[]): string {
  const fact = facts.filter((other) => other.role === role)[position];
  if (role === 'image' || !fact) return 'invalid_value';
  if (fact.format !== 'png') return 'invalid_image_format';
  return fact.hasAlpha ? 'invalid_value' : `invalid_${role}_image_format`;
}

/** What the rules need to know of a mask's pixels; the same rule as the form's. */
function detailsOf(pixels: Pixels | null): InputDetails | null {
  if (pixels?.channels !== 4) return null;
  return { depth: 8, colour: 'srgb', mask: inspectMask(pixels.data), carries: [] };
}

function isTranslucent(pixels: Pixels | null): boolean {
  return pixels !== null && pixels.channels === 4 && alphaOf(pixels).some((alpha) => alpha < 255);
}

/** Detected by the first bytes. Other formats, such as SVG, PDF and TIFF, aren't opened. */
async function detectFormat(upload: Upload): Promise<'png' | 'jpeg' | 'webp' | null> {
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

async function readDimensions(upload: Upload): Promise<Pick<InputFacts, 'format' | 'width' | 'height'>> {
  const format = await detectFormat(upload);
  if (format === null) throw unreadableImage(upload);
  try {
    const { autoOrient } = await sharp(upload.path, OPEN_LIMITS).metadata();
    return { format, width: autoOrient.width, height: autoOrient.height };
  } catch (cause) {
    throw unreadableImage(upload, cause);
  }
}

/** Pixels with the orientation applied; `max`: longest edge, px. */
async function decode(upload: Upload, max: number): Promise<Pixels> {
  try {
    const { depth } = await sharp(upload.path, OPEN_LIMITS).metadata();
    const opened = sharp(upload.path, OPEN_LIMITS);
    // sharp applies a profile rightly to 8 bits only.
    const whole = (depth === 'ushort' ? opened.pipelineColourspace('srgb') : opened).autoOrient();
    return await pixelsOf(whole.resize(max, max, { fit: 'inside', withoutEnlargement: true }));
  } catch (cause) {
    throw unreadableImage(upload, cause);
  }
}

function unreadableImage({ field }: Upload, cause?: unknown) {
  const param = field.replace('[]', '');
  const refusal = invalidValue(
    param,
    `'${param}' is not an image that we can read. Supported are PNG, JPEG and WebP below 50 MB and ${MAX_INPUT_PIXELS / 1_000_000} megapixels.`,
    'invalid_image_file',
  );
  if (cause !== undefined) refusal.cause = cause;
  return refusal;
}
