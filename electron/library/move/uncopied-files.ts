import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE, LOCK } from '../files/folders.ts';
import { list } from './copy-files.ts';
import { RECEIPT } from './receipt.ts';

/** What Emulsion makes itself in a library's folder and doesn't copy as a file: it is derived, copied otherwise, or of one process. */
const OWN = new Set([DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`, LOCK, RECEIPT, join('index', 'images-1.bin')]);
const THUMBNAIL = /^thumbnails[\\/](?:256|512)[\\/][0-9a-f]{2}[\\/][0-9a-f]{62}\.webp$/u;

/**
 * The first file or link in a library's folder that a copy of it doesn't have and that Emulsion hasn't made; null for none. It may be a person's, so
 * the folder must not be taken away.
 * @returns its path in the folder
 * @throws the system's error
 */
export function findUncopied(folder: string): string | null {
  const copied = new Set(list(folder).map(({ path }) => path));
  const find = (below: string): string | null => {
    for (const name of readdirSync(join(folder, below))) {
      const path = join(below, name);
      const found = isFolder(join(folder, path), below === '') ? find(path) : isKept(path, copied) ? null : path;
      if (found !== null) return found;
    }
    return null;
  };
  return find('');
}

function isKept(path: string, copied: ReadonlySet<string>): boolean {
  if (OWN.has(path)) return true;
  // Thumbnails aren't compared: only those that can be made again may go.
  return /^thumbnails[\\/]/u.test(path) ? THUMBNAIL.test(path) : copied.has(path);
}

/** A link at the top to a folder elsewhere is followed, as it is when the library is copied. */
function isFolder(path: string, isTop: boolean): boolean {
  const stat = lstatSync(path);
  if (!stat.isSymbolicLink()) return stat.isDirectory();
  return isTop && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}
