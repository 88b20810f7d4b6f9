import type Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';
import { errorCode } from '../../disk/error-code.ts';
import { openUntrusted } from '../db/database.ts';
import { toDiskError } from '../db/disk-errors.ts';

/** Who has the library open, as it stands in the lock file. */
interface Owner {
  token: string;
  pid: number;
  host: string;
  started_at: number;
  released_at: number | null;
}

/** The library is ours until it is released or the process ends, however it ends. */
export interface Lock {
  release(): void;
}

/**
 * Takes the library for this process. `library.lock` is a tiny SQLite database with one row that names its owner; what excludes others
 * is an open write transaction on it, so the system's own file lock. That lock goes with the process that holds it: a crash leaves none,
 * and a process id that was given out anew after a restart cannot pass for an owner. The file itself stays.
 *
 * Never open `library.lock` with anything but SQLite inside this process: on POSIX systems closing any handle of a file drops all locks
 * that the process has on it.
 * @throws StudioError `library-locked`, naming the owner
 */
export function acquireLock(path: string): Lock {
  const folder = dirname(path);
  const db = openLockFile(path);
  const self: Owner = {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    started_at: Date.now(),
    released_at: null,
  };
  try {
    // The row is committed for others to read, then the lock is taken again. Another process can come in between; it then finds our row
    // and goes on with its own, and our second turn fails. So the last one who gets through is the only one.
    for (;;) {
      begin(db, path);
      const owner = readOwner(db);
      if (owner?.token === self.token) break;
      if (owner && owner.released_at === null && owner.host !== self.host) throw lockedElsewhere(owner, path);
      writeOwner(db, self);
      db.exec('COMMIT');
    }
  } catch (thrown) {
    db.close();
    throw toDiskError(thrown, { folder });
  }
  return { release: () => release(db) };
}

function openLockFile(path: string): Database.Database {
  try {
    return openUntrusted(path, { timeout: 250 });
  } catch (thrown) {
    throw toDiskError(thrown, { folder: dirname(path) });
  }
}

function begin(db: Database.Database, path: string): void {
  try {
    db.exec('BEGIN IMMEDIATE');
    db.exec(
      'CREATE TABLE IF NOT EXISTS owner (token TEXT NOT NULL, pid INTEGER NOT NULL, host TEXT NOT NULL, started_at INTEGER NOT NULL, released_at INTEGER) STRICT',
    );
  } catch (thrown) {
    if (errorCode(thrown).startsWith('SQLITE_BUSY')) throw lockedHere(readOwner(db), path);
    if (errorCode(thrown) === 'SQLITE_NOTADB') throw lockFileDamaged(path, thrown);
    throw thrown;
  }
}

/** Null while the first owner has not yet written itself down. */
function readOwner(db: Database.Database): Owner | null {
  try {
    return db.prepare<[], Owner>('SELECT * FROM owner').get() ?? null;
  } catch (thrown) {
    if (/^SQLITE_(?:BUSY|ERROR)/u.test(errorCode(thrown))) return null;
    throw thrown;
  }
}

function writeOwner(db: Database.Database, owner: Owner): void {
  db.exec('DELETE FROM owner');
  db.prepare('INSERT INTO owner VALUES (:token, :pid, :host, :started_at, :released_at)').run(owner);
}

function release(db: Database.Database): void {
  if (!db.open) return;
  try {
    db.prepare('UPDATE owner SET released_at = ?').run(Date.now());
    db.exec('COMMIT');
  } catch {
    // A full or vanished disk takes no note. The lock itself goes with the file's closing; on this computer that is enough.
  } finally {
    db.close();
  }
}

function lockedHere(owner: Owner | null, path: string): StudioError {
  const who = owner
    ? `process ${owner.pid} on ${owner.host}, since ${new Date(owner.started_at).toLocaleString('en-GB')}`
    : 'starting just now';
  return new StudioError({
    code: 'library-locked',
    message: `Emulsion is already open on the library in ${dirname(path)} (${who}). Nothing was changed. Use it there, or choose another folder.`,
  });
}

function lockedElsewhere(owner: Owner, path: string): StudioError {
  return new StudioError({
    code: 'library-locked',
    message: `The library in ${dirname(path)} is open on the computer ${owner.host} (process ${owner.pid}, since ${new Date(owner.started_at).toLocaleString('en-GB')}), or Emulsion ended there without closing it. Nothing was changed. Close Emulsion there. If it is not running there, delete the file ${path} and start again.`,
  });
}

function lockFileDamaged(path: string, cause: unknown): StudioError {
  return new StudioError(
    {
      code: 'library-damaged',
      message: `The file ${path} is not a lock of Emulsion's. Nothing was changed. If no Emulsion is running on this library, delete that file and start again.`,
    },
    { cause },
  );
}
