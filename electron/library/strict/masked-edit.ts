import { statSync } from 'node:fs';
import type { ImageId } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { OutputFormat } from '../../contract/catalogue/parameters.ts';
import { formatLabel } from '../../contract/rules/parameter-rules.ts';
import { MAX_PIXELS, readHeader, readRgba, type ImageHeader, type RgbaPixels } from '../pixels/decode.ts';
import { formatSize, type Size } from '../pixels/change-messages.ts';
import { originalPath } from '../files/folders.ts';
import { inputRows } from '../jobs/generations.ts';
import type { Library } from '../files/library-handle.ts';
import { fileMissing } from '../inputs/input-files.ts';
import { readImageRow, type ImageRow } from '../images/image-rows.ts';
import { forEachRow } from '../pixels/recomposite.ts';

/** Half of what alpha can be: from here on a pixel of the mask is kept. */
const HALF = 128;
/** An answer whose shape differs by more shows another part of the scene; stretched over the first input it would not meet it. */
const MAX_ASPECT_DIFFERENCE = 1.02;

/** An image with what a strict mask needs beside it. */
export interface MaskedEdit {
  row: ImageRow;
  /** Paths of files that are there. */
  raw: string;
  first: string;
  mask: string;
}

/** @throws StudioError `not-found` */
export function requireImage({ db }: Library, imageId: ImageId): ImageRow {
  const row = readImageRow(db, imageId);
  if (row) return row;
  throw new StudioError({ code: 'not-found', message: 'This image is no longer in the library.' });
}

/** @throws StudioError `input-invalid` */
export function requireMask({ db }: Library, row: ImageRow): void {
  const roles = inputRows(db, row.generation_id).map(({ role }) => role);
  if (roles.includes('mask') && roles.includes('image')) return;
  const message =
    'This image was made without a mask, so nothing says which part of the first image has to stay. It was left as it is.';
  throw new StudioError({ code: 'input-invalid', message });
}

/**
 * The files of an edit with a mask.
 * @throws StudioError `not-found`, `input-invalid` where there was no mask, `file-missing`
 */
export function locateMaskedEdit(library: Library, imageId: ImageId): MaskedEdit {
  const row = requireImage(library, imageId);
  requireMask(library, row);
  const inputs = inputRows(library.db, row.generation_id);
  const pathOf = (role: 'image' | 'mask'): string => {
    const input = inputs.find((each) => each.role === role);
    return input ? requireFile(originalPath(library.folder, input.sha256, input.format)) : '';
  };
  const raw = requireFile(originalPath(library.folder, row.sha256, row.format));
  return { row, raw, first: pathOf('image'), mask: pathOf('mask') };
}

function requireFile(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })) throw fileMissing(path);
  return path;
}

/** The three images of a masked edit, all of the first's size. */
export interface MaskedPixels {
  first: RgbaPixels;
  answer: RgbaPixels;
  /** One byte a pixel: 1 inside the mask, 0 outside. */
  edited: Uint8Array;
  /** Of the raw answer, as it came. */
  receivedSize: Size;
}

/**
 * Decodes a masked edit.
 * @throws StudioError `image-undecodable`, `unsupported-here` for one that is too large, moves, or has another shape or mask
 */
export async function readMaskedPixels({ row, raw, first, mask }: MaskedEdit): Promise<MaskedPixels> {
  const size = await sizeOf(first, 'first image');
  const receivedSize = await answerSize(raw, row.format, size);
  const edited = await readMask(mask, size);
  const same = receivedSize.width === size.width && receivedSize.height === size.height;
  const pixels = await withSubject('answer', readRgba(raw, same ? {} : { to: size }));
  return { first: await withSubject('first image', readRgba(first)), answer: pixels, edited, receivedSize };
}

async function sizeOf(path: string, what: string): Promise<Size> {
  const { width, height } = await headerOf(path, what);
  if (width * height <= MAX_PIXELS) return { width, height };
  const max = MAX_PIXELS / 1_000_000;
  throw unsupported(
    `The ${what} is ${formatSize({ width, height })}; up to ${max} million pixels can be recomposited.`,
  );
}

async function answerSize(path: string, format: OutputFormat, first: Size): Promise<Size> {
  if (format === 'svg')
    throw unsupported('The answer is a drawing (SVG), which has no pixels to lay over the first image.');
  const { frames, width, height } = await headerOf(path, 'answer');
  if (frames > 1)
    throw unsupported(`The answer is an animation (${formatLabel(format)}), and the first image stands still.`);
  const shape = (width * first.height) / (height * first.width);
  if (Math.max(shape, 1 / shape) <= MAX_ASPECT_DIFFERENCE) return sizeOf(path, 'answer');
  throw unsupported(
    `The answer is ${formatSize({ width, height })} and the first image ${formatSize(first)}: they differ in shape, so their parts would not meet. Ask for a size of the first image’s shape.`,
  );
}

async function readMask(path: string, size: Size): Promise<Uint8Array> {
  const { data, width, height } = await withSubject('mask', readRgba(path));
  if (width !== size.width || height !== size.height)
    throw unsupported(`The mask is ${formatSize({ width, height })} and the first image ${formatSize(size)}.`);
  const edited = new Uint8Array(width * height);
  await forEachRow(size, (y) => {
    for (let at = y * width; at < (y + 1) * width; at += 1) edited[at] = (data[at * 4 + 3] ?? 0) < HALF ? 1 : 0;
  });
  return edited;
}

async function headerOf(path: string, what: string): Promise<ImageHeader> {
  return readHeader(path).catch((thrown: unknown) => {
    throw undecodable(what, thrown);
  });
}

/** Says which of the three images cannot be read. */
async function withSubject<Read>(what: string, reading: Promise<Read>): Promise<Read> {
  return reading.catch((thrown: unknown) => {
    throw thrown instanceof StudioError && thrown.code === 'image-undecodable' ? undecodable(what, thrown) : thrown;
  });
}

function undecodable(what: string, cause: unknown): StudioError {
  const message = `The file of the ${what} cannot be decoded.`;
  return new StudioError({ code: 'image-undecodable', message }, { cause });
}

function unsupported(message: string): StudioError {
  return new StudioError({ code: 'unsupported-here', message });
}
