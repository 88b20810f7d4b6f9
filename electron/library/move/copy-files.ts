import { lstatSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CopyResult } from '../../contract/entities/copies.ts';
import { openDatabase, openUntrusted, type Readable } from '../db/database.ts';
import { takeOverEpoch } from '../db/epoch.ts';
import { knownFiles } from '../db/known-files.ts';
import { DATABASE, LOCK, ORIGINALS } from '../files/folders.ts';
import type { SidecarId } from '../files/sidecar-marks.ts';
import { readWrittenEpoch } from '../sidecars/written-epoch.ts';
import { copyDatabase } from '../snapshots/copy-database.ts';
import { CopyJournal, JOURNAL } from './copy-journal.ts';
import { MARKER, spaceNeeded } from './copy-target.ts';
import { CopyWriter, syncFolder } from './copy-writer.ts';

/** The database until all files are there. */
const UNFINISHED = 'library.copying.db';
/** Derived from the database, or of the process that has the library open. */
const LEFT_OUT = new Set(['index', LOCK, MARKER, JOURNAL]);
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
  try {
    const known = knownFiles(copied);
    for (const { path } of files) {
      if (isStopped()) return null;
      const before = journal.copyOf(folder, path);
      const later = before ? null : laterRecord(join(folder, path), began);
      if (later !== null) {
        // With the record of a request or an import that came after its database was copied, the copy would look older than it is.
        if (known.isRecord(later)) writer.record(path, later, copied);
        continue;
      }
      const copy = before ?? writer.copy(path);
      if (copy && isOriginal(path) && copy.sha256 !== hashOf(path)) damaged.push(path);
    }
  } finally {
    copied.close();
  }
  journal.removeOthers(new Set(files.map(({ path }) => path)));
  await takeOver(unfinished, target);
  writer.sync();
  renameSync(unfinished, join(target, DATABASE));
  journal.remove();
  rmSync(join(target, MARKER), { force: true });
  syncFolder(target);
  return { folder: target, files: files.length + 1, bytes: total, damaged };
}

/** The library's record may have been written after the database was copied: with its epoch, the copy would look older than it is. */
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
function list(folder: string): Listed[] {
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

/** Whose record a file is that may have been written after the database was copied; null for any other file. */
function laterRecord(file: string, began: number): SidecarId | null {
  const id = RECORD.exec(basename(file))?.groups?.['id'];
  if (id === undefined) return null;
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && stat.mtimeMs >= began ? (id as SidecarId) : null;
}
const RECORD = /^(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json$/u;

function isOriginal(path: string): boolean {
  return path.startsWith(ORIGINALS) && /^[0-9a-f]{62}\./u.test(basename(path));
}

/** The hash that an original's path says. */
function hashOf(path: string): string {
  return basename(dirname(path)) + basename(path).slice(0, 62);
}
