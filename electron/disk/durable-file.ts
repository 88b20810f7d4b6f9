import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { errorCode } from './error-code.ts';

/** Flushes a file's content to the disk (fsync; F_FULLFSYNC on macOS, by Node). */
export async function syncFile(path: string): Promise<void> {
  // Windows can't sync a file opened read-only.
  const file = await fs.open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Flushes a folder's entries to the disk. A no-op on Windows, where NTFS journals renames. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await fs.open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Creates a folder and its missing parents and flushes each new entry. One level at a time: Node's recursive mkdir never
 * returns where a folder is reported missing although its parent exists (below /proc, for example).
 * @throws the system's error; `EEXIST` where a file is in the way
 */
export async function createFolder(path: string, mode = 0o777): Promise<void> {
  const missing: string[] = [];
  for (let at = path; !(await isFolder(at)); at = dirname(at)) {
    missing.unshift(at);
    if (at === dirname(at)) break;
  }
  for (const folder of missing) await createOne(folder, mode);
}

/** Creates a folder whose parent exists, unless it is there. */
async function createOne(folder: string, mode = 0o777): Promise<void> {
  if (await isFolder(folder)) return;
  await fs.mkdir(folder, { mode }).catch(async (thrown: unknown) => {
    // Another process may have created the folder meanwhile; a file of that name is an error.
    if (errorCode(thrown) !== 'EEXIST' || !(await isFolder(folder))) throw thrown;
  });
  await syncFolder(dirname(folder));
}

/**
 * The same below `root`, which is never created: where it is missing, its disk may be unplugged, and a folder in its place would keep it
 * from coming back. @throws the system's error; `ENOENT` without `root`
 */
export async function createFolderInside(root: string, path: string): Promise<void> {
  await fs.access(root);
  const names = relative(root, path).split(sep).filter(Boolean);
  let at = root;
  for (const name of names) {
    at = join(at, name);
    await createOne(at);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await fs.stat(path)).isDirectory();
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(thrown))) return false;
    throw thrown;
  }
}

export interface WriteOptions {
  /** Permissions of the new file. Default 0o666 minus the umask. */
  mode?: number;
  /** Where the data is written first, on the same file system. Default: a unique name beside the file. */
  temporaryPath?: string;
}

/**
 * Replaces a file atomically and durably: after a crash or a power cut, either the old or the new content is there. Concurrent
 * writers don't disturb each other; the last one wins. The folder must exist.
 * @throws the system's error; then the old file is unchanged and the temporary file is removed
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  const { mode = 0o666, temporaryPath = `${path}.${randomUUID()}.tmp` } = options;
  try {
    await writeNewFile(temporaryPath, data, mode);
    await renameReplacing(temporaryPath, path);
  } catch (thrown) {
    // The first error is thrown; a temporary file that can't be removed is harmless.
    if (errorCode(thrown) !== 'EEXIST') await fs.rm(temporaryPath, { force: true }).catch(() => undefined);
    throw thrown;
  }
  await syncFolder(dirname(path));
}

/** Writes a file that doesn't exist yet and flushes its content. Its name is durable only after {@link syncFolder}. */
export async function writeNewFile(path: string, data: string | Uint8Array, mode = 0o666): Promise<void> {
  await fs.writeFile(path, data, { flag: 'wx', mode, flush: true });
}

/** Renames a file, replacing an existing target. Retries on Windows; see {@link retryOnWindows}. */
export async function renameReplacing(from: string, to: string): Promise<void> {
  await retryOnWindows(() => fs.rename(from, to));
}

/**
 * Gives a file a name that no other file has. Unlike a rename, a link never replaces one; a file system without links is looked at before.
 * @returns false if there is a file of that name; then nothing has changed
 */
export async function renameNew(from: string, to: string): Promise<boolean> {
  try {
    await fs.link(from, to);
  } catch (thrown) {
    if (errorCode(thrown) === 'EEXIST' || (await isThere(to))) return false;
    await renameReplacing(from, to);
    return true;
  }
  await retryOnWindows(() => fs.rm(from, { force: true }));
  return true;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await fs.lstat(path);
    return true;
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}

/** Windows' error codes while another process has the file open. */
const TRANSIENT_CODES = new Set(['EPERM', 'EBUSY', 'EACCES']);
/** With {@link RETRY_STEP_MS}: 1.3 seconds in all, longer than a virus scanner holds an image of tens of megabytes. */
const MAX_ATTEMPTS = 12;
const RETRY_STEP_MS = 20;

/** Runs `action`, and retries on Windows while a virus scanner or an indexer has the file open. Other systems fail at once. */
export async function retryOnWindows<T>(action: () => Promise<T>, platform = process.platform): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (thrown) {
      if (platform !== 'win32' || !TRANSIENT_CODES.has(errorCode(thrown)) || attempt === MAX_ATTEMPTS) throw thrown;
      await wait(RETRY_STEP_MS * attempt);
    }
  }
}
