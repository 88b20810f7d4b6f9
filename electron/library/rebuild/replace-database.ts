import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { renameReplacing, syncFile, syncFolder } from '../../disk/durable-file.ts';
import { errorCode } from '../../disk/error-code.ts';
import { DATABASE } from '../files/folders.ts';

/** Files that belong to a database: its log first, without which a database that was kept would be an older one. */
const ENDS = ['-wal', '-journal', '-shm', ''] as const;

/**
 * Puts a new database, which is closed and has no log, in the place of a library's. The old one stays beside it, with its log. After a crash
 * in between, the database is missing and its name is free, which the next start notices. The caller holds the library's lock.
 * @returns the name under which the old one is kept; null if there was none
 */
export async function replaceDatabase(folder: string, from: string, now = new Date()): Promise<string | null> {
  const path = join(folder, DATABASE);
  await syncFile(from);
  const kept = freeName(folder, `library-before-${now.toISOString().slice(0, 19).replaceAll(':', '-')}`);
  let moved = false;
  for (const end of ENDS) moved = (await moveIfThere(path + end, join(folder, kept + end))) || moved;
  await syncFolder(folder);
  await renameReplacing(from, path);
  await syncFolder(folder);
  return moved ? kept : null;
}

/** A name that no database that was kept earlier has. */
function freeName(folder: string, base: string): string {
  for (let number = 1; ; number += 1) {
    const name = `${base}${number === 1 ? '' : `-${number}`}.db`;
    if (!ENDS.some((end) => existsSync(join(folder, name + end)))) return name;
  }
}

async function moveIfThere(from: string, to: string): Promise<boolean> {
  try {
    await fs.rename(from, to);
    return true;
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}
