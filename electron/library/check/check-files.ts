import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { FINDINGS, type CheckReport, type FindingKind, type FoundFiles } from '../../contract/entities/checks.ts';
import type { Sha256 } from '../../contract/entities/ids.ts';
import { errorCode } from '../../disk/error-code.ts';
import { openUntrusted, type Readable } from '../db/database.ts';
import { findDamage } from '../db/find-damage.ts';
import { knownFiles } from '../db/known-files.ts';
import { listOriginals, listRecordFiles } from '../files/disk-contents.ts';
import { DATABASE, originalPath, sidecarPath } from '../files/folders.ts';
import type { SidecarId } from '../files/sidecar-marks.ts';
import { compareSidecar } from '../sidecars/compare-sidecar.ts';
import { RECORDED, RECORDED_TABLES } from '../sidecars/recorded-tables.ts';
import { hasWholeThumbnails } from './whole-thumbnail.ts';

const PAGE = 500;
/** Files of each finding that the report names; there may be a million. */
const MAX_NAMED = 20;
/** Read in one piece. Two of them fit into a processor's cache. */
const PIECE_BYTES = 262_144;

export interface CheckFilesOptions {
  /** Asked between two pieces of work. */
  isStopped(): boolean;
  progress(done: number, total: number, name: string): void;
  /** Is given every finding, also those that the report doesn't name. */
  found?(kind: FindingKind, name: string): void;
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
  const damage = findDamage(join(folder, DATABASE));
  const db = openUntrusted(join(folder, DATABASE), { readonly: true, fileMustExist: true, timeout: 5000 });
  const check = new FileCheck(db as Readable, folder, options, damage);
  try {
    return (await check.run()) ? check.report : null;
  } catch (thrown) {
    // What was found until then is worth more than nothing.
    if (damage.length > 0 && /^SQLITE_CORRUPT/u.test(errorCode(thrown))) return check.report;
    throw thrown;
  } finally {
    db.close();
  }
}

class FileCheck {
  readonly report: CheckReport;
  readonly #db: Readable;
  readonly #folder: string;
  readonly #options: CheckFilesOptions;
  readonly #known: ReturnType<typeof knownFiles>;
  #done = 0;
  #total = 0;

  constructor(db: Readable, folder: string, options: CheckFilesOptions, databaseDamage: string[]) {
    this.#db = db;
    this.#folder = folder;
    this.#options = options;
    this.#known = knownFiles(db);
    this.report = { originals: 0, bytes: 0, ...noFindings(), databaseDamage };
  }

  /** @returns false if it was stopped */
  async run(): Promise<boolean> {
    const counts = ['originals', `images WHERE ${THUMBNAILED}`, ...RECORDED_TABLES.map(recordedRows)];
    for (const from of counts)
      this.#total += this.#db.prepare<[], number>(`SELECT count(*) FROM ${from}`).pluck().get() ?? 0;
    return (
      this.#checkOriginals() &&
      (await this.#checkUnlisted()) &&
      this.#checkRecords() &&
      this.#checkThumbnails() &&
      this.#checkReferences()
    );
  }

  #checkOriginals(): boolean {
    const page = this.#db.prepare<[string], OriginalRow>(
      `SELECT sha256, format FROM originals WHERE sha256 > ? ORDER BY sha256 LIMIT ${PAGE}`,
    );
    const buffer = Buffer.allocUnsafe(PIECE_BYTES);
    for (let rows = page.all(''); rows.length > 0; rows = page.all(rows.at(-1)?.sha256 ?? '')) {
      for (const { sha256, format } of rows) {
        if (this.#options.isStopped()) return false;
        const path = originalPath(this.#folder, sha256, format);
        const name = this.#nameOf(path);
        const state = readOriginal(path, sha256, buffer, this.report);
        this.report.originals += 1;
        this.#step(name);
        // One that was deleted since its row was read isn't missing.
        if (state !== 'sound' && this.#known.isOriginal(sha256)) this.#add(state, name);
      }
    }
    return true;
  }

  async #checkUnlisted(): Promise<boolean> {
    const { isOriginal, isRecord } = this.#known;
    // What was deleted since it was listed has no row any more either.
    const exists = (path: string): boolean => existsSync(join(this.#folder, path));
    for await (const { sha256, path } of listOriginals(this.#folder)) {
      if (this.#options.isStopped()) return false;
      if (!isOriginal(sha256) && exists(path)) this.#add('unlisted', withSlashes(path));
    }
    for (const path of listRecordFiles(this.#folder)) {
      if (this.#options.isStopped()) return false;
      if (!isRecord(basename(path, '.json')) && exists(path)) this.#add('unlistedRecords', withSlashes(path));
    }
    return true;
  }

  /** Records that are marked as written. */
  #checkRecords(): boolean {
    const library = { db: this.#db, folder: this.#folder };
    for (const table of RECORDED_TABLES) {
      const page = this.#db.prepare<[string], { id: SidecarId; at: number }>(
        `SELECT id, ${RECORDED[table].at} AS at FROM ${recordedRows(table)} AND id > ? ORDER BY id LIMIT ${PAGE}`,
      );
      for (let rows = page.all(''); rows.length > 0; rows = page.all(rows.at(-1)?.id ?? '')) {
        for (const { id, at } of rows) {
          if (this.#options.isStopped()) return false;
          const name = this.#nameOf(sidecarPath(this.#folder, id, at));
          if (isDifferent(library, id)) this.#add('records', name);
          this.#step(name);
        }
      }
    }
    return true;
  }

  /** Images whose decoding has ended and that aren't known to have no thumbnail. */
  #checkThumbnails(): boolean {
    const page = this.#db.prepare<[number], OriginalRow & { timeline: number }>(
      `SELECT i.timeline, i.sha256, o.format FROM images i JOIN originals o ON o.sha256 = i.sha256
       WHERE i.timeline > ? AND ${THUMBNAILED} ORDER BY i.timeline LIMIT ${PAGE}`,
    );
    const exists = this.#db.prepare<[number], number>('SELECT 1 FROM images WHERE timeline = ?').pluck();
    for (let rows = page.all(-1); rows.length > 0; rows = page.all(rows.at(-1)?.timeline ?? 0)) {
      for (const { sha256, format, timeline } of rows) {
        if (this.#options.isStopped()) return false;
        const name = this.#nameOf(originalPath(this.#folder, sha256, format));
        this.#step(name);
        if (!hasWholeThumbnails(this.#folder, sha256) && exists.get(timeline) !== undefined)
          this.#add('withoutThumbnail', name);
      }
    }
    return true;
  }

  #checkReferences(): boolean {
    const rows = this.#db.pragma('foreign_key_check') as { table: string; rowid: number | null; parent: string }[];
    for (const { table, rowid, parent } of rows)
      this.#add('orphanRows', `${table}: row ${rowid ?? 'without a number'} refers to ${parent}`);
    return !this.#options.isStopped();
  }

  #step(name: string): void {
    this.#done += 1;
    this.#options.progress(Math.min(this.#done, this.#total), this.#total, name);
  }

  #add(kind: FindingKind, name: string): void {
    const found = this.report[kind];
    found.count += 1;
    if (found.files.length < MAX_NAMED) found.files.push(name);
    this.#options.found?.(kind, name);
  }

  /** Relative, with forward slashes on every system: reports are compared and shared. */
  #nameOf(path: string): string {
    return withSlashes(relative(this.#folder, path));
  }
}

const THUMBNAILED = 'developed_at IS NOT NULL AND thumbhash IS NOT NULL';

function recordedRows(table: (typeof RECORDED_TABLES)[number]): string {
  return `${table} WHERE recorded_at IS NOT NULL AND ${RECORDED[table].ended}`;
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

function isDifferent(library: { db: Readable; folder: string }, id: SidecarId): boolean {
  try {
    return compareSidecar(library, id) === 'different';
  } catch (thrown) {
    // Damage of the database has a finding of its own.
    if (/^SQLITE_CORRUPT/u.test(errorCode(thrown))) throw thrown;
    return true;
  }
}

function withSlashes(path: string): string {
  return path.split(sep).join('/');
}

function noFindings(): Record<FindingKind, FoundFiles> {
  const none = (): FoundFiles => ({ count: 0, files: [] });
  return Object.fromEntries(FINDINGS.map((kind) => [kind, none()])) as Record<FindingKind, FoundFiles>;
}
