import Database from 'better-sqlite3';
import { dirname } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';
import { toDiskError } from './disk-errors.ts';

declare const readable: unique symbol;
declare const writable: unique symbol;
/** A database that may be read. Every reading function takes this one, so that a read-only connection can be passed as well. */
export type Readable = Database.Database & { readonly [readable]: true };
/** A database that may be written: the one connection of the process that holds the library's lock. */
export type Writable = Readable & { readonly [writable]: true };

/**
 * What every connection is set to. In WAL mode better-sqlite3 is compiled to `synchronous=NORMAL`, which syncs almost never; an image
 * that was announced must survive a power cut, hence FULL.
 */
const PRAGMAS: readonly Pragma[] = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['fullfsync', 'ON', 1],
  ['foreign_keys', 'ON', 1],
];
type Pragma = readonly [name: string, value: string, expected: string | number];

/** A file may be anybody's: its views and triggers call no function that does something, and its pages are checked as they are read. */
const UNTRUSTED_PRAGMAS: readonly Pragma[] = [
  ['trusted_schema', 'OFF', 0],
  ['cell_size_check', 'ON', 1],
];

/** Opens an SQLite file that may be a stranger's. The only way in: nothing is read before the file is distrusted. */
export function openUntrusted(path: string, options: Database.Options): Database.Database {
  const db = new Database(path, options);
  try {
    for (const [name, value] of UNTRUSTED_PRAGMAS) db.pragma(`${name} = ${value}`);
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/**
 * Opens the database file, makes it where there is none, and sets the pragmas. Whether it is ours and of which version is for
 * `migrate.ts` to say.
 * @throws StudioError `disk-unwritable` when a pragma is not taken, and what {@link toDiskError} knows
 */
export function openDatabase(path: string): Writable {
  const db = openUntrusted(path, { timeout: 5000 });
  try {
    for (const [name, value] of PRAGMAS) db.pragma(`${name} = ${value}`);
    checkPragmas(db, path);
  } catch (thrown) {
    db.close();
    throw toDiskError(thrown, { folder: dirname(path) });
  }
  return db as Writable;
}

/** SQLite ignores a pragma that it cannot honour without a word, so each is read back. */
function checkPragmas(db: Database.Database, path: string): void {
  for (const [name, , expected] of [...UNTRUSTED_PRAGMAS, ...PRAGMAS]) {
    const actual: unknown = db.pragma(name, { simple: true });
    if (actual === expected) continue;
    throw new StudioError({
      code: 'disk-unwritable',
      message: `The library cannot be kept safely in ${dirname(path)}: its file system does not offer what the database needs (${name} is ${String(actual)}). Choose a folder on a disk of this computer.`,
    });
  }
}

const statements = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/** The prepared statement of a text, made once for each connection. The types are the caller's word: SQL cannot be checked here. */
export function prepare<Binds extends unknown[], Row = never>(
  db: Readable,
  sql: string,
): Database.Statement<Binds, Row> {
  const known = statements.get(db) ?? new Map<string, Database.Statement>();
  statements.set(db, known);
  const statement = known.get(sql) ?? db.prepare(sql);
  known.set(sql, statement);
  return statement as Database.Statement<Binds, Row>;
}

/**
 * Runs `body` in one transaction, which is on the disk when this returns.
 * @throws StudioError `disk-full`, `disk-unwritable`, `library-damaged`; then nothing of it is stored
 */
export function transact<Result>(db: Writable, body: () => Result): Result {
  try {
    return db.transaction(body).immediate();
  } catch (thrown) {
    throw toDiskError(thrown, { folder: dirname(db.name) });
  }
}
