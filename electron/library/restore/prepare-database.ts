import { closeSync, existsSync, fsyncSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';
import { openDatabase, openUntrusted, transact, type Writable } from '../db/database.ts';
import { storageFaultOf } from '../db/disk-errors.ts';
import { findDamage } from '../db/find-damage.ts';
import { takeOverEpoch } from '../db/epoch.ts';
import { acceptUnknownFiles, knownFiles } from '../db/known-files.ts';
import { inspectDatabase, migrate } from '../db/migrations/migrate.ts';
import { DATABASE } from '../files/folders.ts';
import { listUnfinished, removeEntryPiece } from '../order/journal.ts';
import { compareFiles } from '../rebuild/build-database.ts';
import { takeNewer } from '../rebuild/take-newer.ts';
import { readWrittenEpoch } from '../sidecars/written-epoch.ts';
import { copyDatabase } from '../snapshots/copy-database.ts';
import type { RestoreProgress, RestoreStep } from './steps.ts';

export interface PrepareOptions {
  folder: string;
  snapshot: string;
  /** Where the copy is written. Nothing is there. */
  path: string;
  /** Asked in each step, and between them. */
  isStopped(): boolean;
  progress(progress: RestoreProgress): void;
}

/** What is ready to take the database's place. */
export interface Prepared {
  /** Requests and imports that came after the snapshot and were taken in again from their records. */
  taken: number;
  /** Files beside the database that it doesn't know: records that can't be used, and originals. */
  unused: number;
  unlisted: number;
  /** Whether the present database is one file now, without a log. A damaged one may not be. */
  isWhole: boolean;
}

/**
 * Copies a snapshot beside the database of a library that isn't open, and brings it up to date: it gets the newest schema, and what was
 * received since. Blocks for long, so call it in a thread of its own.
 * @returns null if it was stopped
 * @throws StudioError `library-damaged`, `library-newer` for a snapshot that can't be restored; what the disk throws
 */
export async function prepareDatabase(options: PrepareOptions): Promise<Prepared | null> {
  const { folder, snapshot, path, isStopped, progress } = options;
  const begin = (step: RestoreStep): boolean => {
    progress({ step, part: 0 });
    return !isStopped();
  };
  requireOurs(snapshot);
  if (!begin('copy') || !(await copySound(options))) return null;
  if (!begin('migrate')) return null;
  const db = openDatabase(path);
  try {
    migrate(db);
    dropIntentions(db);
    if (!begin('records')) return null;
    const taken = takeNewer(db, { folder, isStopped, progress: partsOf('records', progress) });
    if (!taken || !begin('files')) return null;
    const { unlistedFiles: unlisted } = compareFiles(db, folder);
    accept(db, { records: taken.unused, originals: unlisted });
    takeOverEpoch(db, await readWrittenEpoch(folder));
    // An index that was stored for the replaced database isn't this one's, although their revisions may be the same.
    transact(db, () => db.exec('UPDATE index_identity SET identity = hex(randomblob(16))'));
    if (!begin('prove')) return null;
    prove(db);
    db.pragma('journal_mode = DELETE');
    if (isStopped()) return null;
    return { ...taken, unlisted, isWhole: foldLog(join(folder, DATABASE)) };
  } finally {
    db.close();
    if (existsSync(path)) sync(path);
  }
}

function requireOurs(snapshot: string): void {
  try {
    inspectDatabase(snapshot);
  } catch (thrown) {
    if (!(thrown instanceof StudioError)) throw thrown;
    if (thrown.code === 'library-damaged') throw damaged(thrown);
    if (thrown.code !== 'library-newer') throw thrown;
    const message =
      'This snapshot was made by a newer version of Emulsion. Nothing was changed. Update Emulsion, or choose another snapshot.';
    throw new StudioError({ code: 'library-newer', message }, { cause: thrown });
  }
}

async function copySound({ snapshot, path, isStopped, progress }: PrepareOptions): Promise<boolean> {
  try {
    return await copyDatabase(snapshot, path, { isStopped, progress: partsOf('copy', progress) });
  } catch (thrown) {
    throw storageFaultOf(thrown) === 'database-damaged' ? damaged(thrown) : thrown;
  }
}

/** Passes on how far a step is that counts by itself. */
function partsOf(step: RestoreStep, progress: PrepareOptions['progress']): (done: number, total: number) => void {
  return (done, total) => progress({ step, part: total === 0 ? 1 : done / total });
}

function damaged(cause: unknown): StudioError {
  const message = 'This snapshot is damaged. Nothing was changed. Choose another snapshot.';
  return new StudioError({ code: 'library-damaged', message }, { cause });
}

/**
 * Forgets what the snapshot was in the middle of. Since then it was finished or given up: files that it was about to delete may belong to
 * something again, and images that it was about to delete may have been taken from the trash.
 */
function dropIntentions(db: Writable): void {
  transact(db, () =>
    db.exec(`DELETE FROM removals; DELETE FROM landings WHERE json_extract(target, '$.kind') = 'input'`),
  );
  for (const { edit, sequence } of listUnfinished(db))
    if (edit.kind === 'empty') while (removeEntryPiece(db, sequence));
}

/** Counts what stays unknown as accepted, so that a start doesn't take the library for a damaged one. */
function accept(db: Writable, unknown: { records: number; originals: number }): void {
  const { accepted } = knownFiles(db);
  acceptUnknownFiles(db, {
    records: Math.max(0, unknown.records - accepted.records),
    originals: Math.max(0, unknown.originals - accepted.originals),
  });
}

function prove(db: Writable): void {
  const broken = db.pragma('foreign_key_check') as unknown[];
  const damage = broken.length > 0 ? [`${broken.length} broken references`] : findDamage(db.name);
  if (damage.length === 0) return;
  const message = `The snapshot wasn’t restored: with what was received since, it isn’t sound (${damage.join('; ')}). The library is as it was. Choose another snapshot.`;
  throw new StudioError({ code: 'library-damaged', message });
}

/** Writes the log of a database into it. Returns whether that is one whole file now. */
function foldLog(path: string): boolean {
  // SQLite would delete the log beside an empty one.
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return false;
  try {
    const db = openUntrusted(path, { fileMustExist: true, timeout: 5000 });
    try {
      db.pragma('journal_mode = DELETE');
    } finally {
      db.close();
    }
    sync(path);
  } catch (thrown) {
    const fault = storageFaultOf(thrown);
    if (fault !== 'database-damaged' && fault !== 'unwritable') throw thrown;
    return false;
  }
  return !['-wal', '-journal'].some((end) => existsSync(path + end));
}

function sync(path: string): void {
  // Windows can't sync a file opened read-only.
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
