import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import * as v from 'valibot';
import { StudioError } from '../contract/errors/errors.ts';
import { writeFileAtomic } from '../disk/durable-file.ts';
import { errorCode } from '../disk/error-code.ts';
import { acquireFolderLock } from '../disk/folder-lock.ts';
import { parseJson, type ParsedJson } from './parse-json.ts';

export interface JsonFileOptions<T> {
  path: string;
  /** The newest version that this release supports. */
  version: number;
  /** The file's name in messages, for example "settings". */
  name: string;
  /** Reads the parsed text field by field; `json` is undefined if nothing in it could be parsed. */
  read: (parsed: ParsedJson) => T;
}

/** Above it, a version number is damage, not a later release. */
const MAX_VERSION = 1000;

/**
 * Reads a JSON file with a `version`. Returns null for a missing file. The file isn't changed.
 * @throws `unsupported-here` for a file of a newer version; `disk-unwritable` if it can't be read
 */
export async function readJsonFile<T>({ path, version, name, read }: JsonFileOptions<T>): Promise<T | null> {
  const text = await readText(path, name);
  if (text === null) return null;
  const parsed = parseJson(text);
  const found = v.safeParse(
    v.object({ version: v.pipe(v.number(), v.integer(), v.maxValue(MAX_VERSION)) }),
    parsed.json,
  );
  if (found.success && found.output.version > version) throw newerVersionError(path, name);
  return read(parsed);
}

/**
 * Keeps a copy of a damaged file beside it, readable by its owner only. Returns the copy's name.
 * @throws `disk-full` or `disk-unwritable`
 */
export async function keepDamagedCopy(path: string, name: string): Promise<string> {
  const copy = damagedCopyPath(path);
  await withDiskErrors(path, name, async () => writeFileAtomic(copy, await readFile(path), { mode: 0o600 }));
  return basename(copy);
}

/**
 * Replaces a file atomically, readable by its owner only.
 * @throws `disk-full` or `disk-unwritable`; the old file is then unchanged
 */
export async function writeJsonFile(path: string, content: unknown, name: string): Promise<void> {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  await withDiskErrors(path, name, () => writeFileAtomic(path, text, { mode: 0o600 }));
}

/**
 * Waits for the lock on a folder's files across processes. Resolves to the function that releases it.
 * @throws `disk-full` or `disk-unwritable`
 */
export async function lockFolder(folder: string, name: string): Promise<() => Promise<void>> {
  return withDiskErrors(folder, name, () => acquireFolderLock(join(folder, 'changing')));
}

/**
 * Creates a folder that only its owner can access, and its parents.
 * @throws `disk-unwritable`
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  await withDiskErrors(folder, 'settings', () => mkdir(folder, { recursive: true, mode: 0o700 }));
}

async function readText(path: string, name: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return null;
    throw new StudioError(
      {
        code: 'disk-unwritable',
        message: `The ${name} file ${path} couldn’t be read. Check its permissions, then start again.`,
      },
      { cause },
    );
  }
}

function newerVersionError(path: string, name: string): StudioError {
  return new StudioError({
    code: 'unsupported-here',
    message: `The ${name} file ${path} was written by a newer Emulsion and is unchanged. Start the newer version, or move the file away.`,
  });
}

function damagedCopyPath(path: string): string {
  const time = new Date().toISOString().replaceAll(/[:.]/gu, '-');
  const extension = extname(path);
  return join(dirname(path), `${basename(path, extension)}.damaged-${time}${extension}`);
}

async function withDiskErrors<T>(path: string, name: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (errorCode(cause) === 'ENOSPC' || errorCode(cause) === 'EDQUOT') {
      const message = `The disk is full, so the ${name} weren’t saved. Free some space and try again.`;
      throw new StudioError({ code: 'disk-full', message }, { cause });
    }
    const message = `The ${name} couldn’t be saved to ${path}. Check that the folder is writable, then try again.`;
    throw new StudioError({ code: 'disk-unwritable', message }, { cause });
  }
}
