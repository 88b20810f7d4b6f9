import { openUntrusted } from '../db/database.ts';
import { inspectDatabase } from '../db/migrations/migrate.ts';
import { listSnapshots, snapshotPath } from './snapshot-files.ts';

/** A snapshot that can be offered in place of a database that can't be opened. */
export interface Restorable {
  name: string;
  /** ms since 1970 */
  madeAt: number;
  /** That it has outside the trash. */
  images: number;
}

/**
 * The newest snapshot that is a library's database of this version or an earlier one, and can be read. Whether it is sound is proven when it is restored.
 * Databases that a restore replaced are left out: they aren't what the person had.
 * @param before only those that were made earlier, ms since 1970
 */
export async function findRestorable(folder: string, before = Number.POSITIVE_INFINITY): Promise<Restorable | null> {
  for (const { name, madeAt, reason } of await listSnapshots(folder)) {
    if (reason === 'restore' || madeAt >= before) continue;
    const images = countImages(snapshotPath(folder, name));
    if (images !== null) return { name, madeAt, images };
  }
  return null;
}

/** Null for a file that can't be read. */
function countImages(path: string): number | null {
  try {
    inspectDatabase(path);
    const db = openUntrusted(path, { readonly: true, fileMustExist: true });
    try {
      const sql = "SELECT value FROM counters WHERE name = 'pictures'";
      return db.prepare<[], number>(sql).pluck().get() ?? null;
    } finally {
      db.close();
    }
  } catch {
    return null;
  }
}
