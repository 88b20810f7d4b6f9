import fs from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../disk/error-code.ts';
import { DATABASE, INCOMING } from './folders.ts';

/** A file or folder as its file system knows it, independent of its path. */
export interface FileIdentity {
  kind: 'file' | 'folder';
  dev: bigint;
  ino: bigint;
}

/** What is at the paths of a library; null for nothing. */
export interface LibraryIdentity {
  folder: FileIdentity | null;
  incoming: FileIdentity | null;
  database: FileIdentity | null;
}

/** @throws the system's error where a path can't be examined */
export async function readIdentity(folder: string): Promise<LibraryIdentity> {
  return {
    folder: await identify(folder),
    incoming: await identify(join(folder, INCOMING)),
    database: await identify(join(folder, DATABASE)),
  };
}

async function identify(path: string): Promise<FileIdentity | null> {
  try {
    // Never opened: closing a handle of the database file would drop SQLite's locks on it (POSIX).
    const stat = await fs.stat(path, { bigint: true });
    return { kind: stat.isDirectory() ? 'folder' : 'file', dev: stat.dev, ino: stat.ino };
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(thrown))) return null;
    throw thrown;
  }
}

export function isSame(one: FileIdentity | null, other: FileIdentity | null): boolean {
  return one?.kind === other?.kind && one?.dev === other?.dev && one?.ino === other?.ino;
}
