import type Database from 'better-sqlite3';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StudioError } from '../../../contract/errors/errors.ts';
import { errorCode } from '../../../disk/error-code.ts';
import { openUntrusted, type Writable } from '../database.ts';
import { toDiskError } from '../disk-errors.ts';
import { initial } from './0001-initial.ts';
import { moneyBatchesInputs } from './0002-money-batches-inputs.ts';
import { repeats } from './0003-repeats.ts';
import { canvas } from './0004-canvas.ts';
import { formatsAndFlaws } from './0006-formats-and-flaws.ts';
import { spentWhenSent } from './0005-spent-when-sent.ts';
import { inputDetails } from './0007-input-details.ts';
import { finishedJobs } from './0008-finished-jobs.ts';
import { order } from './0009-order.ts';
import { imports } from './0010-imports.ts';
import { recordHashes } from './0011-record-hashes.ts';
import { signedFormats } from './0012-signed-formats.ts';
import type { Migration } from './migration.ts';

/** In order; the version is the position in the list, counted from 1. */
export const MIGRATIONS: readonly Migration[] = [
  initial,
  moneyBatchesInputs,
  repeats,
  canvas,
  spentWhenSent,
  formatsAndFlaws,
  inputDetails,
  finishedJobs,
  order,
  imports,
  recordHashes,
  signedFormats,
];
export const SCHEMA_VERSION = MIGRATIONS.length;
/** `Emul` in ASCII: distinguishes a library from other SQLite files. */
export const APPLICATION_ID = 0x456d756c;

/** Stands for the application id of a database that has none and isn't ours. */
const FOREIGN = -1;

interface Schema {
  applicationId: number;
  version: number;
}

/**
 * Checks whether this version can open a database file, without touching it or the files beside it. A missing or empty file is
 * fine: it will be created.
 * @throws StudioError `library-newer`, `library-damaged`
 */
export function inspectDatabase(path: string): void {
  const schema = readSchema(path);
  if (schema) checkSchema(schema, path);
}

/**
 * Migrates a database to the newest version, one step at a time.
 * @throws StudioError `library-newer`, `library-damaged`; a failed step is rolled back
 */
export function migrate(db: Writable, migrations: readonly Migration[] = MIGRATIONS): void {
  const schema = schemaOf(db);
  checkSchema(schema, db.name, migrations.length);
  const due = migrations.filter((migration) => migration.version > schema.version);
  if (due.length === 0) return;

  // A step may rebuild a referenced table, so foreign keys are checked at its end instead.
  db.pragma('foreign_keys = OFF');
  try {
    for (const migration of due) db.transaction(() => runMigration(db, migration)).immediate();
  } finally {
    db.pragma('foreign_keys = ON');
  }
}

/** The version of a database's format. */
export function versionOf(db: Writable): number {
  return schemaOf(db).version;
}

/** Whether {@link migrate} would change a database that was in use before. */
export function isMigrationDue(db: Writable): boolean {
  const { version } = schemaOf(db);
  return version > 0 && version < SCHEMA_VERSION;
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
      message: `The library in ${dirname(path)} was last used by a newer version of Emulsion (format ${schema.version}; this version supports ${known}). Nothing was changed. Update Emulsion, or choose another library folder.`,
    });
  }
}

function notALibrary(path: string, cause?: unknown): StudioError {
  return new StudioError(
    {
      code: 'library-damaged',
      message: `${path} isn’t an Emulsion database, or it is damaged. Nothing was changed; the images in the folders beside it are separate files and still there. Choose another library folder, or move that file away.`,
    },
    { cause },
  );
}

function notAFile(path: string, what: string): StudioError {
  return new StudioError({
    code: 'library-damaged',
    message: `${path} is ${what}, not an Emulsion database. Nothing was changed. Choose another library folder, or move it away.`,
  });
}

/** Other programs' databases often have neither id nor version; only one without tables may become ours. */
function schemaFrom(applicationId: number, version: number, hasTables: boolean): Schema {
  return { applicationId: applicationId === 0 && hasTables ? FOREIGN : applicationId, version };
}

/** In one transaction: another process may be creating the library, and its first commit changes all of them at once. */
function schemaOf(db: Database.Database): Schema {
  const read = (name: string): number => db.pragma(name, { simple: true }) as number;
  return db.transaction(() => {
    const tables = db.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get() ?? 0;
    return schemaFrom(read('application_id'), read('user_version'), tables > 0);
  })();
}

function headerSchema(header: Buffer): Schema {
  const leafPage = 13;
  const isEmpty = header[100] === leafPage && header.readUInt16BE(103) === 0;
  return schemaFrom(header.readUInt32BE(68), header.readUInt32BE(60), !isEmpty);
}

/** Null if there is no database yet. */
function readSchema(path: string): Schema | null {
  try {
    const header = readHeader(path);
    if (header === null) return null;
    if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') throw notALibrary(path);
    // Opening it with SQLite would create files beside it, so only if a crash has left them there already.
    return hasJournal(path) ? readThroughSqlite(path) : headerSchema(header);
  } catch (thrown) {
    if (/^SQLITE_(?:NOTADB|CORRUPT)/u.test(errorCode(thrown))) throw notALibrary(path, thrown);
    throw toDiskError(thrown, { folder: dirname(path) });
  }
}

/** SQLite's file header and the start of the first page, the schema table (sqlite.org/fileformat.html, 1.3 and 1.6). */
const HEADER_BYTES = 108;

/** Null for a missing or empty file. */
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
