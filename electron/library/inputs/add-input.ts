import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Sha256 } from '../../contract/entities/ids.ts';
import type { InputImage } from '../../contract/entities/inputs.ts';
import { DERIVED_PREFIX, writeDerived } from '../files/derived-files.ts';
import { transact } from '../db/database.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { incomingPath, PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { deletePendingSave, recordPendingSave } from '../files/pending-saves.ts';
import { rowToInputImage, readInputFile, storeInputFile, type InputOrigin } from './input-files.ts';
import type { InputInspection } from './inspect-input.ts';
import { inspectSafely } from './inspect-safely.ts';
import { writeUpload, type InputUpload } from './write-upload.ts';
import { publishSaveStep, insertOriginal, type ReceivedFile } from '../files/originals.ts';
import { storeOriginalOnce } from '../files/store-original-once.ts';

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
    const { format } = inspection;
    const record = (): void => recordPendingSave(library.db, { file, format, target: { kind: 'input' } });
    await storeOriginalOnce(library, file, { format, record });
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

/** Both thumbnails, named like those of an image with the same bytes. */
export async function writeInputThumbnails(folder: string, sha256: Sha256, inspection: InputInspection): Promise<void> {
  await writeDerived(folder, thumbnailPath(folder, sha256, PREVIEW_EDGE), inspection.preview);
  await writeDerived(folder, thumbnailPath(folder, sha256, THUMBNAIL_EDGE), inspection.thumbnail);
}
