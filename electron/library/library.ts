import { join, resolve } from 'node:path';
import { openDatabase } from './database.ts';
import { explainDiskError } from './disk-errors.ts';
import { makeFolder } from './durable-file.ts';
import { DATABASE, FOLDERS, INCOMING, LOCK } from './folders.ts';
import type { Library } from './handle.ts';
import { clearLeftovers } from './leftovers.ts';
import { takeLock } from './lock.ts';
import { inspectDatabase, migrate } from './migrate.ts';

export { describeLibrary } from './counters.ts';
export type { Library } from './handle.ts';
export { locateFile, type FileOf, type LocatedFile } from './locate-file.ts';

/**
 * Opens the library in a folder, and makes it where there is none. A library of a newer version or a foreign file is left exactly as
 * it was. Afterwards the incoming folder is empty.
 * @throws StudioError `library-newer`, `library-locked`, `library-damaged`, `disk-unwritable`, `disk-full`
 */
export async function openLibrary(path: string): Promise<Library> {
  const folder = resolve(path);
  try {
    inspectDatabase(join(folder, DATABASE));
    await makeFolder(folder);
    const lock = takeLock(join(folder, LOCK));
    try {
      return await openLocked(folder, () => lock.release());
    } catch (thrown) {
      lock.release();
      throw thrown;
    }
  } catch (thrown) {
    throw explainDiskError(thrown, { folder });
  }
}

async function openLocked(folder: string, release: () => void): Promise<Library> {
  for (const name of FOLDERS) await makeFolder(join(folder, name));
  const db = openDatabase(join(folder, DATABASE));
  const close = (): void => {
    db.close();
    release();
  };
  try {
    migrate(db);
    const library = { folder, db, close, leftovers: { reclaimed: [], quarantined: [] } };
    return { ...library, leftovers: await clearLeftovers(library) };
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/** Where arriving pictures are written: on the same file system as the originals, so that they can be moved there at once. */
export function incomingFolder(library: Library): string {
  return join(library.folder, INCOMING);
}
