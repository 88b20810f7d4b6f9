import { existsSync, rmSync, statSync } from 'node:fs';
import fs from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StudioError } from '../contract/errors/errors.ts';
import { createFolder } from '../disk/durable-file.ts';
import { errorCode } from '../disk/error-code.ts';
import { toDiskError } from './db/disk-errors.ts';
import type { Decoding } from './decoding/operation.ts';
import { DATABASE, ORIGINALS, QUARANTINE, RECORDS, SNAPSHOTS } from './files/folders.ts';
import { hasDatabase } from './files/inspect-folder.ts';
import type { Library } from './files/library-handle.ts';
import { readIdentity } from './files/library-identity.ts';
import { openLibrary } from './library.ts';

/** What an unwritable folder or medium answers. */
const UNWRITABLE: readonly string[] = ['EROFS', 'EACCES', 'EPERM'];
const LINKED = [ORIGINALS, 'thumbnails', RECORDS, QUARANTINE] as const;
/** Copies of a database that another computer may be writing to are tried so often. */
const ATTEMPTS = 3;

/** Whether a folder holds a library and no file can be created in it. Tries to. */
export async function isReadOnly(folder: string): Promise<boolean> {
  if (!(await hasDatabase(folder))) return false;
  try {
    await fs.rmdir(await fs.mkdtemp(join(folder, '.emulsion-')));
    return false;
  } catch (thrown) {
    return UNWRITABLE.includes(errorCode(thrown));
  }
}

/**
 * Opens a library that can't be written, for reading. Its database is copied to a folder of its own, in which links lead to the library's files; so
 * SQLite can replay its log and bring it to the newest format there. What is written to the copy is lost when the library is closed, so the caller must
 * refuse what a person would want to keep.
 * @param preferencesFolder in whose `read-only` copies are made; those of processes that have ended are deleted
 * @param openAnyway although its database is older than its files. Asked at each opening: the answer can't be kept
 * @throws StudioError as `openLibrary` does; `library-locked` if the database is being changed meanwhile
 */
export async function openReadOnly(
  path: string,
  preferencesFolder: string,
  decoding?: Decoding,
  openAnyway = false,
): Promise<Library> {
  const work = join(preferencesFolder, 'read-only');
  const place = resolve(path);
  await clearCopies(work);
  const folder = await makeFolder(work);
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    for (const name of LINKED) await link(place, folder, name);
    await copyDatabase(place, folder);
    // Derived, and made again if it doesn't fit. Its copy is faster.
    await fs.cp(join(place, 'index'), join(folder, 'index'), { recursive: true }).catch(() => undefined);
    const library = await openLibrary(folder, decoding, [], openAnyway);
    await link(place, folder, SNAPSHOTS);
    const close = (): void => {
      library.close();
      remove();
    };
    return { ...library, readOnlyFolder: place, identity: await readIdentity(place), close };
  } catch (thrown) {
    remove();
    throw thrown instanceof StudioError ? namingPlace(thrown, folder, place) : thrown;
  }
}

/** Names the library's folder instead of the copy's. */
function namingPlace({ report }: StudioError, folder: string, place: string): StudioError {
  const [copy, original] = [folder, place].map((path) => JSON.stringify(path).slice(1, -1)) as [string, string];
  return new StudioError(JSON.parse(JSON.stringify(report).replaceAll(copy, original)) as typeof report);
}

async function makeFolder(work: string): Promise<string> {
  try {
    await createFolder(work, 0o700);
    return await fs.mkdtemp(join(work, `${process.pid}-`));
  } catch (thrown) {
    throw toDiskError(thrown, { folder: work });
  }
}

/** A junction on Windows, which needs no permission. One that is there stays: a migration has made it. */
async function link(place: string, folder: string, name: string): Promise<void> {
  if (existsSync(join(place, name)) && !existsSync(join(folder, name)))
    await fs.symlink(join(place, name), join(folder, name), 'junction');
}

async function copyDatabase(place: string, folder: string): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const before = stateOf(place);
    try {
      for (const end of ['', '-wal']) {
        const [source, target] = [join(place, DATABASE + end), join(folder, DATABASE + end)];
        await fs.rm(target, { force: true });
        if (existsSync(source)) await fs.copyFile(source, target, fs.constants.COPYFILE_FICLONE);
        // A copy has the permissions of its source.
        if (existsSync(target)) await fs.chmod(target, 0o600);
      }
    } catch (thrown) {
      throw toDiskError(thrown, { folder: dirname(folder) });
    }
    if (stateOf(place) === before) return;
  }
  const message = `The library in ${place} can only be read here, and is being changed by another program. Nothing was changed. Close it there, and try again.`;
  throw new StudioError({ code: 'library-locked', message });
}

/** Changes with the database and its log. */
function stateOf(place: string): string {
  return ['', '-wal']
    .map((end) => statSync(join(place, DATABASE + end), { throwIfNoEntry: false }))
    .map((stat) => (stat ? `${stat.size} ${stat.mtimeMs}` : 'none'))
    .join();
}

/** Deletes what processes that have ended have left. Links are deleted, not followed. */
async function clearCopies(work: string): Promise<void> {
  const names = await fs.readdir(work).catch(() => []);
  for (const name of names) {
    const pid = Number(/^(\d+)-/u.exec(name)?.[1] ?? Number.NaN);
    if (pid > 0 && !isRunning(pid))
      await fs.rm(join(work, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return errorCode(thrown) === 'EPERM';
  }
}
