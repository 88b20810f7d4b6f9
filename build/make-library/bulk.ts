import { transact, type Writable } from '../../electron/library/db/database.ts';

/*
 * Settings for inserting a million rows. They concern this connection only, except the text index's, which are set back. A library that was
 * being made when the power failed is made again, so nothing is synced until the end.
 */

/** Memory for pages in KiB. */
const CACHE_KIB = 600_000;

/** Prepares a connection for inserting many rows. */
export function beginBulk(db: Writable): void {
  db.pragma('synchronous = OFF');
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma('wal_autocheckpoint = 20000');
  db.pragma('foreign_keys = OFF');
}

/** Writes everything to the database file. */
export function endBulk(db: Writable): void {
  db.pragma('foreign_keys = ON');
  db.pragma('synchronous = FULL');
  db.pragma('wal_checkpoint(TRUNCATE)');
}

interface Trigger {
  name: string;
  sql: string;
}

/**
 * Runs `body` in one transaction without the triggers that log changes for the image index, which are back when it is committed. The log
 * starts almost empty: no index has been stored that would have to apply it.
 */
export function insertUnlogged<Result>(db: Writable, body: () => Result): Result {
  return transact(db, () => {
    const sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'log_*' ORDER BY rowid";
    const triggers = db.prepare<[], Trigger>(sql).all();
    for (const { name } of triggers) db.exec(`DROP TRIGGER "${name}"`);
    const result = body();
    for (const { sql } of triggers) db.exec(sql);
    return result;
  });
}
