import { createHash, randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha256 } from '../../contract/entities/ids.ts';
import type { InputImage } from '../../contract/entities/inputs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { DERIVED_PREFIX, writeDerived } from '../files/derived-files.ts';
import { prepare, transact } from '../db/database.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { INCOMING, originalPath, PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { rowToInputImage, readInputFile, storeInputFile, type InputOrigin } from './input-files.ts';
import { inspectInput, type InputInspection } from './inspect-input.ts';
import { publishSaveStep, hasHash, insertOriginal, moveToOriginals, type ReceivedFile } from '../files/originals.ts';

/** A file on its way in. */
export interface InputUpload {
  /** Null: no bytes at all. */
  body: AsyncIterable<Uint8Array> | null;
  /** For show. */
  name: string;
  /** The most bytes that are taken. */
  limit: number;
  /** The size that the sender says, where it says one. */
  declared: number | null;
}

/**
 * Takes a person's file in: hashed while it is written, looked at as a whole, then kept among the originals so that it survives a power
 * cut. A file that is refused or cut off leaves nothing.
 * @throws StudioError `input-invalid` (with field `size` where it is too large), `connection-lost`, `disk-full`, `disk-unwritable`
 */
export async function addInput(library: Library, arriving: InputUpload): Promise<InputImage> {
  const path = stagingPath(library);
  try {
    const file = await writeUpload(path, arriving, library.folder);
    return await storeInput(library, file, { name: arriving.name, image: null, deeds: [] });
  } finally {
    await rm(path, { force: true });
  }
}

/** A name in the incoming folder that is dropped after a crash: whoever sent the file still has it. */
export function stagingPath({ folder }: Library): string {
  return join(folder, INCOMING, `${DERIVED_PREFIX}input-${randomUUID()}`);
}

/**
 * Proves a whole file and keeps it: content, name and folder first, then its row, as with an image that was paid for. The same bytes
 * twice are one input; the later name stays.
 * @throws StudioError `input-invalid`, `disk-full`, `disk-unwritable`
 */
export async function storeInput(library: Library, file: ReceivedFile, origin: InputOrigin): Promise<InputImage> {
  const inspection = await inspectInput(file.path);
  try {
    await storeOriginalOnce(library, file, originalPath(library.folder, file.sha256, inspection.format));
    await writeInputThumbnails(library.folder, file.sha256, inspection);
    transact(library.db, () => {
      insertOriginal(library.db, file, inspection.format);
      storeInputFile(library.db, file.sha256, inspection, origin);
    });
  } catch (thrown) {
    throw toDiskError(thrown, { folder: library.folder, detail: 'The image was not added.' });
  }
  publishSaveStep('committed', file);
  const row = readInputFile(library.db, file.sha256);
  if (!row) throw new Error(`The row of input ${file.sha256} was not stored.`);
  return rowToInputImage(row);
}

/**
 * Leaves an original alone that is there and sound, for a request on its way may be about to read it, and would break off at a new file.
 * One without a row may not be on the disk yet.
 */
async function storeOriginalOnce({ db }: Library, file: ReceivedFile, target: string): Promise<void> {
  const known = prepare<[string], { sha256: Sha256 }>(db, 'SELECT sha256 FROM originals WHERE sha256 = ?').get(
    file.sha256,
  );
  if (known && (await hasHash(target, file.sha256))) return;
  await moveToOriginals(file, target);
}

/** Both small copies, named like those of an image with the same bytes. */
export async function writeInputThumbnails(folder: string, sha256: Sha256, inspection: InputInspection): Promise<void> {
  await writeDerived(folder, thumbnailPath(folder, sha256, PREVIEW_EDGE), inspection.preview);
  await writeDerived(folder, thumbnailPath(folder, sha256, THUMBNAIL_EDGE), inspection.thumbnail);
}

async function writeUpload(path: string, arriving: InputUpload, folder: string): Promise<ReceivedFile> {
  const { body, name, limit, declared } = arriving;
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o600).catch((thrown: unknown) => {
    throw toDiskError(thrown, { folder, detail: 'The image was not added.' });
  });
  try {
    const refused = declared !== null && declared > limit;
    for await (const piece of readPieces(body)) {
      bytes += piece.length;
      // What is too much is read and thrown away, up to a limit: a sender that is still writing would not see the answer.
      if (bytes > 2 * limit) break;
      if (refused || bytes > limit) continue;
      hash.update(piece);
      await file.write(piece).catch((thrown: unknown) => {
        throw toDiskError(thrown, { folder, detail: 'The image was not added.' });
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
  const message = 'The image broke off on its way. Nothing of it was kept. Add it again.';
  return new StudioError({ code: 'connection-lost', message }, cause === undefined ? {} : { cause });
}

function tooLarge(name: string, limit: number): StudioError {
  const message = `${name} is larger than ${Math.floor(limit / 1024 / 1024)} MB. Make it smaller in another program first. Nothing was added.`;
  return new StudioError({ code: 'input-invalid', message, field: 'size' });
}
