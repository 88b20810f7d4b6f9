import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { createFolder, writeFileAtomic } from '../../disk/durable-file.ts';
import { INCOMING } from './folders.ts';

/** Files in the incoming folder whose names begin so can be made again; they are dropped after a crash. */
export const DERIVED_PREFIX = 'derived-';

/**
 * Writes a file that is made from what the library holds (a thumbnail, a sidecar), whole or not at all. Two writers of one file do not
 * disturb each other: each writes to a name of its own, and the later one stays. Throws the system's error.
 */
export async function writeDerived(folder: string, path: string, data: string | Uint8Array): Promise<void> {
  await createFolder(dirname(path));
  await writeFileAtomic(path, data, { temporaryPath: join(folder, INCOMING, `${DERIVED_PREFIX}${randomUUID()}`) });
}
