import { constants, statSync } from 'node:fs';
import fs from 'node:fs/promises';
import { basename, join } from 'node:path';
import { renameReplacing, syncFile, syncFolder } from '../../disk/durable-file.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { incomingPath, QUARANTINE } from './folders.ts';
import { hasPendingSave } from './pending-saves.ts';
import type { Library } from './library-handle.ts';

/**
 * Moves a file of the incoming folder that won't become an image, such as the `….part` of a failed request, to the quarantine:
 * its bytes may have been billed. An empty file is deleted. A file with a pending save stays.
 * @returns the new path; null if it was deleted, stays, or wasn't there
 * @throws StudioError `disk-full`, `disk-unwritable`; then the file stays and the next opening retries
 */
export async function quarantineIncoming(library: Library, path: string): Promise<string | null> {
  const name = basename(path);
  if (hasPendingSave(library.db, name)) return null;
  try {
    const kept = await moveToQuarantine(library.folder, incomingPath(library.folder, name));
    return kept && join(library.folder, QUARANTINE, kept);
  } catch (thrown) {
    throw toDiskError(thrown, { folder: library.folder });
  }
}

/** Moves a file of the library to the quarantine folder. Returns its new name, or null if it was missing or empty. */
export async function moveToQuarantine(folder: string, path: string): Promise<string | null> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return null;
  // A folder's size doesn't include its files.
  if (stat.isFile() && stat.size === 0) {
    await fs.rm(path);
    return null;
  }
  const kept = quarantineName(path);
  await renameReplacing(path, join(folder, QUARANTINE, kept));
  await syncFolder(join(folder, QUARANTINE));
  return kept;
}

/**
 * Keeps a copy of a file that is about to be replaced; nothing of one that is missing or empty.
 * @throws the system's error
 */
export async function keepCopyInQuarantine(folder: string, path: string): Promise<void> {
  if (!statSync(path, { throwIfNoEntry: false })?.size) return;
  const target = join(folder, QUARANTINE, quarantineName(path));
  await fs.copyFile(path, target, constants.COPYFILE_EXCL);
  await syncFile(target);
  await syncFolder(join(folder, QUARANTINE));
}

/** Moves a file of another file system to the quarantine folder. Returns its new name. @throws the system's error */
export async function copyToQuarantine(folder: string, path: string): Promise<string> {
  const kept = quarantineName(path);
  const target = join(folder, QUARANTINE, kept);
  await fs.copyFile(path, target);
  await syncFile(target);
  await syncFolder(join(folder, QUARANTINE));
  await fs.rm(path, { force: true });
  return kept;
}

/** The timestamp distinguishes files with the same name. */
export function quarantineName(path: string): string {
  return `${new Date().toISOString().replaceAll(':', '-')}-${basename(path)}`;
}
