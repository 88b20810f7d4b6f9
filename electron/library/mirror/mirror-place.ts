import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasDatabase, inspectFolder, isFolder } from '../files/inspect-folder.ts';
import type { MirrorProblem } from './mirror-problem.ts';

/** The folders that a mirror folder must keep away from. Absolute paths. */
export interface Surroundings {
  /** The open library. */
  library: string;
  /** The watched folder; null for none. */
  watched: string | null;
}

/** Why images can't be copied to a folder because of where it is; null if they can. Changes nothing. Never throws. */
export async function placeProblem(
  folder: string,
  { library, watched }: Surroundings,
): Promise<Extract<MirrorProblem, 'gone' | 'in-library' | 'has-library' | 'other-library' | 'watched'> | null> {
  if (!(await isFolder(folder))) return 'gone';
  if (await isWithin(folder, library)) return 'in-library';
  if (await isWithin(library, folder)) return 'has-library';
  // Watching looks into the folders below too.
  if (watched !== null && (await isWithin(folder, watched))) return 'watched';
  return (await isOfLibrary(folder)) ? 'other-library' : null;
}

/**
 * Whether a path is a folder or lies in it. Folders are compared as their file system knows them: a path can be written in several ways. Never
 * throws; false for what isn't there.
 */
export async function isWithin(path: string, folder: string): Promise<boolean> {
  const outer = await identify(folder);
  if (outer === null) return false;
  for (const parent of await withParents(path)) if ((await identify(parent)) === outer) return true;
  return false;
}

async function isOfLibrary(folder: string): Promise<boolean> {
  const found = await inspectFolder(folder);
  // Also one whose database was lost.
  if (found.kind === 'library' && found.folder === folder) return true;
  for (const parent of await withParents(folder)) if (await hasDatabase(parent)) return true;
  return false;
}

async function identify(path: string): Promise<string | null> {
  return stat(path, { bigint: true }).then(
    ({ dev, ino }) => `${dev} ${ino}`,
    () => null,
  );
}

/** A folder's real path and those of the folders that it is in. */
async function withParents(path: string): Promise<string[]> {
  let at = await realpath(path).catch(() => null);
  const all: string[] = [];
  while (at !== null && at !== all.at(-1)) {
    all.push(at);
    at = dirname(at);
  }
  return all;
}
