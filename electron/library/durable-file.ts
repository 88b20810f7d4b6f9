import fs from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Puts a file's content on the disk. Node asks macOS for the full kind of sync by itself. */
export async function syncFile(path: string): Promise<void> {
  // Windows refuses to sync a file that was opened for reading only.
  const file = await fs.open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts a folder's list of names on the disk. Windows has no such call; its file systems log renames themselves. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await fs.open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Makes a folder and its missing parents, and puts every new name on the disk. */
export async function makeFolder(path: string): Promise<void> {
  const first = await fs.mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length && made !== dirname(made); made = dirname(made))
    await syncFolder(dirname(made));
}

/**
 * Writes a whole file so that at any moment the old or the new one is there, and never half of it. `staging` is a folder on the same
 * file system.
 */
export async function writeWhole(
  path: string,
  data: string | Uint8Array,
  staging: string,
  stagingName: string,
): Promise<void> {
  const staged = join(staging, stagingName);
  await fs.writeFile(staged, data, { flush: true });
  await makeFolder(dirname(path));
  await fs.rename(staged, path);
  await syncFolder(dirname(path));
}
