import { statSync } from 'node:fs';
import fs from 'node:fs/promises';
import { basename, join } from 'node:path';
import { renameReplacing, syncFolder } from '../../disk/durable-file.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { INCOMING, QUARANTINE } from './folders.ts';
import { hasPendingSave } from './pending-saves.ts';
import type { Library } from './library-handle.ts';

/**
 * Puts a file of the incoming folder away that will never be an image, for instance the `….part` of a request that failed: it may hold
 * bytes that were paid for. A file without bytes is dropped. A file whose saving can still be finished at the next opening stays.
 * @returns where it is now; null when it was dropped, stays, or was not there
 * @throws StudioError `disk-full`, `disk-unwritable`; then the file is where it was, and the next opening tries again
 */
export async function quarantineIncoming(library: Library, path: string): Promise<string | null> {
  const name = basename(path);
  if (hasPendingSave(library.db, name)) return null;
  try {
    const kept = await moveToQuarantine(library.folder, join(library.folder, INCOMING, name));
    return kept && join(library.folder, QUARANTINE, kept);
  } catch (thrown) {
    throw toDiskError(thrown, { folder: library.folder });
  }
}

/** Moves a file of the library to its quarantine folder. Its new name, or null when it was not there or had no bytes. */
export async function moveToQuarantine(folder: string, path: string): Promise<string | null> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return null;
  // A folder's size says nothing about what is in it.
  if (stat.isFile() && stat.size === 0) {
    await fs.rm(path);
    return null;
  }
  // The moment in front tells files apart that had the same name.
  const kept = `${new Date().toISOString().replaceAll(':', '-')}-${basename(path)}`;
  await renameReplacing(path, join(folder, QUARANTINE, kept));
  await syncFolder(join(folder, QUARANTINE));
  return kept;
}
