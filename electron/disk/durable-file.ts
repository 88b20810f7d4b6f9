import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { errorCode } from './error-code.ts';

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

/**
 * Makes a folder and its missing parents, and puts every new name on the disk. Step by step: where the system says that a folder is
 * missing although its parent is there (below /proc, for instance), Node's own way of making parents goes round for ever. Throws the
 * system's error, `EEXIST` where a file is in the way.
 */
export async function createFolder(path: string, mode = 0o777): Promise<void> {
  const missing: string[] = [];
  for (let at = path; !(await isFolder(at)); at = dirname(at)) {
    missing.unshift(at);
    if (at === dirname(at)) break;
  }
  for (const folder of missing) {
    await fs.mkdir(folder, { mode }).catch(async (thrown: unknown) => {
      // Made by somebody else meanwhile, which is as well; a file of that name is not.
      if (errorCode(thrown) !== 'EEXIST' || !(await isFolder(folder))) throw thrown;
    });
    await syncFolder(dirname(folder));
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
  /** Who may do what with the new file; 0o666 less the umask when left out. */
  mode?: number;
  /** Where it is written at first, on the same file system; a name that nobody else has, beside the file, when left out. */
  temporaryPath?: string;
}

/**
 * Writes a whole file so that at any moment, a power cut included, the old or the new one is there, and never half of it. Two writers
 * at once do not disturb each other; the later one stays. The folder has to be there. Throws the system's error, and then the old file
 * is as it was and the new one is gone.
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
    // What is told is the first failure; a file that cannot be removed either is only litter.
    if (errorCode(thrown) !== 'EEXIST') await fs.rm(temporaryPath, { force: true }).catch(() => undefined);
    throw thrown;
  }
  await syncFolder(dirname(path));
}

/** Writes a file that is not there yet, and puts its content on the disk. Its name is there for good after {@link syncFolder}. */
export async function writeNewFile(path: string, data: string | Uint8Array, mode = 0o666): Promise<void> {
  await fs.writeFile(path, data, { flag: 'wx', mode, flush: true });
}

/** Renames, over a file that may be there already. See {@link retryOnWindows}. */
export async function renameReplacing(from: string, to: string): Promise<void> {
  await retryOnWindows(() => fs.rename(from, to));
}

const TRANSIENT_CODES = new Set(['EPERM', 'EBUSY', 'EACCES']);
/** One and a half seconds in all: longer than a virus scanner needs for an image of tens of megabytes. */
const MAX_ATTEMPTS = 12;
const RETRY_STEP_MS = 20;

/**
 * Does what Windows refuses while a virus scanner or an indexer looks at the file: a moment later it does not. Elsewhere the first
 * refusal is the true one.
 */
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
