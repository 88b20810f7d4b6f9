import { existsSync } from 'node:fs';
import type { InputPicture, Sha256 } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { transact } from '../db/database.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { formatOfInput, inputPictureOf, readInputFile, storeInputFile } from './input-files.ts';
import { lookAtInput } from './inspect-input.ts';
import { writeInputThumbnails } from './add-input.ts';

/**
 * What is known of inputs, in the order asked. One that went out with a request and has no row of its own (the database was made again
 * from files) is looked at once more. Those that are gone, or cannot be decoded any more, are left out.
 * @throws StudioError `disk-full`, `disk-unwritable`, `library-damaged`
 */
export async function describeInputs(library: Library, inputs: readonly Sha256[]): Promise<InputPicture[]> {
  const found: InputPicture[] = [];
  for (const sha256 of new Set(inputs)) {
    const picture = await describeInput(library, sha256);
    if (picture) found.push(picture);
  }
  return found;
}

async function describeInput(library: Library, sha256: Sha256): Promise<InputPicture | null> {
  const format = formatOfInput(library.db, sha256);
  if (format === null || !existsSync(originalPath(library.folder, sha256, format))) return null;
  const known = readInputFile(library.db, sha256);
  if (known) return inputPictureOf(known);
  await lookAgain(library, sha256, originalPath(library.folder, sha256, format));
  const row = readInputFile(library.db, sha256);
  return row && inputPictureOf(row);
}

async function lookAgain(library: Library, sha256: Sha256, path: string): Promise<void> {
  try {
    const look = await lookAtInput(path);
    await writeInputThumbnails(library.folder, sha256, look);
    transact(library.db, () => storeInputFile(library.db, sha256, look, { name: 'Picture', image: null, deeds: [] }));
  } catch (thrown) {
    if (!(thrown instanceof StudioError) || thrown.code !== 'input-invalid') throw thrown;
  }
}
