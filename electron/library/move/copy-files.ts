import {
  closeSync,
  existsSync,
  lstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CopyResult } from '../../contract/entities/copies.ts';
import { openUntrusted } from '../db/database.ts';
import { knownFiles, type KnownFiles } from '../db/known-files.ts';
import { DATABASE, LOCK, ORIGINALS } from '../files/folders.ts';
import { copyDatabase } from '../snapshots/copy-database.ts';
import { copyFile } from './copy-file.ts';
import { CopyJournal, JOURNAL, type Copied } from './copy-journal.ts';
import { MARKER, spaceNeeded } from './copy-target.ts';

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
  const copied = openUntrusted(unfinished, { readonly: true, fileMustExist: true });
  const damaged: string[] = [];
  const folders = new Set<string>();
  const copyOne = (path: string): Copied | null => {
    const to = join(target, path);
    if (!folders.has(dirname(to))) makeFolder(dirname(to), target);
    folders.add(dirname(to));
    journal.begin(path);
    const written = copyFile(join(folder, path), to, (bytes) => progress((done += bytes), total, path));
    if (written) journal.end(path, written);
    return written;
  };
  try {
    const known = knownFiles(copied);
    for (const { path } of files) {
      if (isStopped()) return null;
      const before = journal.copyOf(folder, path);
      if (before === null && isLater(join(folder, path), began, known)) continue;
      const copy = before ?? copyOne(path);
      if (copy && isOriginal(path) && copy.sha256 !== hashOf(path)) damaged.push(path);
    }
  } finally {
    copied.close();
  }
  journal.removeOthers(new Set(files.map(({ path }) => path)));
  for (const each of folders) syncFolder(each);
  renameSync(unfinished, join(target, DATABASE));
  journal.remove();
  rmSync(join(target, MARKER), { force: true });
  syncFolder(target);
  return { folder: target, files: files.length + 1, bytes: total, damaged };
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

/** Whether a record is of a request or an import that came after the database was copied: with it, the copy would look older than it is. */
function isLater(file: string, began: number, { isRecord }: KnownFiles): boolean {
  const id = RECORD.exec(basename(file))?.groups?.['id'];
  if (id === undefined) return false;
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && stat.mtimeMs >= began && !isRecord(id);
}
const RECORD = /^(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json$/u;

function isOriginal(path: string): boolean {
  return path.startsWith(ORIGINALS) && /^[0-9a-f]{62}\./u.test(basename(path));
}

/** The hash that an original's path says. */
function hashOf(path: string): string {
  return basename(dirname(path)) + basename(path).slice(0, 62);
}

/** Creates a folder and its parents below a root, which is never created: its disk may be unplugged. */
function makeFolder(path: string, root: string): void {
  if (existsSync(path)) return;
  if (path !== root) makeFolder(dirname(path), root);
  mkdirSync(path);
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
