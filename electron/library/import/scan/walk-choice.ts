import type { Dirent } from 'node:fs';
import { lstat, opendir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { ImportProblem } from '../../../contract/entities/imports.ts';
import { errorCode } from '../../../disk/error-code.ts';
import { isBesideName, MAX_EXPORT_DEPTH } from '../prompts/beside.ts';
import { DATABASE, ORIGINALS } from '../../files/folders.ts';

/** A file or folder that was chosen. `uploaded`: the page sent it, and it is in the library's own folder until it is imported. */
export interface Chosen {
  path: string;
  name: string;
  uploaded: boolean;
}

/** What a person chose by its absolute path. */
export function chosenPath(path: string): Chosen {
  return { path, name: basename(path) || path, uploaded: false };
}

/** A file of what was chosen. `chosen`: itself, not its folder. */
export type Walked =
  | { kind: 'file'; path: string; name: string; chosen: boolean }
  /** What follows is in this folder. `chosen`: itself; one in a chosen folder is told if it may be an export or a library. */
  | { kind: 'folder'; path: string; name: string; chosen: boolean }
  | { kind: 'refused'; name: string; problem: ImportProblem };

const MAX_DEPTH = 100;
/** What systems leave in folders, and in ZIPs. */
const SYSTEM_FILE = /^(?:\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX)$/iu;

/** Whether a name is of a file or folder that the system made for itself. */
export const isSystemFile = (name: string): boolean => SYSTEM_FILE.test(name);

/**
 * All files of what a person chose: files, and folders with everything in them. A chosen link is followed; one inside a chosen folder isn't: what
 * it leads to is either in the folder anyway or outside of it. So there are no loops. The open library's own folder is left out.
 * @param library the library's folder
 */
export async function* walkChoice(chosen: readonly Chosen[], library: string): AsyncGenerator<Walked> {
  const own = await realpath(library);
  for (const { path, name, uploaded } of chosen) {
    try {
      const root = await realpath(path);
      const stats = await stat(root);
      if (isInside(root, own) && !uploaded) yield { kind: 'refused', name, problem: 'own-library' };
      else if (stats.isDirectory()) {
        yield { kind: 'folder', path: root, name, chosen: true };
        yield* new FolderWalk(root, own).walk(root, name, 0);
      } else if (stats.isFile()) yield { kind: 'file', path: root, name, chosen: true };
      else yield { kind: 'refused', name, problem: 'not-a-file' };
    } catch (thrown) {
      yield { kind: 'refused', name, problem: errorCode(thrown) === 'ENOENT' ? 'gone' : 'unreadable' };
    }
  }
}

/** Whether a path is a folder or something in it. Both are real paths. */
const isInside = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep);

class FolderWalk {
  readonly #root: string;
  readonly #own: string;

  constructor(root: string, own: string) {
    this.#root = root;
    this.#own = own;
  }

  async *walk(folder: string, name: string, depth: number): AsyncGenerator<Walked> {
    const entries = folder === this.#own || depth > MAX_DEPTH ? null : await readFolder(folder);
    if (!entries) {
      const problem = folder === this.#own ? 'own-library' : depth > MAX_DEPTH ? 'too-deep' : 'folder-unreadable';
      yield { kind: 'refused', name, problem };
      return;
    }
    if (depth > 0 && depth <= MAX_EXPORT_DEPTH && isExport(entries))
      yield { kind: 'folder', path: folder, name, chosen: false };
    for (const entry of ownParts(entries)) {
      if (isSystemFile(entry.name)) continue;
      const path = join(folder, entry.name);
      const inner = `${name}/${entry.name}`;
      if (entry.isDirectory()) yield* this.walk(path, inner, depth + 1);
      else if (entry.isFile()) yield { kind: 'file', path, name: inner, chosen: false };
      else yield* this.#other(path, inner);
    }
  }

  /** A link, or no file at all. Some file systems don't say what an entry is. */
  async *#other(path: string, name: string): AsyncGenerator<Walked> {
    try {
      const stats = await lstat(path);
      if (stats.isFile()) yield { kind: 'file', path, name, chosen: false };
      else if (!stats.isSymbolicLink()) yield { kind: 'refused', name, problem: 'not-a-file' };
      // What it leads to is found by its own name.
      else if (!isInside(await realpath(path), this.#root)) yield { kind: 'refused', name, problem: 'link-outside' };
    } catch {
      yield { kind: 'refused', name, problem: 'link-broken' };
    }
  }
}

/** A folder's entries in the order of their names; null if it can't be read. */
async function readFolder(path: string): Promise<Dirent[] | null> {
  try {
    const entries: Dirent[] = [];
    for await (const entry of await opendir(path)) entries.push(entry);
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch {
    return null;
  }
}

function isExport(entries: readonly Dirent[]): boolean {
  return isLibrary(entries) || entries.some((entry) => entry.isFile() && isBesideName(entry.name));
}

function isLibrary(entries: readonly Dirent[]): boolean {
  const names = new Set(entries.map(({ name }) => name));
  return names.has(DATABASE) && names.has(ORIGINALS);
}

/** Of another library only what isn't made from something else: its originals, and the records beside them. */
function ownParts(entries: readonly Dirent[]): readonly Dirent[] {
  return isLibrary(entries) ? entries.filter(({ name }) => name === ORIGINALS) : entries;
}
