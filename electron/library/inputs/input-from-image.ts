import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import type { ImageId, Sha256 } from '../../contract/entities/ids.ts';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { isDamage } from '../../contract/entities/image-flaws.ts';
import type { InputImage } from '../../contract/entities/inputs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { transact } from '../db/database.ts';
import { READ_HEADER } from '../pixels/operations.ts';
import { imageAsPng } from '../images/image-as-png.ts';
import { saveMessage, formatSize } from '../pixels/change-messages.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { requireFile } from '../files/require-file.ts';
import { truncateName, rowToInputImage, readInputFile, requireInput, storeInputFile } from './input-files.ts';
import { inspectSafely } from './inspect-safely.ts';
import { flawOf, requireImageRow, type ImageRow } from '../images/image-rows.ts';
import { storeInput, stagingPath, writeInputThumbnails } from './add-input.ts';

/**
 * An image of the library as an input: the strict mask's result, or else (or with `raw`) its own original, without copying.
 * SVGs and animations become a still PNG, listed in `changes`.
 * @throws StudioError `not-found`, `file-missing`, `input-invalid` if it can't be decoded, `disk-full`, `disk-unwritable`
 */
export async function inputFromImage(
  library: Library,
  imageId: ImageId,
  { raw = false }: { raw?: boolean } = {},
): Promise<InputImage> {
  const row = requireImageRow(library.db, imageId);
  if (row.strict_sha256 !== null && !raw) return rowToInputImage(requireInput(library, row.strict_sha256));
  const path = requireFile(originalPath(library.folder, row.sha256, row.format));
  if (isDamage(flawOf(row))) throw undecodable();
  const name = truncateName(row.prompt.trim() || 'Image');
  return SENT_AS_RECEIVED.has(row.format)
    ? nameOriginal(library, row, path, name)
    : makeStill(library, row, path, name);
}

/** Everything else becomes a PNG: no server takes it, or it moves. */
const SENT_AS_RECEIVED: ReadonlySet<FileFormat> = new Set<FileFormat>(['png', 'jpeg', 'webp']);

async function nameOriginal(library: Library, row: ImageRow, path: string, name: string): Promise<InputImage> {
  const inspection = await inspectSafely(library, path);
  try {
    await writeInputThumbnails(library.folder, row.sha256, inspection);
  } catch (thrown) {
    throw toDiskError(thrown, { folder: library.folder });
  }
  transact(library.db, () => {
    // It may have been deleted for good meanwhile.
    requireImageRow(library.db, row.id);
    storeInputFile(library.db, row.sha256, inspection, { name, image: row.id, changes: [] });
  });
  const stored = readInputFile(library.db, row.sha256);
  if (!stored) throw new Error(`The row of input ${row.sha256} was not stored.`);
  return rowToInputImage(stored);
}

async function makeStill(library: Library, row: ImageRow, path: string, name: string): Promise<InputImage> {
  const data = await renderStill(library, row);
  const temporaryPath = stagingPath(library);
  try {
    await writeFile(temporaryPath, data, { flag: 'wx' });
    const sha256 = createHash('sha256').update(data).digest('hex') as Sha256;
    const changes = await listStillChanges(library, row, path, temporaryPath, data.length);
    return await storeInput(
      library,
      { path: temporaryPath, bytes: data.length, sha256 },
      { name, image: row.id, changes },
    );
  } catch (thrown) {
    throw toDiskError(thrown, { folder: library.folder, detail: 'The image wasn’t added.' });
  } finally {
    await rm(temporaryPath, { force: true });
  }
}

async function renderStill(library: Library, row: ImageRow): Promise<Uint8Array> {
  return imageAsPng(library, row.id).catch((thrown: unknown) => {
    if (!(thrown instanceof StudioError)) throw thrown;
    if (thrown.code === 'image-undecodable') throw undecodable(thrown);
    if (thrown.code !== 'unsupported-here') throw thrown;
    const message = 'This image is too complex to render here. Export it as PNG and add that file.';
    throw new StudioError({ code: 'input-invalid', message }, { cause: thrown });
  });
}

async function listStillChanges(
  { decoding }: Library,
  row: ImageRow,
  path: string,
  still: string,
  bytes: number,
): Promise<string[]> {
  const made = await decoding.run(READ_HEADER, { path: still });
  if (row.format === 'svg') return [`Rendered as PNG at ${formatSize(made)}.`];
  const { frames } = await decoding.run(READ_HEADER, { path });
  return [...(frames > 1 ? [`Used the first of ${frames} frames.`] : []), saveMessage('png', bytes, row.bytes)];
}

function undecodable(cause?: unknown): StudioError {
  const message = 'This image can’t be decoded, so it can’t be sent. Its file is kept unchanged.';
  return new StudioError({ code: 'input-invalid', message }, cause === undefined ? {} : { cause });
}
