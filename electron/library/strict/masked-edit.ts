import type { ImageId } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { formatLabel } from '../../contract/rules/parameter-rules.ts';
import {
  readOwnPixels,
  readOwnSpace,
  readPixelsInto,
  type OwnPixels,
  type OwnSpace,
} from '../pixels/colour/own-pixels.ts';
import { readHeader, readRgba, toDecodeError, type ImageHeader } from '../pixels/decode.ts';
import { MAX_PIXELS } from '../pixels/limits.ts';
import { formatSize, type Size } from '../pixels/change-messages.ts';
import { createSerialQueue } from '../pixels/serial-queue.ts';
import { originalPath } from '../files/folders.ts';
import { inputRows } from '../jobs/generations.ts';
import type { Library } from '../files/library-handle.ts';
import { requireFile } from '../files/require-file.ts';
import { requireImageRow, type ImageRow } from '../images/image-rows.ts';
import { forEachRow } from '../pixels/recomposite.ts';

/** Half of alpha's range: from here a mask's pixel means "keep". */
const HALF = 128;
/**
 * A response whose aspect ratio differs by more shows another part of the scene; stretched over the first input it wouldn't
 * match.
 */
const MAX_ASPECT_DIFFERENCE = 1.02;

/** Strict masks and heat maps share one queue: each holds two decoded images. */
export const runMaskedEdit = createSerialQueue();

/** An image with the files its strict mask needs. */
export interface MaskedEdit {
  row: ImageRow;
  /** Paths of existing files. */
  raw: string;
  first: string;
  mask: string;
}

/** @throws StudioError `input-invalid` if the image was made without a mask */
export function requireMask({ db }: Library, row: ImageRow): void {
  const roles = inputRows(db, row.generation_id).map(({ role }) => role);
  if (roles.includes('mask') && roles.includes('image')) return;
  const message = 'This image was created without a mask, so a strict mask can’t be applied. Nothing was changed.';
  throw new StudioError({ code: 'input-invalid', message });
}

/**
 * The files of an edit with a mask.
 * @throws StudioError `not-found`, `input-invalid` if there was no mask, `file-missing`
 */
export function locateMaskedEdit(library: Library, imageId: ImageId): MaskedEdit {
  const row = requireImageRow(library.db, imageId);
  requireMask(library, row);
  const inputs = inputRows(library.db, row.generation_id);
  const pathOf = (role: 'image' | 'mask'): string => {
    const input = inputs.find((each) => each.role === role);
    return input ? requireFile(originalPath(library.folder, input.sha256, input.format)) : '';
  };
  const raw = requireFile(originalPath(library.folder, row.sha256, row.format));
  return { row, raw, first: pathOf('image'), mask: pathOf('mask') };
}

/** The three images of a masked edit, all of the first input's size. */
export interface MaskedPixels {
  first: OwnPixels;
  /** In the first input's colour space and depth. */
  answer: OwnPixels;
  space: OwnSpace;
  /** One byte per pixel: 1 inside the mask, 0 outside. */
  edited: Uint8Array;
  /** Size of the response as received. */
  receivedSize: Size;
}

/**
 * Decodes a masked edit.
 * @throws StudioError `image-undecodable`, `unsupported-here` if it is too large, animated, or its shape or mask doesn't match
 */
export async function readMaskedPixels({ row, raw, first, mask }: MaskedEdit): Promise<MaskedPixels> {
  const size = await sizeOf(first, 'first image');
  const receivedSize = await answerSize(raw, row.format, size);
  const edited = await readMask(mask, size);
  const same = receivedSize.width === size.width && receivedSize.height === size.height;
  const space = await withSubject('first image', readOwnSpace(first));
  const answer = await withSubject('response', readPixelsInto(raw, space, same ? null : size));
  const own = await withSubject('first image', readOwnPixels(first, space));
  return { first: own, answer, space, edited, receivedSize };
}

async function sizeOf(path: string, what: string): Promise<Size> {
  const { width, height } = await headerOf(path, what);
  if (width * height <= MAX_PIXELS) return { width, height };
  const max = MAX_PIXELS / 1_000_000;
  throw unsupported(
    `The ${what} is ${formatSize({ width, height })}; strict masks support up to ${max} million pixels.`,
  );
}

async function answerSize(path: string, format: FileFormat, first: Size): Promise<Size> {
  if (format === 'svg') throw unsupported('The response is an SVG; strict masks need pixels.');
  const { frames, width, height } = await headerOf(path, 'response');
  if (frames > 1)
    throw unsupported(`The response is an animation (${formatLabel(format)}); strict masks need a still image.`);
  const shape = (width * first.height) / (height * first.width);
  if (Math.max(shape, 1 / shape) <= MAX_ASPECT_DIFFERENCE) return sizeOf(path, 'response');
  throw unsupported(
    `The response is ${formatSize({ width, height })} and the first image ${formatSize(first)}; their aspect ratios differ. Choose a size with the first image’s aspect ratio.`,
  );
}

async function readMask(path: string, size: Size): Promise<Uint8Array> {
  const { data, width, height } = await withSubject('mask', readRgba(path));
  if (width !== size.width || height !== size.height)
    throw unsupported(
      `The mask is ${formatSize({ width, height })} and the first image ${formatSize(size)}; they must be the same size.`,
    );
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

/** Names the image that can't be decoded in the error. */
async function withSubject<Read>(what: string, reading: Promise<Read>): Promise<Read> {
  return reading.catch((thrown: unknown) => {
    const explained = toDecodeError(thrown);
    const damaged = explained instanceof StudioError && explained.code === 'image-undecodable';
    throw damaged ? undecodable(what, explained) : explained;
  });
}

function undecodable(what: string, cause: unknown): StudioError {
  const message = `The ${what}’s file can’t be decoded.`;
  return new StudioError({ code: 'image-undecodable', message }, { cause });
}

function unsupported(message: string): StudioError {
  return new StudioError({ code: 'unsupported-here', message });
}
