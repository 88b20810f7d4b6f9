import { createHash, randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { Sha256 } from '../../contract/entities/ids.ts';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import type { InputImage } from '../../contract/entities/inputs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { DERIVED_PREFIX, writeDerived } from '../files/derived-files.ts';
import { prepare, transact } from '../db/database.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { incomingPath, originalPath, PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { deletePendingSave, recordPendingSave } from '../files/pending-saves.ts';
import { rowToInputImage, readInputFile, storeInputFile, type InputOrigin } from './input-files.ts';
import type { InputInspection } from './inspect-input.ts';
import { inspectSafely } from './inspect-safely.ts';
import { publishSaveStep, hasHash, insertOriginal, moveToOriginals, type ReceivedFile } from '../files/originals.ts';

/** A file being uploaded. */
export interface InputUpload {
  /** Null: no bytes. */
  body: AsyncIterable<Uint8Array> | null;
  /** For display. */
  name: string;
  /** Largest accepted size in bytes. */
  limit: number;
  /** Content length, if the sender gave one. */
  declared: number | null;
}

/**
 * Adds a person's file: hashed while it is written, inspected, then moved to the originals durably. A rejected or interrupted
 * file leaves nothing behind.
 * @throws StudioError `input-invalid` (with field `size` if too large), `connection-lost`, `disk-full`, `disk-unwritable`
 */
export async function addInput(library: Library, upload: InputUpload): Promise<InputImage> {
  const path = stagingPath(library);
  try {
    const file = await writeUpload(path, upload, library.folder);
    return await storeInput(library, file, { name: upload.name, image: null, changes: [] });
  } finally {
    await rm(path, { force: true });
  }
}

/** A path in the incoming folder that is deleted after a crash: the sender still has the file. */
export function stagingPath({ folder }: Library): string {
  return incomingPath(folder, `${DERIVED_PREFIX}input-${randomUUID()}`);
}

/**
 * Inspects a complete file and stores it: content, name and folder first, then its row, as for received images. Identical bytes
 * are one input; the later name wins.
 * @throws StudioError `input-invalid`, `disk-full`, `disk-unwritable`
 */
export async function storeInput(library: Library, file: ReceivedFile, origin: InputOrigin): Promise<InputImage> {
  const inspection = await inspectSafely(library, file.path);
  try {
    await storeOriginalOnce(library, file, inspection.format);
    await writeInputThumbnails(library.folder, file.sha256, inspection);
    transact(library.db, () => {
      insertOriginal(library.db, file, inspection.format);
      deletePendingSave(library.db, file);
      storeInputFile(library.db, file.sha256, inspection, origin);
    });
  } catch (thrown) {
    throw toDiskError(thrown, { folder: library.folder, detail: 'The image wasn’t added.' });
  }
  publishSaveStep('committed', file);
  const row = readInputFile(library.db, file.sha256);
  if (!row) throw new Error(`The row of input ${file.sha256} was not stored.`);
  return rowToInputImage(row);
}

/**
 * Leaves an intact original in place: a request being sent may be reading it and would fail if it were replaced. An original
 * without a row may not be on the disk yet.
 */
async function storeOriginalOnce({ db, folder }: Library, file: ReceivedFile, format: FileFormat): Promise<void> {
  const target = originalPath(folder, file.sha256, format);
  const known = prepare<[string], { sha256: Sha256 }>(db, 'SELECT sha256 FROM originals WHERE sha256 = ?').get(
    file.sha256,
  );
  // Until the input has its row, emptying the trash must not delete the original.
  recordPendingSave(db, { file, format, target: { kind: 'input' } });
  if (known && (await hasHash(target, file.sha256))) return;
  publishSaveStep('pending-save-recorded', file);
  await moveToOriginals(file, target);
}

/** Both thumbnails, named like those of an image with the same bytes. */
export async function writeInputThumbnails(folder: string, sha256: Sha256, inspection: InputInspection): Promise<void> {
  await writeDerived(folder, thumbnailPath(folder, sha256, PREVIEW_EDGE), inspection.preview);
  await writeDerived(folder, thumbnailPath(folder, sha256, THUMBNAIL_EDGE), inspection.thumbnail);
}

async function writeUpload(path: string, upload: InputUpload, folder: string): Promise<ReceivedFile> {
  const { body, name, limit, declared } = upload;
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o600).catch((thrown: unknown) => {
    throw toDiskError(thrown, { folder, detail: 'The image wasn’t added.' });
  });
  try {
    const refused = declared !== null && declared > limit;
    for await (const piece of readPieces(body)) {
      bytes += piece.length;
      // Excess bytes are read and dropped, up to a limit: a client that is still sending wouldn't read the response.
      if (bytes > 2 * limit) break;
      if (refused || bytes > limit) continue;
      hash.update(piece);
      await file.write(piece).catch((thrown: unknown) => {
        throw toDiskError(thrown, { folder, detail: 'The image wasn’t added.' });
      });
    }
  } finally {
    await file.close();
  }
  if (bytes > limit || (declared ?? 0) > limit) throw tooLarge(name, limit);
  if (bytes === 0) throw new StudioError({ code: 'input-invalid', message: `${name} is empty. Nothing was added.` });
  if (declared !== null && bytes !== declared) throw uploadInterrupted();
  return { path, bytes, sha256: hash.digest('hex') as Sha256 };
}

async function* readPieces(body: AsyncIterable<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const pieces = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await pieces.next().catch((thrown: unknown) => {
        throw uploadInterrupted(thrown);
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await pieces.return?.().catch(() => undefined);
  }
}

function uploadInterrupted(cause?: unknown): StudioError {
  const message = 'The upload was interrupted. Nothing was added. Add the image again.';
  return new StudioError({ code: 'connection-lost', message }, cause === undefined ? {} : { cause });
}

function tooLarge(name: string, limit: number): StudioError {
  const message = `${name} is larger than ${Math.floor(limit / 1024 / 1024)} MB. Reduce its size in another program first. Nothing was added.`;
  return new StudioError({ code: 'input-invalid', message, field: 'size' });
}
