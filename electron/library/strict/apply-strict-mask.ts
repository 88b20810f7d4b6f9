import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { ImageId, Picture, StrictResult } from '../../contract/entities.ts';
import { toErrorReport } from '../../contract/errors.ts';
import { transact } from '../db/database.ts';
import { fromRgba } from '../pixels/decode.ts';
import { scaledWords } from '../pixels/change-messages.ts';
import { explainDiskError } from '../db/disk-errors.ts';
import { originalPath } from '../files/folders.ts';
import { forgetRecord } from '../jobs/generations.ts';
import type { Library } from '../files/library-handle.ts';
import { inTurn } from '../pixels/serial-queue.ts';
import { cutName } from '../inputs/input-files.ts';
import { masksOf, readMasked, requireMask, requirePicture } from './masked-edit.ts';
import { rowToPicture, type PictureRow } from '../images/image-rows.ts';
import { recomposite } from '../pixels/recomposite.ts';
import { rowToStrictResult, storeStrictResult } from '../images/strict-results.ts';
import { keepInput, stagedInput } from '../inputs/add-input.ts';
import { writePixels, writtenFile } from '../pixels/write-pixels.ts';

export interface StrictWork {
  feather: number;
  /** Told of what was thrown where nobody foresaw it. */
  failed?: ((thrown: unknown) => void) | undefined;
  /** Ends the work between two rows; it is due as before then. */
  signal?: AbortSignal | undefined;
}

/**
 * Lays a picture's raw answer over the first input of its request through the mask that went out, and keeps what comes of it: a picture
 * among the inputs, or why there is none. What was made with the same feather and is there is left as it is. One at a time: each holds
 * two decoded pictures in memory.
 * @returns the picture with its result, also where that is a failure; the raw answer is untouched in any case
 * @throws StudioError `not-found`; `input-invalid` for a picture that was made without a mask; the failure itself where an older result
 *   is there, which stays; `disk-full`, `disk-unwritable` where nothing could be written down. What the signal is aborted with
 */
export function makeStrict(library: Library, imageId: ImageId, work: StrictWork): Promise<Picture> {
  return inTurn(library, () => make(library, imageId, work));
}

async function make(library: Library, imageId: ImageId, { feather, signal, failed }: StrictWork): Promise<Picture> {
  signal?.throwIfAborted();
  const row = requirePicture(library, imageId);
  requireMask(library, row);
  const known = rowToStrictResult(row);
  if (known?.state === 'done' && known.feather === feather && isThere(library, known)) return rowToPicture(row);
  let result: StrictResult;
  try {
    result = await recompose(library, row, { feather, signal });
  } catch (thrown) {
    signal?.throwIfAborted();
    const told = explainDiskError(thrown, { folder: library.folder });
    if (known?.state === 'done') throw told;
    result = { state: 'failed', feather, error: failure(told) };
    if (result.error.code === 'internal') failed?.(thrown);
  }
  return store(library, row, result);
}

function isThere({ folder }: Library, { sha256 }: StrictResult & { state: 'done' }): boolean {
  return statSync(originalPath(folder, sha256, 'png'), { throwIfNoEntry: false }) !== undefined;
}

function failure(thrown: unknown): (StrictResult & { state: 'failed' })['error'] {
  const { code, message } = toErrorReport(thrown);
  const words = code === 'internal' ? 'The answer could not be laid over the first picture.' : message;
  return { code, message: `${words} The raw answer is kept as it came.`, billing: 'none' };
}

function store(library: Library, row: PictureRow, result: StrictResult): Picture {
  return transact(library.db, () => {
    storeStrictResult(library.db, row.id, result, Date.now());
    forgetRecord(library.db, row.generation_id);
    return rowToPicture(requirePicture(library, row.id));
  });
}

async function recompose(library: Library, row: PictureRow, { feather, signal }: StrictWork): Promise<StrictResult> {
  const { first, answer, edited, answered } = await readMasked(masksOf(library, row.id));
  const { opaque, ...counts } = await recomposite(first, answer, edited, { feather, signal });
  const path = stagedInput(library);
  try {
    await writePixels(fromRgba(first, opaque).png(), path);
    const scaled = scaledWords(answered, first);
    const made = `Recomposited with the mask, ${feather === 0 ? 'without a feather' : `feather ${feather} px`}.`;
    const deeds = [...(scaled === null ? [] : [scaled]), made];
    const story = { name: cutName(row.prompt.trim() || 'Picture'), image: row.id, deeds };
    const { sha256, width, height, hasAlpha } = await keepInput(library, await writtenFile(path), story);
    return { state: 'done', feather, sha256, width, height, hasAlpha, ...counts };
  } finally {
    await rm(path, { force: true });
  }
}
