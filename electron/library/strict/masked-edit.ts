import type { ImageId } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { editsAlpha } from '../../contract/rules/mask-rules.ts';
import { strictResponseProblem } from '../../contract/rules/strict-rules.ts';
import {
  readOwnPixels,
  readOwnSpace,
  readPixelsInto,
  type OwnPixels,
  type OwnSpace,
} from '../pixels/colour/own-pixels.ts';
import { readHeader, readRgba, toDecodeError, type ImageHeader } from '../pixels/decode.ts';
import { formatSize, type Size } from '../pixels/change-messages.ts';
import { createSerialQueue } from '../pixels/serial-queue.ts';
import { originalPath } from '../files/folders.ts';
import { inputRows, type InputRow } from '../jobs/generations.ts';
import type { Readable } from '../db/database.ts';
import type { Library } from '../files/library-handle.ts';
import { requireFile } from '../files/require-file.ts';
import { requireImageRow, type ImageRow } from '../images/image-rows.ts';
import type { EditFiles } from './operations.ts';
import { forEachRow } from '../pixels/recomposite.ts';

/** Strict masks and heat maps share one queue: each holds two decoded images. */
export const runMaskedEdit = createSerialQueue();

/** @throws StudioError `input-invalid` if the image was made without a mask */
export function requireMask({ db }: Library, row: ImageRow): void {
  const roles = sentInputs(db, row).map(({ role }) => role);
  if (roles.includes('mask') && roles.includes('image')) return;
  const message = 'This image was created without a mask, so a strict mask can’t be applied. Nothing was changed.';
  throw new StudioError({ code: 'input-invalid', message });
}

/**
 * The files of an edit with a mask.
 * @throws StudioError `not-found`, `input-invalid` if there was no mask, `file-missing`
 */
export function locateMaskedEdit(library: Library, imageId: ImageId): EditFiles {
  const row = requireImageRow(library.db, imageId);
  requireMask(library, row);
  const inputs = sentInputs(library.db, row);
  const pathOf = (role: 'image' | 'mask'): string => {
    const input = inputs.find((each) => each.role === role);
    return input ? requireFile(originalPath(library.folder, input.sha256, input.format)) : '';
  };
  const raw = requireFile(originalPath(library.folder, row.sha256, row.format));
  return { raw, format: row.format, first: pathOf('image'), mask: pathOf('mask') };
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
export async function readMaskedPixels({ raw, format, first, mask }: EditFiles): Promise<MaskedPixels> {
  const { width, height } = await headerOf(first, 'first image');
  const size = { width, height };
  const response = format === 'svg' ? { ...size, frames: 1 } : await headerOf(raw, 'response');
  const problem = strictResponseProblem(size, { ...response, format });
  if (problem !== null) throw unsupported(problem);
  const receivedSize = { width: response.width, height: response.height };
  const edited = await readMask(mask, size);
  const same = receivedSize.width === size.width && receivedSize.height === size.height;
  const space = await withSubject('first image', readOwnSpace(first));
  const answer = await withSubject('response', readPixelsInto(raw, space, same ? null : size));
  const own = await withSubject('first image', readOwnPixels(first, space));
  return { first: own, answer, space, edited, receivedSize };
}

async function readMask(path: string, size: Size): Promise<Uint8Array> {
  const { data, width, height } = await withSubject('mask', readRgba(path));
  if (width !== size.width || height !== size.height)
    throw unsupported(
      `The mask is ${formatSize({ width, height })} and the first image ${formatSize(size)}; they must be the same size.`,
    );
  const edited = new Uint8Array(width * height);
  await forEachRow(size, (y) => {
    for (let at = y * width; at < (y + 1) * width; at += 1) edited[at] = editsAlpha(data[at * 4 + 3] ?? 0) ? 1 : 0;
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

/** What was sent for an image; nothing for an imported one. */
function sentInputs(db: Readable, { generation_id: generation }: Pick<ImageRow, 'generation_id'>): InputRow[] {
  return generation === null ? [] : inputRows(db, generation);
}
