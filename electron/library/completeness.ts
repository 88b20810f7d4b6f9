import { join } from 'node:path';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { ErrorDetail } from '../contract/errors/details.ts';
import { StudioError } from '../contract/errors/errors.ts';
import type { Writable } from './db/database.ts';
import { takeOverEpoch } from './db/epoch.ts';
import { acceptUnknownFiles, knownFiles, withKnownFiles, type KnownFiles } from './db/known-files.ts';
import { countOnDisk, listNewestRecords, listOriginals, sizeOf } from './files/disk-contents.ts';
import { DATABASE } from './files/folders.ts';
import { moveToQuarantine } from './files/quarantine.ts';
import { readWrittenEpoch } from './sidecars/written-epoch.ts';

/** The newest sidecars that are looked up: an older copy of a database lacks the newest first. */
const MAX_RECORDS = 2000;
/** Originals that are looked up. */
const MAX_ORIGINALS = 5000;
/** Lookups at once: about a millisecond. */
const PIECE = 200;
/**
 * Up to this many originals that no row names, or this part, don't keep a library closed: `unlisted-originals.ts` tells of them. A crash leaves
 * none, but one of an earlier version may have. Fewer if the database knows no original at all.
 */
const STRAY_ORIGINALS = 10;
const STRAY_ORIGINALS_OF_NONE = 2;
const STRAY_PART = 0.2;

/**
 * Compares a library's folder with its database before anything is created or changed: a folder that holds images while its database is
 * missing or empty is no new library.
 * @throws StudioError `library-incomplete`
 */
export async function requireDatabase(folder: string): Promise<void> {
  const path = join(folder, DATABASE);
  const size = await sizeOf(path);
  if (size !== null && size > 0) return;
  const found = await countOnDisk(folder);
  const log = await sizeOf(`${path}-wal`);
  if (found.originals + found.records === 0 && (log ?? 0) === 0) return;
  // Another process has created the library meanwhile: it has begun with the database. The lock says who.
  if (((await sizeOf(path)) ?? 0) > 0) return;
  const state = size === null ? 'missing' : 'empty';
  throw incomplete({ folder, state, ...found, unknownOriginals: found.originals, unknownRecords: found.records });
}

/**
 * For a folder whose library held images: that something is there. A disk that isn't connected leaves no folder, or an empty one.
 * @throws StudioError `library-incomplete`
 */
export async function requireAnything(folder: string): Promise<void> {
  if (((await sizeOf(join(folder, DATABASE))) ?? 0) > 0) return;
  const { originals, records } = await countOnDisk(folder);
  if (originals + records > 0) return;
  throw incomplete({ folder, state: 'gone', originals, records, unknownOriginals: 0, unknownRecords: 0 });
}

/**
 * Compares the newest sidecars, the originals and the library's record with what the database knows, through a connection that writes nothing.
 * @throws StudioError `library-incomplete` for a database that is older than the files beside it; SQLite's error
 */
export async function requireCurrentDatabase(folder: string): Promise<void> {
  const path = join(folder, DATABASE);
  if (((await sizeOf(path)) ?? 0) === 0) return;
  // SQLite leaves both or none of them.
  const lostLog = (await sizeOf(`${path}-wal`)) === null && (await sizeOf(`${path}-shm`)) !== null;
  const unknown = await withKnownFiles(path, (known) => countUnknown(folder, known));
  if (!unknown.isOlderEpoch && !isOlder(unknown, lostLog)) return;
  const found = await countOnDisk(folder);
  const { records: unknownRecords, originals: unknownOriginals } = unknown;
  throw incomplete({ folder, state: 'older', ...found, unknownOriginals, unknownRecords });
}

/** Files on the disk that the database doesn't know, of those looked up and without those accepted earlier. */
interface Unknown {
  records: number;
  originals: number;
  checkedOriginals: number;
  /** Whether the library's record was written by a later state of the database. */
  isOlderEpoch: boolean;
}

async function countUnknown(folder: string, { isRecord, isOriginal, accepted, epoch }: KnownFiles): Promise<Unknown> {
  const records = await countMissing(await listNewestRecords(folder, MAX_RECORDS), isRecord, MAX_RECORDS);
  const originals = await countMissing(listOriginals(folder), ({ sha256 }) => isOriginal(sha256), MAX_ORIGINALS);
  return {
    records: Math.max(0, records.missing - accepted.records),
    originals: Math.max(0, originals.missing - accepted.originals),
    checkedOriginals: originals.checked,
    isOlderEpoch: ((await readWrittenEpoch(folder)) ?? 0) > epoch,
  };
}

async function countMissing<Name>(
  names: AsyncIterable<Name> | Iterable<Name>,
  isKnown: (name: Name) => boolean,
  limit: number,
): Promise<{ checked: number; missing: number }> {
  let checked = 0;
  let missing = 0;
  for await (const name of names) {
    checked += 1;
    if (!isKnown(name)) missing += 1;
    if (checked === limit) break;
    if (checked % PIECE === 0) await yieldToEventLoop();
  }
  return { checked, missing };
}

/** @param lostLog files beside the database say that a part of it is missing: then one unknown original is enough */
function isOlder({ records, originals, checkedOriginals }: Unknown, lostLog: boolean): boolean {
  const usual =
    originals === checkedOriginals ? STRAY_ORIGINALS_OF_NONE : Math.max(STRAY_ORIGINALS, checkedOriginals * STRAY_PART);
  return records > 0 || originals > (lostLog ? 0 : usual);
}

/** Keeps what SQLite would delete or overwrite beside a database that is created anew. */
export async function setAsideLog(folder: string): Promise<void> {
  const path = join(folder, DATABASE);
  if (((await sizeOf(path)) ?? 0) > 0) return;
  for (const end of ['-wal', '-journal']) await moveToQuarantine(folder, path + end);
}

/** The person opened the library although its database is older than its files, or doesn't know some: it isn't asked again for these. */
export async function acceptIncomplete(folder: string, db: Writable): Promise<void> {
  acceptUnknownFiles(db, await countUnknown(folder, knownFiles(db)));
  takeOverEpoch(db, await readWrittenEpoch(folder));
}

function incomplete(detail: Omit<Extract<ErrorDetail, { kind: 'library-incomplete' }>, 'kind'>): StudioError {
  return new StudioError({ code: 'library-incomplete', detail: { kind: 'library-incomplete', ...detail } });
}
