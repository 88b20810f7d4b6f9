import type { Migration } from './migration.ts';

/*
 * `name`: the id of a request or an import, or `library` for the library's record. `hash`: the SHA-256 of what this database wrote into its
 * file last. Another file there was written by a later state of the database, or by a person. Without a row, nothing is known of the file.
 */
const HASHES = `
  CREATE TABLE record_hashes (
    name TEXT NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
  ) STRICT, WITHOUT ROWID;`;

/** What each record was when it was written last, so that one that says more is never overwritten without a copy. */
export const recordHashes: Migration = { version: 11, up: (db) => void db.exec(HASHES) };
