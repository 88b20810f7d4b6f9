import { renameSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { syncFolder } from '../../disk/durable-file.ts';
import { transact } from '../db/database.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { knownFiles } from '../db/known-files.ts';
import { QUARANTINE } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { quarantineName } from '../files/quarantine.ts';
import type { RefusedOriginal } from './add-unlisted.ts';
import { sha256OfName } from './original-name.ts';

/**
 * Moves a file that couldn't be added from the originals to the quarantine, unless it is listed by now or isn't the same any more.
 * @throws StudioError `disk-full`, `disk-unwritable`
 */
export async function quarantineRefused(library: Library, refused: RefusedOriginal): Promise<'repaired' | 'skipped'> {
  const { db, folder } = library;
  const path = join(folder, refused.name);
  const sha256 = sha256OfName(refused.name);
  try {
    // In one step with the look: a save of the same bytes, which has a row first, must not lose its file.
    const isMoved = transact(db, () => {
      if (knownFiles(db).isOriginal(sha256)) return false;
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat?.size !== refused.size || stat.mtimeMs !== refused.modifiedMs) return false;
      // Its folder is a part of its hash.
      renameSync(path, join(folder, QUARANTINE, quarantineName(sha256 + extname(refused.name))));
      return true;
    });
    if (!isMoved) return 'skipped';
    await syncFolder(join(folder, QUARANTINE));
    await syncFolder(dirname(path));
    return 'repaired';
  } catch (thrown) {
    throw toDiskError(thrown, { folder });
  }
}
