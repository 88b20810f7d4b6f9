import { statSync } from 'node:fs';
import fs from 'node:fs/promises';
import { basename } from 'node:path';
import type { GenerationId, ImageId, Sha256 } from '../contract/entities/ids.ts';
import { prepare, type Readable } from './db/database.ts';
import type { Library, UnsavedImage } from './files/library-handle.ts';
import { hashFile } from './files/originals.ts';
import { readReceivedName } from './files/received-name.ts';
import { isWholeImage } from './files/whole-image.ts';
import { jobOfGeneration, settleSavedLate } from './jobs/settle-saved-late.ts';
import { saveReceived } from './images/save-received.ts';

/**
 * Whether a file that an earlier session received is an image of a request of this library, from its first byte to its last. One whose kind
 * was undecided isn't: it may be a partial image, or an input that the server repeated.
 */
export async function readAdoptable(library: Library, path: string): Promise<UnsavedImage | null> {
  const owner = readReceivedName(basename(path));
  if (owner?.kind !== 'image') return null;
  const jobId = jobOfGeneration(library.db, owner.generationId);
  const { size, mtimeMs } = statSync(path);
  if (jobId === null || size === 0 || !(await isWholeImage(path, owner.complete))) return null;
  const file = { path, bytes: size, sha256: await hashFile(path) };
  if (isInput(library.db, owner.generationId, file.sha256)) return null;
  const { generationId, position } = owner;
  return { jobId, input: { generationId, position, file, revisedPrompt: null, at: Math.round(mtimeMs) } };
}

/** Saves an image that an earlier session received. Null if the library has it already. @throws StudioError like `saveImage` */
export async function adoptReceived(library: Library, { input }: UnsavedImage): Promise<ImageId | null> {
  const { db } = library;
  const sql = 'SELECT id FROM images WHERE generation_id = ? AND sha256 = ?';
  const known = prepare<[string, string], { id: string }>(db, sql).get(input.generationId, input.file.sha256);
  if (known) {
    await fs.rm(input.file.path, { force: true });
    return null;
  }
  const { id } = await saveReceived(library, input);
  settleSavedLate(db, input.generationId, 0);
  return id;
}

/** Whether these bytes were sent with the request: some servers repeat its inputs. */
function isInput(db: Readable, id: GenerationId, sha256: Sha256): boolean {
  const sql = 'SELECT 1 AS found FROM inputs WHERE generation_id = ? AND sha256 = ?';
  return prepare<[string, string], { found: 1 }>(db, sql).get(id, sha256) !== undefined;
}
