import Database from 'better-sqlite3';
import { dirname } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';
import { databaseHealth } from './database-health.ts';
import { storageFaultOf, toDiskError } from './disk-errors.ts';

declare const readable: unique symbol;
declare const writable: unique symbol;
/** A database that may be read. Reading functions take this type, so a read-only connection fits too. */
export type Readable = Database.Database & { readonly [readable]: true };
/** A database that may be written: the only connection of the process that holds the library's lock. */
export type Writable = Readable & { readonly [writable]: true };

/**
 * Settings of every connection. better-sqlite3 is compiled with `synchronous=NORMAL` for WAL mode, which rarely syncs; a saved
 * image must survive a power cut, hence FULL.
 */
const PRAGMAS: readonly Pragma[] = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['fullfsync', 'ON', 1],
  ['foreign_keys', 'ON', 1],
];
type Pragma = readonly [name: string, value: string, expected: string | number];

/**
 * The file may come from anyone: its views and triggers may not call functions with side effects, and pages are checked when
 * read.
 */
const UNTRUSTED_PRAGMAS: readonly Pragma[] = [
  ['trusted_schema', 'OFF', 0],
  ['cell_size_check', 'ON', 1],
];

/**
 * Opens an SQLite file that may come from anyone. The only way to open one: the untrusted pragmas are set before anything is
 * read.
 */
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
 * Opens the database file, or creates it, and sets the pragmas. `migrate.ts` checks application id and version.
 * @throws StudioError `disk-unwritable` if a pragma isn't honoured, and the errors of {@link toDiskError}
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

/** SQLite silently ignores pragmas it can't honour, so each is read back. */
function checkPragmas(db: Database.Database, path: string): void {
  for (const [name, , expected] of [...UNTRUSTED_PRAGMAS, ...PRAGMAS]) {
    const actual: unknown = db.pragma(name, { simple: true });
    if (actual === expected) continue;
    throw new StudioError({
      code: 'disk-unwritable',
      message: `The library can’t be stored safely in ${dirname(path)}: its file system doesn’t support what the database needs (${name} is ${String(actual)}). Choose a folder on a local disk.`,
    });
  }
}

/** A prepared statement whose errors say which library they concern, what is safe and what to do. */
export interface Statement<Binds extends unknown[], Row> {
  /** @throws StudioError `library-damaged`, `disk-unwritable`, `disk-full`, `library-locked` */
  get(...binds: Binds): Row | undefined;
  /** @throws StudioError like {@link get} */
  all(...binds: Binds): Row[];
  /** @throws StudioError like {@link get} */
  run(...binds: Binds): Database.RunResult;
}

const statements = new WeakMap<Database.Database, Map<string, Statement<unknown[], unknown>>>();

/**
 * The prepared statement of an SQL text, cached per connection. Row and bind types are the caller's claim; SQL isn't checked
 * here.
 * @throws StudioError `library-damaged`, `disk-unwritable` where the schema can't be read
 */
export function prepare<Binds extends unknown[], Row = never>(db: Readable, sql: string): Statement<Binds, Row> {
  const known = statements.get(db) ?? new Map<string, Statement<unknown[], unknown>>();
  statements.set(db, known);
  const statement = known.get(sql) ?? explained(db, sql);
  known.set(sql, statement);
  return statement as Statement<Binds, Row>;
}

function explained(db: Readable, sql: string): Statement<unknown[], unknown> {
  const statement = explain(db, () => db.prepare(sql));
  return {
    get: (...binds) => explain(db, () => statement.get(...binds)),
    all: (...binds) => explain(db, () => statement.all(...binds)),
    run: (...binds) => explain(db, () => statement.run(...binds)),
  };
}

/** Turns errors of the disk and the database into typed ones. Damage is recorded in the database's health. */
function explain<Result>(db: Readable, act: () => Result): Result {
  try {
    return act();
  } catch (thrown) {
    const error = toDiskError(thrown, { folder: dirname(db.name) });
    // Not for one damaged value, which says nothing about the rest.
    if (error instanceof StudioError && storageFaultOf(error) === 'database-damaged') databaseHealth(db).report(error);
    throw error;
  }
}

/**
 * Runs `body` in one transaction, committed to disk on return.
 * @throws StudioError `disk-full`, `disk-unwritable`, `library-damaged`; then nothing is stored
 */
export function transact<Result>(db: Writable, body: () => Result): Result {
  return explain(db, () => db.transaction(body).immediate());
}
