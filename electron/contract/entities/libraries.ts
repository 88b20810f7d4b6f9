import type { SharedFolder } from './settings.ts';

/** A library that was open before. */
export interface KnownLibrary {
  /** Absolute path of its folder. */
  folder: string;
  /** Whether its database is there: a disk may not be connected. */
  available: boolean;
}

/**
 * What a folder is to a library. `library`: there is one in it. `empty` and `missing`: one can be created there. `other`: other files are
 * in it; `folder` is then a new folder below it. `gone`: a library with images was there before. `unusable`: it is a file, or can't be read.
 */
export type FolderKind = 'library' | 'empty' | 'missing' | 'other' | 'gone' | 'unusable';

/** What was found in a folder in which a library is to be opened or created. Nothing was changed. */
export interface FolderFindings {
  /** Where the library is or would be: the chosen folder, or a new one below it. Absolute path. */
  folder: string;
  /** Of the chosen folder. */
  kind: FolderKind;
  /** It is the open library. */
  open: boolean;
  shared: SharedFolder | null;
}

/** The library that the open one is a proven copy of. */
export interface FormerLibrary {
  /** Absolute path of its folder. */
  folder: string;
  /** Whether this host can move it to the system's trash. */
  canTrash: boolean;
}
