import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { ImageId } from '../../contract/entities/ids.ts';
import type { Image } from '../../contract/entities/images.ts';
import type { StrictMaskResult } from '../../contract/entities/strict-mask-result.ts';
import { toErrorReport } from '../../contract/errors/errors.ts';
import { transact } from '../db/database.ts';
import { fromOwnPixels, writeOwnPng } from '../pixels/colour/own-pixels.ts';
import { colourChanges } from '../pixels/metadata-changes.ts';
import { readColour } from '../pixels/colour/file-colour.ts';
import { scaleMessage } from '../pixels/change-messages.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { originalPath } from '../files/folders.ts';
import { markSidecarOutdated, sidecarOf } from '../files/sidecar-marks.ts';
import type { Library } from '../files/library-handle.ts';
import { truncateName } from '../inputs/input-files.ts';
import { locateMaskedEdit, readMaskedPixels, requireMask, runMaskedEdit } from './masked-edit.ts';
import { requireImageRow, rowToImage, type ImageRow } from '../images/image-rows.ts';
import { DecoderError } from '../decoding/operation.ts';
import { RECOMPOSITE, type EditFiles, type Recomposited } from './operations.ts';
import { recomposite } from '../pixels/recomposite.ts';
import { rowToStrictResult, storeStrictResult } from '../images/strict-results.ts';
import { storeInput, stagingPath } from '../inputs/add-input.ts';
import { hashWrittenFile } from '../pixels/write-pixels.ts';

export interface ApplyStrictMaskOptions {
  feather: number;
  /** Receives unexpected errors. */
  failed?: ((thrown: unknown) => void) | undefined;
  /** Stops the work between two rows; the strict mask stays due. */
  signal?: AbortSignal | undefined;
}

/**
 * Blends an image's original response over its request's first input through the mask that was sent, and stores the result: an
 * input, or the error why there is none. An existing result with the same feather is kept. One at a time: each holds two
 * decoded images in memory.
 * @returns the image with its result, which may be a failure; the original response is untouched
 * @throws StudioError `not-found`; `input-invalid` if the image was made without a mask; the failure itself if an older result
 *   exists, which is kept; `disk-full`, `disk-unwritable` if nothing could be stored; the signal's reason
 */
export function applyStrictMask(library: Library, imageId: ImageId, work: ApplyStrictMaskOptions): Promise<Image> {
  return runMaskedEdit(() => applyOne(library, imageId, work));
}

async function applyOne(
  library: Library,
  imageId: ImageId,
  { feather, signal, failed }: ApplyStrictMaskOptions,
): Promise<Image> {
  signal?.throwIfAborted();
  const row = requireImageRow(library.db, imageId);
  requireMask(library, row);
  const known = rowToStrictResult(row);
  if (known?.state === 'done' && known.feather === feather && isThere(library, known)) return rowToImage(row);
  let result: StrictMaskResult;
  try {
    result = await recompositeImage(library, row, { feather, signal });
  } catch (thrown) {
    signal?.throwIfAborted();
    // It says nothing about the images: the mask stays due.
    if (thrown instanceof DecoderError && !thrown.isFileAtFault) throw thrown;
    const explained = toDiskError(thrown, { folder: library.folder });
    if (known?.state === 'done') throw explained;
    result = { state: 'failed', feather, error: failure(explained) };
    if (result.error.code === 'internal') failed?.(thrown);
  }
  return storeResult(library, row, result);
}

function isThere({ folder }: Library, { sha256 }: StrictMaskResult & { state: 'done' }): boolean {
  return statSync(originalPath(folder, sha256, 'png'), { throwIfNoEntry: false }) !== undefined;
}

function failure(thrown: unknown): (StrictMaskResult & { state: 'failed' })['error'] {
  const { code, message } = toErrorReport(thrown);
  const sentence = code === 'internal' ? 'The strict mask couldn’t be applied.' : message;
  return { code, message: `${sentence} The original response is unchanged.`, billing: 'none' };
}

function storeResult(library: Library, row: ImageRow, result: StrictMaskResult): Image {
  return transact(library.db, () => {
    storeStrictResult(library.db, row.id, result, Date.now());
    markSidecarOutdated(library.db, sidecarOf(row));
    return rowToImage(requireImageRow(library.db, row.id));
  });
}

/** The part of {@link applyStrictMask} that opens files; see `RECOMPOSITE`. */
export async function recompositeFiles({
  feather,
  to,
  ...files
}: EditFiles & { feather: number; to: string }): Promise<Recomposited> {
  const { first, answer, edited, space, receivedSize } = await readMaskedPixels(files);
  const { opaque, ...counts } = await recomposite(first, answer, edited, { feather });
  await writeOwnPng(fromOwnPixels(first, space, opaque), space, to);
  const converted = space.kept ? [] : colourChanges(await readColour(files.first));
  return { ...counts, receivedSize, size: { width: first.width, height: first.height }, converted };
}

async function recompositeImage(
  library: Library,
  row: ImageRow,
  { feather, signal }: ApplyStrictMaskOptions,
): Promise<StrictMaskResult> {
  const edit = locateMaskedEdit(library, row.id);
  const path = stagingPath(library);
  try {
    const made = await library.decoding.run(RECOMPOSITE, { ...edit, feather, to: path }, { signal });
    const { receivedSize, size, converted, ...counts } = made;
    const scaled = scaleMessage(receivedSize, size);
    const result = `Masked result, ${feather === 0 ? 'without feather' : `feather ${feather} px`}.`;
    const changes = [...converted, ...(scaled === null ? [] : [scaled]), result];
    const origin = { name: truncateName(row.prompt.trim() || 'Image'), image: row.id, changes };
    const { sha256, width, height, hasAlpha } = await storeInput(library, await hashWrittenFile(path), origin);
    return { state: 'done', feather, sha256, width, height, hasAlpha, ...counts };
  } finally {
    await rm(path, { force: true });
  }
}
