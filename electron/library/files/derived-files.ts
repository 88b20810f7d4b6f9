import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { createFolderInside, writeFileAtomic } from '../../disk/durable-file.ts';
import { incomingPath } from './folders.ts';

/** Prefix of files in the incoming folder that can be recreated; they are deleted after a crash. */
export const DERIVED_PREFIX = 'derived-';

/** A new path in the incoming folder for a file that is deleted after a crash: it can be made again. */
export function derivedPath(folder: string, what: string): string {
  return incomingPath(folder, `${DERIVED_PREFIX}${what}-${randomUUID()}`);
}

/**
 * Writes a file derived from the library's content (thumbnail, sidecar) atomically. Concurrent writers don't disturb each
 * other; the last one wins.
 * @throws the system's error
 */
export async function writeDerived(folder: string, path: string, data: string | Uint8Array): Promise<void> {
  await createFolderInside(folder, dirname(path));
  await writeFileAtomic(path, data, { temporaryPath: incomingPath(folder, `${DERIVED_PREFIX}${randomUUID()}`) });
}
