import { basename, join } from 'node:path';
import { transact } from '../db/database.ts';
import { toDiskError } from '../db/disk-errors.ts';
import type { Library } from '../files/library-handle.ts';
import { markSidecarOutdated, type SidecarId } from '../files/sidecar-marks.ts';
import { compareSidecar } from '../sidecars/compare-sidecar.ts';
import { keepRecord } from '../sidecars/keep-replaced.ts';
import { writeSidecar } from '../sidecars/write-sidecar.ts';

/**
 * Writes a record again from the database, unless it says the same by now. What it said before is kept in the quarantine: it may know more.
 * @param name the record's, in the library's folder
 * @throws StudioError `not-found`, `disk-full`, `disk-unwritable`, `library-damaged`
 */
export async function repairRecord(library: Library, name: string): Promise<'repaired' | 'skipped' | 'failed'> {
  const { db, folder } = library;
  const id = basename(name, '.json') as SidecarId;
  if (compareSidecar(library, id) !== 'different') return 'skipped';
  try {
    await keepRecord(library, id, join(folder, name));
  } catch (thrown) {
    throw toDiskError(thrown, { folder });
  }
  const isStill = transact(db, () => {
    if (compareSidecar(library, id) !== 'different') return false;
    markSidecarOutdated(db, id);
    return true;
  });
  if (!isStill) return 'skipped';
  await writeSidecar(library, id);
  return compareSidecar(library, id) === 'different' ? 'failed' : 'repaired';
}
