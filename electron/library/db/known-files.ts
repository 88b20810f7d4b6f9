import type Database from 'better-sqlite3';
import { existsSync, rmSync } from 'node:fs';
import { ACCEPTED_ORIGINALS, ACCEPTED_RECORDS } from './counters.ts';
import { openUntrusted, prepare, transact, type Writable } from './database.ts';
import { EPOCH } from './epoch.ts';

/** Which of the files beside it a database knows, of any version. */
export interface KnownFiles {
  isRecord(id: string): boolean;
  /** With a row, being saved, or about to be deleted. */
  isOriginal(sha256: string): boolean;
  /** Numbers of unknown files that the person accepted earlier. */
  accepted: { records: number; originals: number };
  /** Compared with what the library's record says: see `epoch.ts`. */
  epoch: number;
}

/**
 * Reads a database through a connection that writes nothing, and closes it. The caller holds the library's lock.
 * @throws SQLite's error
 */
export async function withKnownFiles<Result>(
  path: string,
  look: (known: KnownFiles) => Promise<Result>,
): Promise<Result> {
  const beside = ['-wal', '-shm'].map((end) => path + end).filter((name) => !existsSync(name));
  const db = openUntrusted(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    return await look(knownFiles(db));
  } finally {
    db.close();
    // SQLite creates them empty even for a connection that only reads, and leaves them.
    for (const name of beside) rmSync(name, { force: true });
  }
}

/** @throws SQLite's error */
export function knownFiles(db: Database.Database): KnownFiles {
  const tables = new Set(db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
  const find = (table: string, sql: string): ((key: string) => number | null) => {
    if (!tables.has(table)) return () => null;
    const statement = db.prepare<[string], number>(sql).pluck();
    return (key) => statement.get(key) ?? null;
  };
  const generation = find('generations', 'SELECT 1 FROM generations WHERE id = ?');
  const imported = find('imports', 'SELECT 1 FROM imports WHERE id = ?');
  const original = find('originals', 'SELECT 1 FROM originals WHERE sha256 = ?');
  const pending = find('landings', 'SELECT 1 FROM landings WHERE sha256 = ?');
  const removal = find('removals', "SELECT 1 FROM removals WHERE kind = 'original' AND name = ?");
  const counter = find('counters', 'SELECT value FROM counters WHERE name = ?');
  return {
    isRecord: (id) => generation(id) !== null || imported(id) !== null,
    isOriginal: (sha256) => original(sha256) !== null || pending(sha256) !== null || removal(sha256) !== null,
    epoch: counter(EPOCH) ?? 0,
    accepted: { records: counter(ACCEPTED_RECORDS) ?? 0, originals: counter(ACCEPTED_ORIGINALS) ?? 0 },
  };
}

/** Remembers that the person opened the library although these files are unknown, beside those accepted earlier. */
export function acceptUnknownFiles(db: Writable, unknown: { records: number; originals: number }): void {
  transact(db, () => {
    acceptMore(db, ACCEPTED_RECORDS, unknown.records);
    acceptMore(db, ACCEPTED_ORIGINALS, unknown.originals);
  });
}

/** Remembers that the person has read of this many unknown originals, beside those accepted earlier. */
export function acceptUnknownOriginals(db: Writable, count: number): void {
  transact(db, () => acceptMore(db, ACCEPTED_ORIGINALS, count));
}

/** Of the unknown files that the person accepted, these are known by now: as many new ones must not be taken for them. */
export function forgetAccepted(db: Writable, known: { records: number; originals: number }): void {
  const sql = 'UPDATE counters SET value = max(0, value - ?) WHERE name = ?';
  transact(db, () => {
    prepare<[number, string]>(db, sql).run(known.records, ACCEPTED_RECORDS);
    prepare<[number, string]>(db, sql).run(known.originals, ACCEPTED_ORIGINALS);
  });
}

function acceptMore(db: Writable, counter: string, count: number): void {
  const sql = 'INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value';
  prepare<[string, number]>(db, sql).run(counter, count);
}
