import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StudioError } from '../contract/errors/errors.ts';
import { createFolder } from '../disk/durable-file.ts';
import { errorCode } from '../disk/error-code.ts';
import { openDatabase } from './db/database.ts';
import { DecodingPool } from './decoding/decoding-pool.ts';
import { forkDecoder } from './decoding/fork-decoder.ts';
import type { Decoding } from './decoding/operation.ts';
import { acceptIncomplete, requireCurrentDatabase, requireDatabase, setAsideLog } from './completeness.ts';
import { storageFaultOf, toDiskError } from './db/disk-errors.ts';
import { DATABASE, FOLDERS, INCOMING, LOCK } from './files/folders.ts';
import type { Library } from './files/library-handle.ts';
import { readIdentity } from './files/library-identity.ts';
import { RescueFolders } from './files/rescue-folders.ts';
import { finishEmptying } from './order/empty-trash.ts';
import { revertUnfinished } from './order/recover-changes.ts';
import { recoverLibrary } from './recovery.ts';
import { settleReplaced } from './snapshots/keep-replaced.ts';
import { acquireLock } from './files/lock.ts';
import { inspectDatabase } from './db/migrations/migrate.ts';
import { migrateLibrary } from './migrate-library.ts';

export { damagedColumns } from './db/columns.ts';
export { readLibraryTotals } from './db/counters.ts';
export { databaseHealth } from './db/database-health.ts';
export type { Library } from './files/library-handle.ts';
export type { Decoding } from './decoding/operation.ts';
export { logRecovery } from './recovery.ts';
export { requireAnything } from './completeness.ts';
export { locateFile, locateFiles, type ImageFileRef } from './locate-file.ts';

/**
 * Opens the library in a folder, or creates it. Closing it closes `decoding` too. A library of a newer version, or a file that isn't a library, is left
 * untouched. Afterwards the incoming folder is empty except for the files listed in `recovery`.
 * @param rescueFolders folders outside the library, for what is received while its disk fails; the preferred one first
 * @param openAnyway opens a library whose database is missing, empty or older than the files beside it, and leaves these as they are
 * @throws StudioError `library-newer`, `library-locked`, `library-damaged`, `library-incomplete`, `disk-unwritable`, `disk-full`
 */
export async function openLibrary(
  path: string,
  decoding: Decoding = new DecodingPool(() => forkDecoder()),
  rescueFolders: readonly string[] = [],
  openAnyway = false,
): Promise<Library> {
  const folder = resolve(path);
  try {
    for (const path of [folder, ...FOLDERS.map((name) => join(folder, name))]) refuseFiles(path);
    inspectDatabase(join(folder, DATABASE));
    if (!openAnyway) await requireDatabase(folder);
    await createFolder(folder);
    const lock = acquireLock(join(folder, LOCK));
    try {
      if (!openAnyway) await requireReadable(folder);
      return await openLocked({ folder, decoding, rescueFolders, openAnyway }, () => lock.release());
    } catch (thrown) {
      lock.release();
      throw thrown;
    }
  } catch (thrown) {
    throw toDiskError(thrown, { folder });
  }
}

/** A page that can't be read says nothing about completeness. The library is opened, and its health says the rest. */
async function requireReadable(folder: string): Promise<void> {
  try {
    await requireCurrentDatabase(folder);
  } catch (thrown) {
    if (storageFaultOf(thrown) !== 'database-damaged') throw thrown;
  }
}

/** Names the part of a path that is a file, which the system's errors don't. */
function refuseFiles(folder: string): void {
  for (let at = folder; ; at = dirname(at)) {
    const kind = kindOf(at);
    if (kind === 'folder' || (kind === null && at === dirname(at))) return;
    if (kind === null) continue;
    const where = at === folder ? 'The library can’t be opened' : `The library can’t be stored in ${folder}`;
    const message = `${where}: ${at} is a file, not a folder. Nothing was changed. Choose another folder, or move the file away.`;
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

interface Opening {
  folder: string;
  decoding: Decoding;
  rescueFolders: readonly string[];
  openAnyway: boolean;
}

async function openLocked(
  { folder, decoding, rescueFolders, openAnyway }: Opening,
  release: () => void,
): Promise<Library> {
  for (const name of FOLDERS) await createFolder(join(folder, name));
  if (openAnyway) await setAsideLog(folder);
  // Before the database is opened: while it has two names, what is written to it changes both.
  await settleReplaced(folder);
  const db = openDatabase(join(folder, DATABASE));
  const close = (): void => {
    decoding.close();
    db.close();
    release();
  };
  try {
    await migrateLibrary(folder, db);
    if (openAnyway) await acceptIncomplete(folder, db);
    revertUnfinished(db);
    finishEmptying(db);
    const identity = await readIdentity(folder);
    const library = {
      folder,
      readOnlyFolder: null,
      db,
      decoding,
      close,
      identity,
      rescue: new RescueFolders(rescueFolders, identity.folder?.dev ?? null),
      recovery: { completed: [], quarantined: [], postponed: [], unsaved: [], failures: [] },
    };
    return { ...library, recovery: await recoverLibrary(library) };
  } catch (thrown) {
    decoding.close();
    db.close();
    throw thrown;
  }
}

/** Where received images are written: on the same file system as the originals, so that moving them is a rename. */
export function incomingFolder(library: Library): string {
  return join(library.folder, INCOMING);
}
