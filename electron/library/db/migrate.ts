import type Database from 'better-sqlite3';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';
import { errorCode } from '../../disk/error-code.ts';
import { openUntrusted, type Writable } from './database.ts';
import { toDiskError } from './disk-errors.ts';
import { initial } from './migrations/0001-initial.ts';
import { moneyBatchesInputs } from './migrations/0002-money-batches-inputs.ts';
import { repeats } from './migrations/0003-repeats.ts';
import { canvas } from './migrations/0004-canvas.ts';
import type { Migration } from './migrations/migration.ts';

/** In order; the version is the place in the list, counted from 1. */
export const MIGRATIONS: readonly Migration[] = [initial, moneyBatchesInputs, repeats, canvas];
export const SCHEMA_VERSION = MIGRATIONS.length;
/** `Emul` in ASCII: tells a library from any other SQLite file. */
export const APPLICATION_ID = 0x456d756c;

/** Stands for the id of a database that has none and is not ours. */
const FOREIGN = -1;

interface Schema {
  applicationId: number;
  version: number;
}

/**
 * Looks whether a database file is one that this Emulsion can open, without touching it or anything beside it. No file, or an empty
 * one, is well: it will be made.
 * @throws StudioError `library-newer`, `library-damaged`
 */
export function inspectDatabase(path: string): void {
  const schema = readSchema(path);
  if (schema) checkSchema(schema, path);
}

/**
 * Brings a database to the newest version, step by step.
 * @throws StudioError `library-newer`, `library-damaged`; the step at fault leaves nothing behind
 */
export function migrate(db: Writable, migrations: readonly Migration[] = MIGRATIONS): void {
  const schema = schemaOf(db);
  checkSchema(schema, db.name, migrations.length);
  const due = migrations.filter((migration) => migration.version > schema.version);
  if (due.length === 0) return;

  // A step may rebuild a table that others refer to, so references are checked at the end of each step instead.
  db.pragma('foreign_keys = OFF');
  try {
    for (const migration of due) db.transaction(() => runMigration(db, migration)).immediate();
  } finally {
    db.pragma('foreign_keys = ON');
  }
}

function runMigration(db: Writable, migration: Migration): void {
  migration.up(db);
  const broken = db.pragma('foreign_key_check') as unknown[];
  if (broken.length > 0) throw new Error(`Migration ${migration.version} left ${broken.length} broken references.`);
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.pragma(`user_version = ${migration.version}`);
}

function checkSchema(schema: Schema, path: string, known = SCHEMA_VERSION): void {
  const isNew = schema.applicationId === 0 && schema.version === 0;
  if (!isNew && schema.applicationId !== APPLICATION_ID) throw notALibrary(path);
  if (schema.version > known) {
    throw new StudioError({
      code: 'library-newer',
      message: `The library in ${dirname(path)} was last used by a newer Emulsion: its format is version ${schema.version}, this Emulsion knows version ${known}. Nothing was changed. Update Emulsion, or choose another library folder.`,
    });
  }
}

function notALibrary(path: string, cause?: unknown): StudioError {
  return new StudioError(
    {
      code: 'library-damaged',
      message: `The file ${path} is not a database of Emulsion's, or it is damaged. Nothing was changed. Images in the folders beside it are files of their own and still there. Choose another library folder, or move that file away.`,
    },
    { cause },
  );
}

function notAFile(path: string, what: string): StudioError {
  return new StudioError({
    code: 'library-damaged',
    message: `${path} is ${what}, not a file, so it is not a database of Emulsion's. Nothing was changed. Choose another library folder, or move it away.`,
  });
}

/** Somebody else's database often has neither an id nor a version. Only one without tables may become ours. */
function schemaFrom(applicationId: number, version: number, hasTables: boolean): Schema {
  return { applicationId: applicationId === 0 && hasTables ? FOREIGN : applicationId, version };
}

function schemaOf(db: Database.Database): Schema {
  const tables = db.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get() ?? 0;
  const read = (name: string): number => db.pragma(name, { simple: true }) as number;
  return schemaFrom(read('application_id'), read('user_version'), tables > 0);
}

function headerSchema(header: Buffer): Schema {
  const leafPage = 13;
  const isEmpty = header[100] === leafPage && header.readUInt16BE(103) === 0;
  return schemaFrom(header.readUInt32BE(68), header.readUInt32BE(60), !isEmpty);
}

/** Null where there is no database yet. */
function readSchema(path: string): Schema | null {
  try {
    const header = readHeader(path);
    if (header === null) return null;
    if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') throw notALibrary(path);
    // Opening it by SQLite would leave files beside it, so that is done only where a crash has left them there already.
    return hasJournal(path) ? readThroughSqlite(path) : headerSchema(header);
  } catch (thrown) {
    if (/^SQLITE_(?:NOTADB|CORRUPT)/u.test(errorCode(thrown))) throw notALibrary(path, thrown);
    throw toDiskError(thrown, { folder: dirname(path) });
  }
}

/** SQLite's file header and the head of the first page, which lists the tables (sqlite.org/fileformat.html, 1.3 and 1.6). */
const HEADER_BYTES = 108;

/** Null for no file or an empty one. */
function readHeader(path: string): Buffer | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat && !stat.isFile()) throw notAFile(path, stat.isDirectory() ? 'a folder' : 'a device or a pipe');
  const size = stat?.size ?? 0;
  if (size === 0) return null;
  if (size < HEADER_BYTES) throw notALibrary(path);
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
  return header;
}

function hasJournal(path: string): boolean {
  return ['-wal', '-journal'].some((end) => (statSync(path + end, { throwIfNoEntry: false })?.size ?? 0) > 0);
}

function readThroughSqlite(path: string): Schema {
  const db = openUntrusted(path, { readonly: true, fileMustExist: true });
  try {
    return schemaOf(db);
  } finally {
    db.close();
  }
}
