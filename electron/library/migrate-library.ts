import fs from 'node:fs/promises';
import { megabytes } from '../contract/errors/amounts.ts';
import { StudioError } from '../contract/errors/errors.ts';
import type { Writable } from './db/database.ts';
import { storageFaultOf } from './db/disk-errors.ts';
import { isMigrationDue, migrate, versionOf } from './db/migrations/migrate.ts';
import { sizeOf } from './files/disk-contents.ts';
import { freeBytes } from './files/free-space.ts';
import { makeSnapshot } from './snapshots/make-snapshot.ts';
import { snapshotPath } from './snapshots/snapshot-files.ts';

/** The snapshot, the change's log, and the database as it is afterwards: each as large as the database at most, and a little. */
const COPIES = 3;
const SPARE_BYTES = 20_000_000;

/**
 * Brings a library's database to the newest format, after a snapshot of it. If the disk is too full for that, the database is as it was and nothing new is
 * left, so that it can be tried again when there is room.
 * @throws StudioError `disk-full` with the room that is needed; as `makeSnapshot` and `migrate` do
 */
export async function migrateLibrary(folder: string, db: Writable): Promise<void> {
  if (!isMigrationDue(db)) {
    migrate(db);
    return;
  }
  const before = versionOf(db);
  let copy: string | null = null;
  try {
    copy = await copyBeforeMigration(folder);
    migrate(db);
  } catch (thrown) {
    if (storageFaultOf(thrown) !== 'full') throw thrown;
    // Each attempt would leave one more.
    if (copy !== null && versionOf(db) === before) await fs.rm(copy, { force: true });
    throw await noRoom(folder, db, thrown);
  }
}

/** @returns its path; null for a database that is damaged, which can't be copied and proven. It is opened, and its health says the rest. */
async function copyBeforeMigration(folder: string): Promise<string | null> {
  try {
    const { name } = await makeSnapshot(folder, { reason: 'migration', now: Date.now() });
    return snapshotPath(folder, name);
  } catch (thrown) {
    if (storageFaultOf(thrown) !== 'database-damaged') throw thrown;
    return null;
  }
}

async function noRoom(folder: string, db: Writable, cause: unknown): Promise<StudioError> {
  const needed = COPIES * ((await sizeOf(db.name)) ?? 0) + SPARE_BYTES;
  const free = await freeBytes(folder).catch(() => null);
  const room = free === null ? '' : `, and ${megabytes(free, 'down')} are free`;
  const message = `The library in ${folder} is of an earlier version of Emulsion, and its disk is too full to update its database: that needs up to ${megabytes(needed, 'up')} for a snapshot and the change${room}. Your images and the database are as they were. Free some space on that disk, and try again.`;
  return new StudioError({ code: 'disk-full', message }, { cause });
}
