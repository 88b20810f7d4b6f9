import { closeSync, fsyncSync, openSync } from 'node:fs';
import { openUntrusted } from '../db/database.ts';
import { findDamage } from '../db/find-damage.ts';

type Connection = ReturnType<typeof openUntrusted>;

/** Pages that are copied at once: 4 MB. */
const STEP_PAGES = 1000;
/** Tables whose rows are counted in both files. Older libraries don't have all of them. */
const COUNTED = ['generations', 'images', 'originals', 'collections', 'tags', 'imports'];

export interface CopyOptions {
  /** Whether to stop, asked between two steps. */
  isStopped(): boolean;
  /** So many bytes of all are copied. */
  progress(done: number, total: number): void;
}

/**
 * Copies a database that is in use into a new file, in steps, as it was at one moment; proves the copy and makes it durable. Takes long, so call it in a
 * thread of its own. The copy is one file: nothing of it is in a log beside it.
 * @returns whether the copy is proven; false if it was stopped
 * @throws SQLite's error, with `SQLITE_CORRUPT` for a copy that isn't sound
 */
export async function copyDatabase(path: string, copy: string, { isStopped, progress }: CopyOptions): Promise<boolean> {
  const db = openUntrusted(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  let before: string;
  try {
    // One reading transaction for all steps: otherwise each commit of the application would begin the copy anew.
    db.exec('BEGIN');
    before = factsOf(db);
    const pageBytes = Number(db.pragma('page_size', { simple: true }));
    await db.backup(copy, {
      progress({ totalPages, remainingPages }) {
        if (isStopped()) throw new Stopped();
        progress((totalPages - remainingPages) * pageBytes, totalPages * pageBytes);
        return STEP_PAGES;
      },
    });
  } catch (thrown) {
    if (thrown instanceof Stopped) return false;
    throw thrown;
  } finally {
    db.close();
  }
  prove(copy, before);
  return true;
}

class Stopped extends Error {}

function prove(copy: string, expected: string): void {
  const db = openUntrusted(copy, { fileMustExist: true });
  try {
    db.pragma('journal_mode = DELETE');
    if (factsOf(db) !== expected) throw damaged('The copy’s rows differ from the database’s.');
  } finally {
    db.close();
  }
  const damage = findDamage(copy);
  if (damage.length > 0) throw damaged(damage.join('\n'));
  // Windows can't sync a file opened read-only.
  const file = openSync(copy, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** What has to be the same in the copy. */
function factsOf(db: Connection): string {
  const tables = new Set(db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
  const rows = COUNTED.filter((table) => tables.has(table)).map(
    (table) => `${table} ${db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0}`,
  );
  const heads = ['application_id', 'user_version'].map(
    (name) => `${name} ${String(db.pragma(name, { simple: true }))}`,
  );
  return [...heads, ...rows].join(', ');
}

function damaged(message: string): Error {
  return Object.assign(new Error(message), { code: 'SQLITE_CORRUPT' });
}
