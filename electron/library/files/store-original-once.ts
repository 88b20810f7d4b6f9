import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { prepare } from '../db/database.ts';
import { originalPath } from './folders.ts';
import type { Library } from './library-handle.ts';
import { hasHash, moveToOriginals, publishSaveStep, type ReceivedFile } from './originals.ts';

/**
 * Moves a file that a person added to the originals. An intact original stays in place: a request being sent may be reading it and would fail if
 * it were replaced. An original without a row may not be on the disk yet.
 * @param record records the pending save, durably: until the file has its row, emptying the trash must not delete the original
 */
export async function storeOriginalOnce(
  { db, folder }: Library,
  file: ReceivedFile,
  { format, record }: { format: FileFormat; record(): void | Promise<void> },
): Promise<void> {
  const target = originalPath(folder, file.sha256, format);
  const known = prepare<[string], { known: 1 }>(db, 'SELECT 1 AS known FROM originals WHERE sha256 = ?').get(
    file.sha256,
  );
  await record();
  if (known && (await hasHash(target, file.sha256))) return;
  publishSaveStep('pending-save-recorded', file);
  await moveToOriginals(file, target);
}
