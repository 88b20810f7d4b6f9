import Database from 'better-sqlite3';
import { closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Pages overwritten at once: an index of a small library has one. */
const PAGE = 4096;

/** Overwrites the root page of a table or an index of a closed library with bytes that are no page. */
export function damagePage(folder: string, name: string): void {
  const path = join(folder, 'library.db');
  const db = new Database(path);
  const root = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name) as number | undefined;
  db.close();
  if (root === undefined) throw new Error(`${name} has no page.`);
  overwrite(path, (root - 1) * PAGE, Buffer.alloc(PAGE, 0xa5));
}

/** Overwrites bytes of a file. */
export function overwrite(path: string, position: number, bytes: Buffer): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, position);
  closeSync(file);
}

/** Cuts a file to part of its length. */
export function truncateTo(path: string, part: number): void {
  truncateSync(path, Math.floor((statSync(path).size * part) / PAGE) * PAGE);
}
