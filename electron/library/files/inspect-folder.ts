import fs from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderKind } from '../../contract/entities/libraries.ts';
import { errorCode } from '../../disk/error-code.ts';
import { DATABASE, ORIGINALS, RECORDS } from './folders.ts';

/** Name of the folder that is created for a library beside other files. */
const NEW_FOLDER = 'Emulsion Library';
/** Files that systems leave in a folder that a person sees as empty. */
const INVISIBLE: readonly string[] = ['.DS_Store', 'desktop.ini', 'Thumbs.db', 'lost+found', '.Trashes', '.fseventsd'];

/** What a folder is to a library, and where the library is or would be. Changes nothing. Never throws. */
export async function inspectFolder(folder: string): Promise<{ folder: string; kind: Exclude<FolderKind, 'gone'> }> {
  const kind = await kindOf(folder);
  if (kind !== 'other') return { folder, kind };
  const below = join(folder, NEW_FOLDER);
  const kindBelow = await kindOf(below);
  return kindBelow === 'library' ? { folder: below, kind: 'library' } : { folder: below, kind };
}

/** Whether a path is a folder's. Never throws. */
export async function isFolder(path: string): Promise<boolean> {
  return fs.stat(path).then(
    (stat) => stat.isDirectory(),
    () => false,
  );
}

/** Whether a library's database is in the folder. Never throws. */
export async function hasDatabase(folder: string): Promise<boolean> {
  return fs.stat(join(folder, DATABASE)).then(
    (stat) => stat.isFile(),
    () => false,
  );
}

async function kindOf(folder: string): Promise<Exclude<FolderKind, 'gone'>> {
  let names: string[];
  try {
    names = await fs.readdir(folder);
  } catch (thrown) {
    return errorCode(thrown) === 'ENOENT' ? 'missing' : 'unusable';
  }
  // A library whose database was lost is one: opening it says so.
  if (names.includes(DATABASE) || (names.includes(ORIGINALS) && names.includes(RECORDS))) return 'library';
  return names.every((name) => INVISIBLE.includes(name)) ? 'empty' : 'other';
}
