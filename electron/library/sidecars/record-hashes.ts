import { createHash } from 'node:crypto';
import { prepare, type Readable, type Writable } from '../db/database.ts';
import type { SidecarId } from '../files/sidecar-marks.ts';

/** Stands for the library's record among the ids of sidecars. */
export const LIBRARY_RECORD = 'library';
export type RecordName = SidecarId | typeof LIBRARY_RECORD;

/** Remembers what a record's file has. In a transaction of the caller's. */
export function rememberRecord(db: Writable, name: RecordName, content: string | Uint8Array): void {
  const sql = 'INSERT INTO record_hashes VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash';
  prepare<[string, Buffer]>(db, sql).run(name, hashOf(content));
}

/** Whether a record's file has what this database wrote last, or knows to be there. */
export function isRemembered(db: Readable, name: RecordName, content: string | Uint8Array): boolean {
  const row = prepare<[string], { hash: Buffer }>(db, 'SELECT hash FROM record_hashes WHERE name = ?').get(name);
  return row?.hash.equals(hashOf(content)) ?? false;
}

function hashOf(content: string | Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}
