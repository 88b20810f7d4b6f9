import { existsSync } from 'node:fs';
import type { Sha256 } from '../../contract/entities/ids.ts';
import type { InputImage } from '../../contract/entities/inputs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { transact } from '../db/database.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { inspectSafely } from './inspect-safely.ts';
import {
  readInputFormat,
  rowToInputImage,
  readInputFile,
  storeInputDetails,
  storeInputFile,
  type InputFileRow,
} from './input-files.ts';
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
  if (known && known.details !== null) return rowToInputImage(known);
  if (known) {
    await addDetails(library, known);
    return rowToInputImage(readInputFile(library.db, sha256) ?? known);
  }
  await addMissingRow(library, sha256, originalPath(library.folder, sha256, format));
  const row = readInputFile(library.db, sha256);
  return row && rowToInputImage(row);
}

/** An earlier version inspected it: what it didn't look for is found now. Without, the rules judge by the rest. */
async function addDetails(library: Library, { sha256, format }: InputFileRow): Promise<void> {
  const path = originalPath(library.folder, sha256, format);
  const inspection = await inspectSafely(library, path).catch(() => null);
  if (inspection) transact(library.db, () => storeInputDetails(library.db, sha256, inspection.details));
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
