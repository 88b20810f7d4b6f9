import { readFile } from 'node:fs/promises';
import { errorCode } from '../../disk/error-code.ts';
import type { Readable } from '../db/database.ts';
import { endedEpochs, raiseEpoch } from '../db/epoch.ts';
import { syncCommits, transactUnsynced } from '../db/unsynced.ts';
import { writeDerived } from '../files/derived-files.ts';
import type { Library } from '../files/library-handle.ts';
import { keepReplaced } from './keep-replaced.ts';
import { libraryRecordPath, renderLibraryRecord } from './library-record.ts';
import { isRemembered, LIBRARY_RECORD, rememberRecord } from './record-hashes.ts';

/** The epoch in which a connection writes records. */
interface Begun {
  /** So many had ended when it began: after another one it is over. */
  after: number;
  /** Whether the library's record says it. */
  isWritten: boolean;
}
const begun = new WeakMap<Readable, Begun>();
/** One writer at a time: of two, the one with the older rows could be the last to replace the file. */
const turns = new WeakMap<Readable, Promise<unknown>>();

/** Writes the library's record if it says something else than the file. @throws StudioError `disk-full`, `disk-unwritable` */
export function writeLibraryRecord(library: Library): Promise<void> {
  return inTurn(library.db, () => write(library));
}

/**
 * Call it before a record is written. The first time, and after a snapshot, the database's epoch grows and the library's record says so, both durably: then an
 * older copy of the database is known by it. A library's record that can't be written keeps no other from being written.
 * @throws StudioError like `transact`
 */
export async function beginEpoch(library: Library): Promise<void> {
  if (current(library)?.isWritten) return;
  await inTurn(library.db, async () => {
    const epoch = currentOrNext(library);
    if (!epoch.isWritten) await write(library).catch(() => undefined);
  });
}

function current({ db, folder }: Library): Begun | null {
  const epoch = begun.get(db);
  return epoch?.after === endedEpochs(folder) ? epoch : null;
}

function currentOrNext(library: Library): Begun {
  const epoch = current(library);
  if (epoch) return epoch;
  const next = { after: endedEpochs(library.folder), isWritten: false };
  raiseEpoch(library.db);
  begun.set(library.db, next);
  return next;
}

function inTurn(db: Readable, work: () => Promise<void>): Promise<void> {
  const before = turns.get(db) ?? Promise.resolve();
  const done = before.then(work);
  turns.set(
    db,
    done.catch(() => undefined),
  );
  return done;
}

async function write(library: Library): Promise<void> {
  const { db, folder } = library;
  const path = libraryRecordPath(folder);
  const written = await readText(path);
  if (renderLibraryRecord(db) === written) {
    if (!isRemembered(db, LIBRARY_RECORD, written))
      transactUnsynced(db, () => rememberRecord(db, LIBRARY_RECORD, written));
    return;
  }
  const epoch = currentOrNext(library);
  const text = renderLibraryRecord(db);
  await syncCommits(db);
  await keepReplaced(library, { name: LIBRARY_RECORD, path, text });
  await writeDerived(folder, path, text);
  epoch.isWritten = true;
  transactUnsynced(db, () => rememberRecord(db, LIBRARY_RECORD, text));
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}
