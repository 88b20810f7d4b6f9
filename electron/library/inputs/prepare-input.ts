import { rm, stat } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import type { InputImage } from '../../contract/entities/inputs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { InputPreparation } from '../../contract/entities/input-preparation.ts';
import { formatLabel } from '../../contract/rules/parameter-rules.ts';
import { openPixels, readColour, type FileColour } from '../pixels/colour/file-colour.ts';
import {
  formatBytes,
  saveMessage,
  scaleMessage,
  formatSize,
  rotationMessage,
  type Size,
} from '../pixels/change-messages.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { isLosslessWebp } from '../pixels/webp-kind.ts';
import { stripMetadata } from '../pixels/metadata/strip-metadata.ts';
import { carriedLabel } from '../../contract/rules/carried-metadata.ts';
import type { CarriedKind } from '../../contract/entities/inputs.ts';
import { readChanges, readDetails, rowToInputImage, requireInput, type InputFileRow } from './input-files.ts';
import { MAX_INPUT_PIXELS } from '../../contract/rules/pixel-limits.ts';
import { colourChanges, hasMetadata } from '../pixels/metadata-changes.ts';
import { PREPARE_INPUT, type PrepareArgs } from './operations.ts';
import { toInputError } from './refusal.ts';
import { storeInput, stagingPath } from './add-input.ts';
import { writePixels, hashWrittenFile } from '../pixels/write-pixels.ts';

type StillFormat = NonNullable<InputPreparation['format']>;

/** How an image will be written, decided before any pixel is read. */
interface Plan {
  source: InputFileRow;
  path: string;
  format: StillFormat;
  /** As displayed; after it is made square; as written. */
  from: Size;
  shaped: Size;
  to: Size;
  square: InputPreparation['square'] | null;
  below: number;
  colour: FileColour;
  /** A WebP that lost nothing when it was made, and is written without loss as long as it is small enough. */
  lossless: boolean;
}

/** JPEG and WebP qualities, tried in order before the image is scaled down. */
const QUALITIES = [92, 85, 78] as const;
const WHITE = '#ffffff';
const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 } as const;

/**
 * Makes an input from another one as requested, always upright, and lists in `changes` what was done; the source stays. If
 * nothing needs to be done, the source itself is returned.
 * @throws StudioError `not-found`, `file-missing`, `input-invalid` if it can't be made small enough, `disk-full`,
 *   `disk-unwritable`
 */
export async function prepareInput(library: Library, options: InputPreparation): Promise<InputImage> {
  const source = requireInput(library, options.sha256);
  const from = originalPath(library.folder, source.sha256, source.format);
  const path = stagingPath(library);
  try {
    const made = await library.decoding.run(PREPARE_INPUT, { source, options, from, to: path });
    if (made === null) return rowToInputImage(source);
    const changes = [...readChanges(source), ...made];
    return await storeInput(library, await hashWrittenFile(path), {
      name: source.name,
      image: source.image_id,
      changes,
    });
  } catch (thrown) {
    const explained = toInputError(thrown, 'It wasn’t changed.');
    throw toDiskError(explained, { folder: library.folder, detail: 'The image wasn’t changed.' });
  } finally {
    await rm(path, { force: true });
  }
}

/** The part of {@link prepareInput} that opens files; see `PREPARE_INPUT`. */
export async function preparePixels({ source, options, from, to }: PrepareArgs): Promise<string[] | null> {
  const plan = await createPlan(from, source, options);
  if (!isReady(plan)) return rewrite(plan, to);
  const carried = options.strip === true ? (readDetails(source)?.carries ?? []) : [];
  return carried.length === 0 ? null : strip(plan, to, carried);
}

/** Nothing but metadata is removed. Returns the changes. */
async function strip({ source, path }: Plan, to: string, carried: readonly CarriedKind[]): Promise<string[]> {
  if (await stripMetadata(path, source.format, to)) return [`Removed ${carriedLabel(carried)}.`];
  const message = 'The metadata of this image can’t be removed: its file is damaged. It wasn’t changed.';
  throw new StudioError({ code: 'input-invalid', message });
}

async function rewrite(plan: Plan, path: string): Promise<string[]> {
  const { written, bytes } = await writeBelowLimit(plan, path);
  return listChanges(written, bytes);
}

async function createPlan(path: string, source: InputFileRow, options: InputPreparation): Promise<Plan> {
  const from = { width: source.width, height: source.height };
  const square = options.square !== undefined && from.width !== from.height ? options.square : null;
  const edge = square === 'crop' ? Math.min(from.width, from.height) : Math.max(from.width, from.height);
  const shaped = square === null ? from : { width: edge, height: edge };
  const format = options.format ?? stillFormat(source);
  return {
    source,
    path,
    format,
    colour: await readColour(path),
    lossless: format === 'webp' && source.format === 'webp' && (await isLosslessWebp(path)),
    from,
    shaped,
    to: within(shaped, options.longestEdge ?? Infinity),
    square,
    below: options.below ?? Infinity,
  };
}

function stillFormat({ format }: InputFileRow): StillFormat {
  return format === 'jpeg' || format === 'webp' ? format : 'png';
}

/** Whether the file already is as requested. */
function isReady({ source, format, square, shaped, to, below, colour }: Plan): boolean {
  const still = source.orientation === 1 && source.frames === 1;
  // What servers can't read is converted; a profile is left to them.
  const isReadable = colour.space !== 'cmyk' && colour.from !== 'built';
  return (
    still &&
    isReadable &&
    source.format === format &&
    square === null &&
    to.width === shaped.width &&
    source.bytes < below
  );
}

/** The same aspect ratio with no edge longer than `edge`; never enlarged, at least 1 pixel. */
function within({ width, height }: Size, edge: number): Size {
  const scale = Math.min(1, edge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Writes the image with lower quality, then smaller, until its file is below the limit. */
async function writeBelowLimit(plan: Plan, path: string): Promise<{ written: Plan; bytes: number }> {
  if (plan.lossless) {
    const bytes = await writePlan(plan, path, 100);
    if (bytes < plan.below) return { written: plan, bytes };
    return writeBelowLimit({ ...plan, lossless: false }, path);
  }
  const lossy = plan.format !== 'png';
  let best = { written: plan, bytes: 0 };
  for (const quality of lossy ? QUALITIES : QUALITIES.slice(0, 1)) {
    best = { written: plan, bytes: await writePlan(plan, path, quality) };
    if (best.bytes < plan.below) return best;
  }
  const quality = lossy ? (QUALITIES.at(-1) ?? 0) : 0;
  while (Math.max(best.written.to.width, best.written.to.height) > 16) {
    // Slightly below the proportional pixel count, so a third attempt is rarely needed.
    const scale = Math.min(0.9, Math.sqrt(plan.below / best.bytes) * 0.96);
    const { width, height } = best.written.to;
    const written = { ...plan, to: within(best.written.to, Math.floor(Math.max(width, height) * scale)) };
    best = { written, bytes: await writePlan(written, path, quality) };
    if (best.bytes < plan.below) return best;
  }
  const message = `This image can’t be made smaller than ${formatBytes(plan.below)} as ${formatLabel(plan.format)}. It wasn’t changed.`;
  throw new StudioError({ code: 'input-invalid', message });
}

async function writePlan(plan: Plan, path: string, quality: number): Promise<number> {
  await writePixels(encode(await shape(plan), plan, quality), path);
  return (await stat(path)).size;
}

/** Upright, of the requested shape and size, in sRGB with 8 bits per channel. */
async function shape({ path, to, shaped, from, square, format }: Plan): Promise<Sharp> {
  const upright = await openPixels(path, MAX_INPUT_PIXELS);
  const fit = square === 'crop' ? 'cover' : square === 'pad' ? 'contain' : 'fill';
  const sized =
    to.width === from.width && to.height === from.height && to.width === shaped.width
      ? upright
      : upright.resize(to.width, to.height, { fit, position: 'centre', background: CLEAR });
  return format === 'jpeg' ? sized.flatten({ background: WHITE }) : sized;
}

function encode(pixels: Sharp, { format, lossless }: Plan, quality: number): Sharp {
  if (lossless) return pixels.webp({ lossless: true, exact: true, effort: 4 });
  if (format === 'jpeg') return pixels.jpeg({ quality, chromaSubsampling: '4:4:4', mozjpeg: false });
  if (format === 'webp') return pixels.webp({ quality, alphaQuality: 100, effort: 4 });
  return pixels.png({ compressionLevel: 9 });
}

async function listChanges(plan: Plan, bytes: number): Promise<string[]> {
  const { source, path, from, shaped, to, square, format, colour, lossless } = plan;
  const changes = [
    ...colourChanges(colour),
    rotationMessage(source.orientation),
    source.frames > 1 ? `Used the first of ${source.frames} frames.` : null,
    square === 'crop' ? `Cropped from ${formatSize(from)} to the centre square.` : null,
    square === 'pad' ? `Padded from ${formatSize(from)} to a square.` : null,
    scaleMessage(shaped, to),
    format === 'jpeg' && (source.has_alpha === 1 || square === 'pad')
      ? 'Replaced transparency with white: JPEG has none.'
      : null,
    await removedMetadata(source, path),
    !lossless && format === 'webp' && source.format === 'webp' && (await isLosslessWebp(path))
      ? 'Compressed with loss: without, the file is too large.'
      : null,
    saveMessage(format, bytes, source.bytes),
  ];
  return changes.filter((change) => change !== null);
}

/** A file that is written again has lost its metadata. */
async function removedMetadata(source: InputFileRow, path: string): Promise<string | null> {
  const carries = readDetails(source)?.carries ?? [];
  if (carries.length > 0) return `Removed ${carriedLabel(carries)}.`;
  return (await hasMetadata(path)) ? 'Removed metadata.' : null;
}
