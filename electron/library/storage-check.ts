import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import type { GenerationId } from '../contract/entities/ids.ts';
import type { ErrorDetail, StorageFault } from '../contract/errors/details.ts';
import { StudioError } from '../contract/errors/errors.ts';
import { databaseHealth } from './db/database-health.ts';
import { storageErrorCode, storageFaultOf } from './db/disk-errors.ts';
import { DERIVED_PREFIX } from './files/derived-files.ts';
import { DATABASE, INCOMING, ORIGINALS } from './files/folders.ts';
import { freeBytes } from './files/free-space.ts';
import type { Library } from './files/library-handle.ts';
import { isSame, readIdentity, type LibraryIdentity } from './files/library-identity.ts';
import { proveWritable, readStateAnew } from './db/fresh-connection.ts';

/** Stays free beside what requests need: the database's log, thumbnails, settings on the same disk. */
const RESERVE_BYTES = 8_000_000;
const PROBE_BYTES = 4096;
/** Written in one piece. */
const PIECE = Buffer.alloc(1_048_576, 0x5a);
/** Most that is really written to prove that there is room, in bytes. */
const MAX_PROOF_BYTES = 64 * 1_048_576;

type StorageDetail = Extract<ErrorDetail, { kind: 'storage' }>;

/** An error of the library's storage; says nothing about money, and nothing of it was sent. */
function storageError(
  fault: StorageFault,
  room: { free: number; needed: number } | null,
  cause?: unknown,
): StudioError {
  const detail: StorageDetail = { kind: 'storage', fault, free: room?.free ?? null, needed: room?.needed ?? null };
  return new StudioError({ code: storageErrorCode(fault), detail, billing: 'none' }, { cause });
}

/** What an error says about the storage, for display; null if it isn't about the storage. */
export function storageDetailOf(thrown: unknown): StorageDetail | null {
  if (thrown instanceof StudioError && thrown.report.detail?.kind === 'storage') return thrown.report.detail;
  const fault = storageFaultOf(thrown);
  return fault && { kind: 'storage', fault, free: null, needed: null };
}

/** How thorough a proof is made while sending is on hold. */
export interface ProofOptions {
  /** Bytes that have to fit. */
  bytes: number;
  /** The person asked: a missing `incoming` folder is created, and one that was replaced is used from now on. */
  repair: boolean;
}

/**
 * Proves that the library can keep what a request returns, before the request is sent. Room is promised to one request at a time, so
 * that requests that run at once don't count the same free space twice.
 */
export class StorageCheck {
  readonly #library: Library;
  #known: LibraryIdentity;
  /** The `incoming` folder was missing at the last look: what is there next was put there by the person. */
  #incomingWasMissing = false;
  #reserved = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(library: Library) {
    this.#library = library;
    this.#known = library.identity;
  }

  /**
   * Proves that a request's intent is on the disk and that `bytes` fit, and keeps them free until the returned function is called.
   * @throws StudioError with a `storage` detail
   */
  reserve(id: GenerationId, bytes: number): Promise<() => void> {
    return this.#inTurn(async () => {
      this.#checkHealth();
      await this.#checkPlaces(false);
      await this.#checkRoom(bytes);
      await this.#write(PROBE_BYTES);
      if (this.#readState(id) === null) throw storageError('database-replaced', null);
      this.#reserved += bytes;
      return () => void (this.#reserved -= bytes);
    });
  }

  /**
   * Proves that a request is recorded as sent in the database file, not only through the open connection, whose file may have been deleted
   * or replaced. @throws StudioError with a `storage` detail
   */
  confirmSent(id: GenerationId): void {
    try {
      if (this.#readState(id) !== 'sent') throw storageError('database-replaced', null);
    } catch (thrown) {
      throw asStorageError(thrown);
    }
  }

  /** Proves the same for `bytes` by really writing them, and that the database takes a commit. @throws StudioError as {@link reserve} */
  prove({ bytes, repair }: ProofOptions): Promise<void> {
    return this.#inTurn(async () => {
      this.#checkHealth();
      await this.#checkPlaces(repair);
      await this.#checkRoom(bytes);
      await this.#write(Math.min(bytes, MAX_PROOF_BYTES));
      proveWritable(this.#library.db);
    });
  }

  #readState(id: GenerationId): string | null {
    return readStateAnew(join(this.#library.folder, DATABASE), id);
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(act).catch((thrown: unknown) => {
      throw asStorageError(thrown);
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** A damaged database is used for nothing new until it was opened again. */
  #checkHealth(): void {
    const { damage } = databaseHealth(this.#library.db);
    if (damage) throw storageError('database-damaged', null, damage);
  }

  async #checkPlaces(repair: boolean): Promise<void> {
    const { folder } = this.#library;
    let found = await readIdentity(folder);
    if (repair && isSame(found.folder, this.#known.folder) && found.incoming === null) {
      await fs.mkdir(join(folder, INCOMING));
      found = await readIdentity(folder);
    }
    if ((repair || this.#incomingWasMissing) && canReplaceIncoming(found, this.#known))
      this.#known = { ...this.#known, incoming: found.incoming };
    this.#incomingWasMissing = found.incoming?.kind !== 'folder';
    const fault = compareIdentities(found, this.#known);
    if (fault) throw storageError(fault, null);
  }

  async #checkRoom(bytes: number): Promise<void> {
    const free = await freeBytes(join(this.#library.folder, INCOMING));
    if (free === null) return;
    const needed = bytes + this.#reserved + RESERVE_BYTES;
    if (free < needed) throw storageError('full', { free, needed });
  }

  /** Writes bytes to the `incoming` folder, durably, moves them to the originals as an image is moved, and deletes them. */
  async #write(bytes: number): Promise<void> {
    const name = `${DERIVED_PREFIX}check-${randomUUID()}`;
    const path = join(this.#library.folder, INCOMING, name);
    const target = join(this.#library.folder, ORIGINALS, name);
    try {
      await writeDurably(path, bytes);
      await fs.rename(path, target);
    } finally {
      await fs.rm(path, { force: true });
      await fs.rm(target, { force: true });
    }
  }
}

async function writeDurably(path: string, bytes: number): Promise<void> {
  const file = await fs.open(path, 'wx', 0o600);
  try {
    for (let left = bytes; left > 0; left -= PIECE.length) await file.writeFile(PIECE.subarray(0, left));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Another `incoming` folder can take the place of the first one if the rest of the library is the same. */
function canReplaceIncoming({ folder, incoming, database }: LibraryIdentity, known: LibraryIdentity): boolean {
  const isSameLibrary = isSame(folder, known.folder) && isSame(database, known.database);
  // A file is moved to the originals by renaming it, so both have to be on one file system.
  return isSameLibrary && incoming?.kind === 'folder' && incoming.dev === folder?.dev;
}

/** What differs from the library that was opened; null for nothing. */
function compareIdentities(found: LibraryIdentity, known: LibraryIdentity): StorageFault | null {
  if (found.folder === null) return 'folder-missing';
  if (!isSame(found.folder, known.folder)) return 'folder-replaced';
  if (found.database === null) return 'database-missing';
  if (!isSame(found.database, known.database)) return 'database-replaced';
  if (found.incoming === null) return 'incoming-missing';
  return isSame(found.incoming, known.incoming) ? null : 'incoming-replaced';
}

function asStorageError(thrown: unknown): unknown {
  if (thrown instanceof StudioError && thrown.report.detail?.kind === 'storage') return thrown;
  const fault = storageFaultOf(thrown);
  return fault === null ? thrown : storageError(fault, null, thrown);
}
