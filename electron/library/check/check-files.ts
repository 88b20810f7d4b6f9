import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import type { CheckReport, FoundFiles } from '../../contract/entities/checks.ts';
import type { Sha256 } from '../../contract/entities/ids.ts';
import { errorCode } from '../../disk/error-code.ts';
import { openUntrusted } from '../db/database.ts';
import { findDamage } from '../db/find-damage.ts';
import { knownFiles } from '../db/known-files.ts';
import { listOriginals } from '../files/disk-contents.ts';
import { DATABASE, originalPath, PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from '../files/folders.ts';
import { findIncompleteSidecars } from '../sidecars/incomplete-sidecars.ts';

type Connection = ReturnType<typeof openUntrusted>;

const PAGE = 500;
/** Files that are named; there may be a million. */
const MAX_NAMED = 500;
/** Read in one piece. Two of them fit into a processor's cache. */
const PIECE_BYTES = 262_144;

export interface CheckFilesOptions {
  /** Asked between two pieces of work. */
  isStopped(): boolean;
  progress(done: number, total: number, name: string): void;
}

interface OriginalRow {
  sha256: Sha256;
  format: FileFormat;
}

/**
 * Reads and hashes every original, and compares originals, records and thumbnails with the database. Changes nothing and blocks, so call it in a thread of
 * its own. What is saved or deleted meanwhile isn't reported.
 * @returns null if it was stopped
 * @throws SQLite's error, where it isn't about damage
 */
export async function checkFiles(folder: string, options: CheckFilesOptions): Promise<CheckReport | null> {
  const report = emptyReport();
  report.databaseDamage = findDamage(join(folder, DATABASE));
  const db = openUntrusted(join(folder, DATABASE), { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    const isWhole =
      checkOriginals(db, folder, report, options) &&
      (await checkUnlisted(db, folder, report, options)) &&
      checkThumbnails(db, folder, report, options);
    if (!isWhole) return null;
    report.incompleteRecords = findIncompleteSidecars(folder, () => options.isStopped()).length;
    return options.isStopped() ? null : report;
  } catch (thrown) {
    // What was found until then is worth more than nothing.
    if (report.databaseDamage.length > 0 && /^SQLITE_CORRUPT/u.test(errorCode(thrown))) return report;
    throw thrown;
  } finally {
    db.close();
  }
}

function checkOriginals(
  db: Connection,
  folder: string,
  report: CheckReport,
  { isStopped, progress }: CheckFilesOptions,
): boolean {
  const total = db.prepare<[], number>('SELECT count(*) FROM originals').pluck().get() ?? 0;
  const page = db.prepare<[string], OriginalRow>(
    `SELECT sha256, format FROM originals WHERE sha256 > ? ORDER BY sha256 LIMIT ${PAGE}`,
  );
  const { isOriginal } = knownFiles(db);
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  for (let rows = page.all(''); rows.length > 0; rows = page.all(rows.at(-1)?.sha256 ?? '')) {
    for (const { sha256, format } of rows) {
      if (isStopped()) return false;
      const path = originalPath(folder, sha256, format);
      const name = nameOf(folder, path);
      const state = readOriginal(path, sha256, buffer, report);
      report.originals += 1;
      progress(report.originals, total, name);
      // One that was deleted since its row was read isn't missing.
      if (state !== 'sound' && isOriginal(sha256)) add(report[state], name);
    }
  }
  return true;
}

function readOriginal(
  path: string,
  sha256: Sha256,
  buffer: Buffer,
  report: CheckReport,
): 'sound' | 'damaged' | 'missing' | 'unreadable' {
  try {
    const hash = createHash('sha256');
    const file = openSync(path, 'r');
    try {
      for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
        hash.update(buffer.subarray(0, read));
        report.bytes += read;
      }
    } finally {
      closeSync(file);
    }
    return hash.digest('hex') === sha256 ? 'sound' : 'damaged';
  } catch (thrown) {
    return errorCode(thrown) === 'ENOENT' ? 'missing' : 'unreadable';
  }
}

async function checkUnlisted(
  db: Connection,
  folder: string,
  report: CheckReport,
  { isStopped }: CheckFilesOptions,
): Promise<boolean> {
  const { isOriginal } = knownFiles(db);
  for await (const { sha256, path } of listOriginals(folder)) {
    if (isStopped()) return false;
    // One that was deleted since it was listed has no row any more either.
    if (!isOriginal(sha256) && existsSync(join(folder, path))) add(report.unlisted, path.split(sep).join('/'));
  }
  return true;
}

/** Images whose decoding has ended and that aren't known to have no thumbnail. */
function checkThumbnails(
  db: Connection,
  folder: string,
  report: CheckReport,
  { isStopped }: CheckFilesOptions,
): boolean {
  const page = db.prepare<[number], OriginalRow & { timeline: number }>(
    `SELECT i.timeline, i.sha256, o.format FROM images i JOIN originals o ON o.sha256 = i.sha256
     WHERE i.timeline > ? AND i.developed_at IS NOT NULL AND i.thumbhash IS NOT NULL ORDER BY i.timeline LIMIT ${PAGE}`,
  );
  const exists = db.prepare<[number], number>('SELECT 1 FROM images WHERE timeline = ?').pluck();
  for (let rows = page.all(-1); rows.length > 0; rows = page.all(rows.at(-1)?.timeline ?? 0)) {
    for (const { sha256, format, timeline } of rows) {
      if (isStopped()) return false;
      const paths = ([PREVIEW_EDGE, THUMBNAIL_EDGE] as const).map((edge) => thumbnailPath(folder, sha256, edge));
      if (paths.every((path) => existsSync(path)) || exists.get(timeline) === undefined) continue;
      add(report.withoutThumbnail, nameOf(folder, originalPath(folder, sha256, format)));
    }
  }
  return true;
}

/** Relative, with forward slashes on every system: reports are compared and shared. */
function nameOf(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

function add(found: FoundFiles, name: string): void {
  found.count += 1;
  if (found.files.length < MAX_NAMED) found.files.push(name);
}

function emptyReport(): CheckReport {
  const none = (): FoundFiles => ({ count: 0, files: [] });
  return {
    originals: 0,
    bytes: 0,
    damaged: none(),
    missing: none(),
    unreadable: none(),
    unlisted: none(),
    withoutThumbnail: none(),
    incompleteRecords: 0,
    databaseDamage: [],
  };
}
