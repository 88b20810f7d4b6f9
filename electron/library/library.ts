import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StudioError } from '../contract/errors/errors.ts';
import { createFolder } from '../disk/durable-file.ts';
import { errorCode } from '../disk/error-code.ts';
import { openDatabase } from './db/database.ts';
import { toDiskError } from './db/disk-errors.ts';
import { DATABASE, FOLDERS, INCOMING, LOCK } from './files/folders.ts';
import type { Library } from './files/library-handle.ts';
import { recoverLibrary } from './recovery.ts';
import { acquireLock } from './files/lock.ts';
import { inspectDatabase, migrate } from './db/migrate.ts';

export { readLibraryTotals } from './db/counters.ts';
export type { Library } from './files/library-handle.ts';
export { logRecovery } from './recovery.ts';
export { locateFile, locateFiles, type ImageFileRef } from './locate-file.ts';

/**
 * Opens the library in a folder, and makes it where there is none. A library of a newer version or a foreign file is left exactly as
 * it was. Afterwards the incoming folder is empty, save for what `leftovers` names.
 * @throws StudioError `library-newer`, `library-locked`, `library-damaged`, `disk-unwritable`, `disk-full`
 */
export async function openLibrary(path: string): Promise<Library> {
  const folder = resolve(path);
  try {
    refuseFiles(folder);
    inspectDatabase(join(folder, DATABASE));
    await createFolder(folder);
    const lock = acquireLock(join(folder, LOCK));
    try {
      return await openLocked(folder, () => lock.release());
    } catch (thrown) {
      lock.release();
      throw thrown;
    }
  } catch (thrown) {
    throw toDiskError(thrown, { folder });
  }
}

/** Says which part of a path is a file, which the system's own errors do not. */
function refuseFiles(folder: string): void {
  for (let at = folder; ; at = dirname(at)) {
    const kind = kindOf(at);
    if (kind === 'folder' || (kind === null && at === dirname(at))) return;
    if (kind === null) continue;
    const where = at === folder ? 'The library cannot be opened' : `The library cannot be kept in ${folder}`;
    const message = `${where}: ${at} is a file, not a folder. Nothing was changed. Choose another folder, or move that file away.`;
    throw new StudioError({ code: 'disk-unwritable', message });
  }
}

function kindOf(path: string): 'file' | 'folder' | null {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(thrown))) return null;
    throw thrown;
  }
}

async function openLocked(folder: string, release: () => void): Promise<Library> {
  for (const name of FOLDERS) await createFolder(join(folder, name));
  const db = openDatabase(join(folder, DATABASE));
  const close = (): void => {
    db.close();
    release();
  };
  try {
    migrate(db);
    const library = { folder, db, close, recovery: { completed: [], quarantined: [], postponed: [], failures: [] } };
    return { ...library, recovery: await recoverLibrary(library) };
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/** Where arriving images are written: on the same file system as the originals, so that they can be moved there at once. */
export function incomingFolder(library: Library): string {
  return join(library.folder, INCOMING);
}
