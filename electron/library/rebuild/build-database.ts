import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';
import { errorCode } from '../../disk/error-code.ts';
import { openDatabase, prepare, transact, type Writable } from '../db/database.ts';
import { takeOverEpoch } from '../db/epoch.ts';
import { acceptUnknownFiles } from '../db/known-files.ts';
import { findDamage } from '../db/find-damage.ts';
import { migrate } from '../db/migrations/migrate.ts';
import { isOriginalName, listRecordFiles } from '../files/disk-contents.ts';
import { markAllIndexed } from '../images/reindex-images.ts';
import { libraryRecordPath, parseLibraryRecord, type LibraryRecord } from '../sidecars/library-record.ts';
import { parseSidecar, type Sidecar } from '../sidecars/sidecar-schema.ts';
import { readWrittenEpoch } from '../sidecars/written-epoch.ts';
import { bulkLoad } from './bulk-load.ts';
import { indexWithoutPrompt, indexWithPrompt, type UnindexedImage } from './insert-images.ts';
import { insertCovers, insertLibraryRecord } from './insert-order.ts';
import { endJobs, insertImport, insertRequest } from './insert-requests.ts';
import type { RebuildReport, UnusedRecord } from './report.ts';
import { addRecord, countDatabase, emptyTally, missingFrom, type Tally } from './tally.ts';
import { RECORDS } from '../files/folders.ts';

/** Records in one transaction. */
const BATCH = 500;
/** Unused records that are named. */
const MAX_NAMED = 100;

export interface BuildOptions {
  folder: string;
  /** Where the new database is built. Nothing is there. */
  path: string;
  /** Asked at each record. */
  isStopped(): boolean;
  progress(done: number, total: number): void;
}

/**
 * Builds a new database from a library's records. Blocks, so call it in a thread of its own.
 * @returns what it has; null if it was stopped
 * @throws StudioError `library-damaged` if it doesn't have what the records say; what SQLite or the disk throws
 */
export async function buildDatabase(options: BuildOptions): Promise<RebuildReport | null> {
  const { folder, path } = options;
  const db = openDatabase(path);
  try {
    migrate(db);
    // Requests name images that may come later.
    db.pragma('foreign_keys = OFF');
    const built = bulkLoad(db, () => fill(db, options));
    if (!built) return null;
    takeOverEpoch(db, await readWrittenEpoch(folder));
    const files = compareFiles(db, folder);
    settle(db);
    // They are reported now: the next start must not take the new database for an older one because of them.
    if (built.unused + files.unlistedFiles > 0)
      acceptUnknownFiles(db, { records: built.unused, originals: files.unlistedFiles });
    prove(db, built.expected);
    const restored = countDatabase(db);
    db.pragma('journal_mode = DELETE');
    return { restored, unused: built.unused, unusedRecords: built.unusedRecords, ...files };
  } finally {
    db.close();
  }
}

interface Built {
  expected: Tally;
  unused: number;
  unusedRecords: UnusedRecord[];
}

function fill(db: Writable, { folder, isStopped, progress }: BuildOptions): Built | null {
  const built: Built = { expected: emptyTally(), unused: 0, unusedRecords: [] };
  const unused = (file: string, thrown: unknown): void => {
    built.unused += 1;
    const reason = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown);
    if (built.unusedRecords.length < MAX_NAMED) built.unusedRecords.push({ file, reason });
  };
  const library = readOrder(folder, unused);
  if (library) transact(db, () => insertLibraryRecord(db, library));
  const hasThumbnail = thumbnailsOf(folder);
  const files = [...listRecordFiles(folder)];
  // A record that contradicts another one is left out as a whole.
  const insertWhole = db.transaction((record: Sidecar) => insertRecord(db, record, hasThumbnail));
  const withoutPrompt: number[] = [];
  for (let first = 0; first < files.length; first += BATCH) {
    if (isStopped()) return null;
    transact(db, () => {
      const images: UnindexedImage[] = [];
      for (const file of files.slice(first, first + BATCH)) {
        try {
          const record = parseSidecar(readFileSync(join(folder, file), 'utf8'));
          images.push(...insertWhole(record));
          addRecord(built.expected, record);
        } catch (thrown) {
          unused(file, thrown);
        }
      }
      withoutPrompt.push(...indexWithPrompt(db, images));
    });
    progress(Math.min(first + BATCH, files.length), files.length);
  }
  for (let first = 0; first < withoutPrompt.length; first += BATCH) {
    if (isStopped()) return null;
    transact(db, () => indexWithoutPrompt(db, withoutPrompt.slice(first, first + BATCH)));
  }
  transact(db, () => {
    if (library) insertCovers(db, library);
    endJobs(db);
    markAllIndexed(db);
  });
  return built;
}

/** The rows of a record. @returns its images, whose words aren't indexed yet. @throws where they contradict those that are there */
export function insertRecord(
  db: Writable,
  record: Sidecar,
  hasThumbnail: (sha256: string) => boolean,
): UnindexedImage[] {
  return record.kind === 'emulsion-import'
    ? insertImport(db, record, hasThumbnail)
    : insertRequest(db, record, hasThumbnail);
}

/** The library's record; null where there is none, or none that can be read. */
function readOrder(folder: string, unused: (file: string, thrown: unknown) => void): LibraryRecord | null {
  try {
    return parseLibraryRecord(readFileSync(libraryRecordPath(folder), 'utf8'));
  } catch (thrown) {
    if (errorCode(thrown) !== 'ENOENT') unused(join(RECORDS, 'library.json'), thrown);
    return null;
  }
}

/** Whether the thumbnails of an original are on the disk; lists each folder once. */
export function thumbnailsOf(folder: string): (sha256: string) => boolean {
  const shards = new Map<string, Set<string>>();
  const has = (edge: string, sha256: string): boolean => {
    const shard = join(folder, 'thumbnails', edge, sha256.slice(0, 2));
    const names = shards.get(shard) ?? new Set(listNames(shard));
    shards.set(shard, names);
    return names.has(`${sha256.slice(2)}.webp`);
  };
  return (sha256) => has('512', sha256) && has('256', sha256);
}

/** Compares the files that the records name with those on the disk. */
export function compareFiles(db: Writable, folder: string): Pick<RebuildReport, 'missingFiles' | 'unlistedFiles'> {
  const listed = prepare<[string, string], { sha256: string }>(
    db,
    'SELECT sha256 FROM originals WHERE sha256 >= ? AND sha256 < ?',
  );
  let missingFiles = 0;
  let unlistedFiles = 0;
  for (let shard = 0; shard < 256; shard += 1) {
    const name = shard.toString(16).padStart(2, '0');
    const onDisk = new Set(
      listNames(join(folder, 'originals', name))
        .filter(isOriginalName)
        .map((file) => name + file.slice(0, 62)),
    );
    for (const { sha256 } of listed.all(name, `${name}g`)) if (!onDisk.delete(sha256)) missingFiles += 1;
    unlistedFiles += onDisk.size;
  }
  return { missingFiles, unlistedFiles };
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

/** Takes out references to images that no record has: they were deleted for good. */
export function settle(db: Writable): void {
  transact(db, () => {
    for (const table of ['inputs', 'input_files'])
      db.exec(`UPDATE ${table} SET image_id = NULL
        WHERE image_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM images i WHERE i.id = ${table}.image_id)`);
  });
}

/** @throws StudioError `library-damaged` if the database isn't sound, or lacks what the records say */
function prove(db: Writable, expected: Tally): void {
  const broken = db.pragma('foreign_key_check') as unknown[];
  if (broken.length > 0) throw unproven(`it has ${broken.length} broken references`);
  const missing = missingFrom(expected, countDatabase(db));
  if (missing !== '') throw unproven(`it has only ${missing}`);
  const damage = findDamage(db.name);
  if (damage.length > 0) throw unproven(`it is damaged (${damage.join('; ')})`);
}

function unproven(reason: string): StudioError {
  const message = `The library wasn’t rebuilt: the new database isn’t what the records say, ${reason}. The library is as it was. Try again, or put an older library.db back.`;
  return new StudioError({ code: 'library-damaged', message });
}
