import type Database from 'better-sqlite3';
import type { GenerationId } from '../../contract/entities/ids.ts';
import { openUntrusted, transact, type Writable } from './database.ts';

/**
 * The state of a request as another program would read it from the database file; null if it has no such row. SQLite shares its locks
 * between the connections of a process, so closing this one doesn't drop those of the open library.
 * @throws SQLite's error
 */
export function readStateAnew(path: string, id: GenerationId): string | null {
  const db = openUntrusted(path, { readonly: true, fileMustExist: true, timeout: 1000 });
  try {
    const row = statement(db).get(id);
    return row?.state ?? null;
  } finally {
    db.close();
  }
}

function statement(db: Database.Database): Database.Statement<[string], { state: string }> {
  return db.prepare<[string], { state: string }>('SELECT state FROM generations WHERE id = ?');
}

/** Commits a change that changes nothing: writes the version that the database has. @throws StudioError like `transact` */
export function proveWritable(db: Writable): void {
  const version: unknown = db.pragma('user_version', { simple: true });
  transact(db, () => db.pragma(`user_version = ${Number(version)}`));
}
