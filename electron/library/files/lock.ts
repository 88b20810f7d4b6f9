import type Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';
import { errorCode } from '../../disk/error-code.ts';
import { openUntrusted } from '../db/database.ts';
import { toDiskError } from '../db/disk-errors.ts';

/** The process that has the library open, as stored in the lock file. */
interface Owner {
  token: string;
  pid: number;
  host: string;
  started_at: number;
  released_at: number | null;
}

/** Held until released or until the process ends, however it ends. */
export interface Lock {
  release(): void;
}

/**
 * Locks the library for this process. `library.lock` is a tiny SQLite database whose single row names the owner; the actual
 * lock is an open write transaction, that is, the operating system's file lock. It ends with the process: a crash leaves no
 * lock behind, and a reused process id can't be mistaken for the owner. The file itself stays.
 *
 * Never open `library.lock` with anything but SQLite in this process: on POSIX, closing any handle of a file drops all locks
 * that the process holds on it.
 * @throws StudioError `library-locked` naming the owner, `disk-full`, `disk-unwritable`, `library-damaged`
 */
export function acquireLock(path: string): Lock {
  const db = openLockFile(path);
  const self: Owner = {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    started_at: Date.now(),
    released_at: null,
  };
  try {
    // The row is committed so that others can read it, then the lock is taken again. If another process got in between, it finds
    // this row, writes its own, and the second attempt here fails: only the last one to get through holds the lock.
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
    throw toLockError(thrown, path);
  }
  return { release: () => release(db) };
}

function openLockFile(path: string): Database.Database {
  try {
    return openUntrusted(path, { timeout: 250 });
  } catch (thrown) {
    throw toLockError(thrown, path);
  }
}

function begin(db: Database.Database, path: string): void {
  try {
    db.exec('BEGIN IMMEDIATE');
    db.exec(
      'CREATE TABLE IF NOT EXISTS owner (token TEXT NOT NULL, pid INTEGER NOT NULL, host TEXT NOT NULL, started_at INTEGER NOT NULL, released_at INTEGER) STRICT',
    );
  } catch (thrown) {
    throw BUSY.test(errorCode(thrown)) ? lockedHere(readOwner(db), path) : thrown;
  }
}

/** Null while the first owner hasn't written its row yet. */
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
    // A full or disconnected disk can't store the release. Closing the file releases the lock on this computer.
  } finally {
    db.close();
  }
}

const BUSY = /^SQLITE_(?:BUSY|LOCKED)/u;
const DAMAGED = /^SQLITE_(?:NOTADB|CORRUPT|ERROR|MISMATCH|CONSTRAINT)/u;
const NO_LOCKS = /^SQLITE_(?:IOERR|PROTOCOL|NOLFS)/u;

/** Why the lock couldn't be taken, told apart: held by another process, damaged, no file locks, not writable or full, unknown. */
function toLockError(thrown: unknown, path: string): StudioError {
  if (thrown instanceof StudioError) return thrown;
  const code = errorCode(thrown);
  const folder = dirname(path);
  if (BUSY.test(code)) return lockedHere(null, path);
  if (DAMAGED.test(code)) return lockFileDamaged(path, thrown);
  if (NO_LOCKS.test(code)) return locksUnsupported(folder, code, thrown);
  const explained = toDiskError(thrown, { folder, detail: 'Nothing was changed.' });
  if (explained instanceof StudioError) return explained;
  const message = `The library in ${folder} couldn’t be locked (${code || String(thrown)}). Nothing was changed. Start Emulsion again, or choose another folder.`;
  return new StudioError({ code: 'internal', message }, { cause: thrown });
}

/** A row that was released, or none: the holder hasn't written its own yet, or isn't Emulsion. */
function lockedHere(owner: Owner | null, path: string): StudioError {
  const message =
    owner && owner.released_at === null
      ? `Emulsion is already open on the library in ${dirname(path)} (process ${owner.pid} on ${owner.host}, since ${timeOf(owner)}). Nothing was changed. Use it there, or choose another folder.`
      : `Another process holds ${path}: Emulsion is just starting there, or another program has the file open. Nothing was changed. Try again, or choose another folder.`;
  return new StudioError({ code: 'library-locked', message });
}

function lockedElsewhere(owner: Owner, path: string): StudioError {
  return new StudioError({
    code: 'library-locked',
    message: `The library in ${dirname(path)} is open on the computer ${owner.host} (process ${owner.pid}, since ${timeOf(owner)}), or Emulsion ended there without closing it. Nothing was changed. Close Emulsion there. If it isn’t running there, delete ${path} and start again.`,
  });
}

function timeOf(owner: Owner): string {
  return new Date(owner.started_at).toLocaleString('en-GB');
}

function lockFileDamaged(path: string, cause: unknown): StudioError {
  const message = `The lock file ${path} is damaged or isn’t Emulsion’s. Your images and the database weren’t touched. If Emulsion isn’t running on this library, delete that file and start again.`;
  return new StudioError({ code: 'library-damaged', message }, { cause });
}

function locksUnsupported(folder: string, code: string, cause: unknown): StudioError {
  const message = `The library in ${folder} couldn’t be locked: its disk failed or doesn’t support file locks (${code}). Nothing was changed. Check the disk, or choose a folder on a local disk.`;
  return new StudioError({ code: 'disk-unwritable', message }, { cause });
}
