import { lstatSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CopyResult } from '../../contract/entities/copies.ts';
import { openDatabase, openUntrusted, type Readable } from '../db/database.ts';
import { takeOverEpoch } from '../db/epoch.ts';
import { knownFiles } from '../db/known-files.ts';
import { DATABASE, LOCK, ORIGINALS, RECORDS } from '../files/folders.ts';
import type { SidecarId } from '../files/sidecar-marks.ts';
import { renderLibraryRecord } from '../sidecars/library-record.ts';
import { renderSidecar } from '../sidecars/render-sidecar.ts';
import { readWrittenEpoch } from '../sidecars/written-epoch.ts';
import { copyDatabase } from '../snapshots/copy-database.ts';
import { CopyJournal, JOURNAL } from './copy-journal.ts';
import { MARKER, spaceNeeded } from './copy-target.ts';
import { CopyWriter, syncFolder, type RecordText } from './copy-writer.ts';
import { filesFingerprint, rowsFingerprint, type FileState } from './fingerprint.ts';
import { RECEIPT, writeReceipt } from './receipt.ts';

/** The database until all files are there. */
const UNFINISHED = 'library.copying.db';
/** Derived from the database, or of the process that has the library open. */
const LEFT_OUT = new Set(['index', LOCK, MARKER, JOURNAL, RECEIPT]);
const DATABASE_FILE = /^library(?:\.copying|\.rebuilding|\.restoring)?\.db(?:-wal|-shm|-journal)?$/u;
const TEMPORARY = /\.(?:tmp|part|copying|kept)$/u;

export interface CopyFilesOptions {
  folder: string;
  /** An empty folder, or what an earlier attempt has left. */
  target: string;
  /** What is free there, in bytes; null where that isn't known. */
  free: number | null;
  isStopped(): boolean;
  progress(done: number, total: number, name: string): void;
}

interface Listed {
  path: string;
  bytes: number;
}

/**
 * Copies a library that may be open, as it is at the beginning. Blocks, so call it in a thread of its own.
 * @returns null if it was stopped: what is there is used by the next attempt
 * @throws StudioError `disk-full` if there isn't enough room; what the disk or SQLite throws
 */
export async function copyFiles(options: CopyFilesOptions): Promise<CopyResult | null> {
  const journal = new CopyJournal(options.target);
  try {
    return await copyAll(options, journal);
  } finally {
    journal.close();
  }
}

async function copyAll(
  { folder, target, free, isStopped, progress }: CopyFilesOptions,
  journal: CopyJournal,
): Promise<CopyResult | null> {
  // Times of files may be older than the clock by some ms.
  const began = Date.now() - 2000;
  const isDue = ({ path }: Listed): boolean => journal.copyOf(folder, path) === null;
  const first = list(folder);
  const database = statSync(join(folder, DATABASE)).size;
  if (free !== null) spaceNeeded({ target, needed: database + sum(first.filter(isDue)), free });
  const expected = database + sum(first);
  const unfinished = join(target, UNFINISHED);
  for (const end of ['', '-journal']) rmSync(unfinished + end, { force: true });
  const isWhole = await copyDatabase(join(folder, DATABASE), unfinished, {
    isStopped,
    progress: (done) => progress(done, expected, DATABASE),
  });
  if (!isWhole) return null;

  // Listed again: what the database's copy names has to be there.
  const files = list(folder);
  const total = database + sum(files);
  let done = total - sum(files.filter(isDue));
  const writer = new CopyWriter({ folder, target }, journal, (path, bytes) => progress((done += bytes), total, path));
  const copied = openUntrusted(unfinished, { readonly: true, fileMustExist: true }) as Readable;
  const damaged: string[] = [];
  const states: FileState[] = [];
  let rows: string;
  try {
    const known = knownFiles(copied);
    for (const { path } of files) {
      if (isStopped()) return null;
      const before = journal.copyOf(folder, path);
      const render = before ? null : renderOf(path, copied);
      if (render && isSince(join(folder, path), began)) {
        // With the record of a request or an import that came after its database was copied, the copy would look older than it is.
        const same = render.id === null || known.isRecord(render.id) ? writer.record(path, render) : null;
        if (same) states.push({ path, ...same });
        continue;
      }
      const copy = before ?? writer.copy(path);
      if (copy) states.push({ path, ...copy });
      if (copy && isOriginal(path) && copy.sha256 !== hashOf(path)) damaged.push(path);
    }
    rows = rowsFingerprint(copied);
  } finally {
    copied.close();
  }
  journal.removeOthers(new Set(files.map(({ path }) => path)));
  await takeOver(unfinished, target);
  writer.sync();
  writeReceipt({ source: realpathSync(folder), target: realpathSync(target), files: filesFingerprint(states), rows });
  renameSync(unfinished, join(target, DATABASE));
  journal.remove();
  rmSync(join(target, MARKER), { force: true });
  syncFolder(target);
  return { folder: target, files: files.length + 1, bytes: total, damaged };
}

/** A library's record that couldn't be written from the copied database may be of a later epoch: with it, the copy would look older than it is. */
async function takeOver(database: string, target: string): Promise<void> {
  const db = openDatabase(database);
  try {
    takeOverEpoch(db, await readWrittenEpoch(target));
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

/** All files of a library but its database, each folder by itself. Links are not followed. */
export function list(folder: string): Listed[] {
  const listed: Listed[] = [];
  const walk = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = join(below, entry.name);
      if (below === '' && (LEFT_OUT.has(entry.name) || DATABASE_FILE.test(entry.name))) continue;
      // The library's own folders may be on another disk.
      if (entry.isDirectory() || (below === '' && isLinkToFolder(join(folder, path)))) walk(path);
      else if (entry.isFile() && !TEMPORARY.test(entry.name)) {
        const stat = statSync(join(folder, path), { throwIfNoEntry: false });
        if (stat) listed.push({ path, bytes: stat.size });
      }
    }
  };
  walk('');
  return listed;
}

function isLinkToFolder(path: string): boolean {
  return lstatSync(path).isSymbolicLink() && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

const sum = (files: readonly Listed[]): number => files.reduce((bytes, file) => bytes + file.bytes, 0);

/** How a record is written from a database; null for any other file. `id`: whose it is; null for the library's own. */
function renderOf(path: string, db: Readable): RecordText | null {
  if (path === join(RECORDS, 'library.json')) return { id: null, render: () => renderLibraryRecord(db) };
  const id = RECORD.exec(basename(path))?.groups?.['id'] as SidecarId | undefined;
  return id === undefined ? null : { id, render: () => renderSidecar({ db, folder: '' }, id).text };
}

/** Whether a file may have been written since the database was copied. */
function isSince(file: string, began: number): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && stat.mtimeMs >= began;
}
const RECORD = /^(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json$/u;

export function isOriginal(path: string): boolean {
  return path.startsWith(ORIGINALS) && /^[0-9a-f]{62}\./u.test(basename(path));
}

/** The hash that an original's path says. */
export function hashOf(path: string): string {
  return basename(dirname(path)) + basename(path).slice(0, 62);
}
