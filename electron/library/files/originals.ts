import { createHash } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { createReadStream, statSync } from 'node:fs';
import fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Sha256 } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { OutputFormat } from '../../contract/catalogue/parameters.ts';
import { createFolder, renameReplacing, syncFile, syncFolder } from '../../disk/durable-file.ts';
import { errorCode } from '../../disk/error-code.ts';
import { prepare, type Writable } from '../db/database.ts';

/** A whole, closed file in the library's incoming folder, hashed while it was written. */
export interface ReceivedFile {
  path: string;
  bytes: number;
  sha256: Sha256;
}

export type SaveStep = 'pending-save-recorded' | 'file-synced' | 'renamed' | 'folder-synced' | 'committed';

/** Says how far each save has come, for tests that end the process at a step. Nobody listens otherwise. */
export const saveSteps = channel('emulsion.library.save');
export function publishSaveStep(step: SaveStep, file: ReceivedFile): void {
  if (saveSteps.hasSubscribers) saveSteps.publish({ step, file });
}

/**
 * Moves an arrived file to its place among the originals so that it survives a power cut: its content is on the disk before its name
 * is, and its name before this returns. The same bytes twice are one file.
 */
export async function moveToOriginals(file: ReceivedFile, target: string): Promise<void> {
  await checkLength(file);
  await syncFile(file.path);
  publishSaveStep('file-synced', file);
  await createFolder(dirname(target));
  await moveInto(file, target);
  publishSaveStep('renamed', file);
  await syncFolder(dirname(target));
  publishSaveStep('folder-synced', file);
}

/** The row of an original. Of the same bytes there is one. */
export function insertOriginal(db: Writable, file: ReceivedFile, format: OutputFormat): void {
  prepare<[string, string, number]>(
    db,
    'INSERT INTO originals (sha256, format, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  ).run(file.sha256, format, file.bytes);
}

async function checkLength(file: ReceivedFile): Promise<void> {
  const size = statSync(file.path, { throwIfNoEntry: false })?.size;
  if (size === file.bytes) return;
  const message =
    size === undefined
      ? `An image arrived and was written to ${file.path}, but the file is no longer there. Look whether another program cleans that folder.`
      : `An image arrived with ${file.bytes} bytes, but its file has ${size}. The file was left as it is. Another program may have changed it.`;
  throw new StudioError({ code: 'file-missing', message, billing: 'billed' });
}

async function moveInto(file: ReceivedFile, target: string): Promise<void> {
  try {
    // Over a file that is there already: its fresh bytes are proven, the old ones may have rotted.
    await renameReplacing(file.path, target);
  } catch (thrown) {
    // Windows goes on refusing while somebody reads the old file. Then that one stays, if it is sound.
    if (!['EPERM', 'EACCES', 'EBUSY', 'EEXIST'].includes(errorCode(thrown)) || !(await hasHash(target, file.sha256)))
      throw thrown;
    await syncFile(target);
    await fs.unlink(file.path);
  }
}

/** Whether a file is there and has this SHA-256. */
export async function hasHash(path: string, sha256: Sha256): Promise<boolean> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return false;
    throw thrown;
  }
  return hash.digest('hex') === sha256;
}
