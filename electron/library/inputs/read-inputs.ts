import { existsSync } from 'node:fs';
import type { Sha256 } from '../../contract/entities/ids.ts';
import type { InputImage } from '../../contract/entities/inputs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { transact } from '../db/database.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { readInputFormat, rowToInputImage, readInputFile, storeInputFile } from './input-files.ts';
import { inspectSafely } from './inspect-safely.ts';
import { writeInputThumbnails } from './add-input.ts';

/**
 * Inputs in the order requested, each once. One that was sent with a request and has no row (the database was rebuilt from
 * files) is inspected again. Inputs that are gone or can't be decoded any more are left out.
 * @throws StudioError `disk-full`, `disk-unwritable`, `library-damaged`
 */
export async function readInputs(library: Library, inputs: readonly Sha256[]): Promise<InputImage[]> {
  const found: InputImage[] = [];
  for (const sha256 of new Set(inputs)) {
    const image = await describeInput(library, sha256);
    if (image) found.push(image);
  }
  return found;
}

async function describeInput(library: Library, sha256: Sha256): Promise<InputImage | null> {
  const format = readInputFormat(library.db, sha256);
  if (format === null || !existsSync(originalPath(library.folder, sha256, format))) return null;
  const known = readInputFile(library.db, sha256);
  if (known) return rowToInputImage(known);
  await addMissingRow(library, sha256, originalPath(library.folder, sha256, format));
  const row = readInputFile(library.db, sha256);
  return row && rowToInputImage(row);
}

async function addMissingRow(library: Library, sha256: Sha256, path: string): Promise<void> {
  try {
    const inspection = await inspectSafely(library, path);
    await writeInputThumbnails(library.folder, sha256, inspection);
    transact(library.db, () =>
      storeInputFile(library.db, sha256, inspection, { name: 'Image', image: null, changes: [] }),
    );
  } catch (thrown) {
    if (!(thrown instanceof StudioError) || thrown.code !== 'input-invalid') throw thrown;
  }
}
