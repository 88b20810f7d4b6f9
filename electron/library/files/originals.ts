import { createHash } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { createReadStream, statSync } from 'node:fs';
import fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Sha256 } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { createFolderInside, renameReplacing, syncFile, syncFolder } from '../../disk/durable-file.ts';
import { errorCode } from '../../disk/error-code.ts';
import { prepare, type Writable } from '../db/database.ts';

/** A complete, closed file in the incoming folder, hashed while it was written. */
export interface ReceivedFile {
  path: string;
  bytes: number;
  sha256: Sha256;
}

export type SaveStep = 'pending-save-recorded' | 'file-synced' | 'renamed' | 'folder-synced' | 'committed';

/** Publishes the progress of each save; only tests subscribe, to end the process at a given step. */
export const saveSteps = channel('emulsion.library.save');
export function publishSaveStep(step: SaveStep, file: ReceivedFile): void {
  if (saveSteps.hasSubscribers) saveSteps.publish({ step, file });
}

/**
 * Moves a received file to its place among the originals, durably: content is synced before the rename, the folder after it.
 * Identical bytes share one file.
 */
export async function moveToOriginals(file: ReceivedFile, target: string): Promise<void> {
  await checkLength(file);
  await syncFile(file.path);
  publishSaveStep('file-synced', file);
  await createFolderInside(dirname(dirname(target)), dirname(target));
  await moveInto(file, target);
  publishSaveStep('renamed', file);
  await syncFolder(dirname(target));
  publishSaveStep('folder-synced', file);
}

/** Inserts the row of an original. Identical bytes share one row. */
export function insertOriginal(db: Writable, file: ReceivedFile, format: FileFormat): void {
  prepare<[string, string, number]>(
    db,
    'INSERT INTO originals (sha256, format, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  ).run(file.sha256, format, file.bytes);
}

async function checkLength(file: ReceivedFile): Promise<void> {
  const size = statSync(file.path, { throwIfNoEntry: false })?.size;
  if (size === file.bytes) return;
  if (size === undefined) return reportGone(file);
  const text = `An image of ${file.bytes} bytes was received, but its file has ${size}. Another program may have changed it.`;
  throw new StudioError({ code: 'file-missing', detail: { kind: 'text', text }, billing: 'billed' });
}

/** A received file was there, and isn't any more. @throws the system's error if its folder is gone, too; else StudioError `file-missing` */
export async function reportGone({ path }: ReceivedFile): Promise<never> {
  await fs.stat(dirname(path));
  const text =
    'An image was received and written to the library, but its file is gone. Check whether another program cleans the folder “incoming”.';
  throw new StudioError({ code: 'file-missing', detail: { kind: 'text', text }, billing: 'billed' });
}

async function moveInto(file: ReceivedFile, target: string): Promise<void> {
  try {
    // Replaces an existing file: the new bytes are verified, the old ones may be damaged.
    await renameReplacing(file.path, target);
  } catch (thrown) {
    // Windows refuses while another process reads the old file. That one stays if it is intact.
    if (!['EPERM', 'EACCES', 'EBUSY', 'EEXIST'].includes(errorCode(thrown)) || !(await hasHash(target, file.sha256)))
      throw thrown;
    await syncFile(target);
    await fs.unlink(file.path);
  }
}

/** Whether a file exists and has this SHA-256. */
export async function hasHash(path: string, sha256: Sha256): Promise<boolean> {
  try {
    return (await hashFile(path)) === sha256;
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}

/** @throws the system's error */
export async function hashFile(path: string): Promise<Sha256> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex') as Sha256;
}
