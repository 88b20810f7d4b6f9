import type { Sha256 } from '../../contract/entities/ids.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { DecoderError } from '../decoding/operation.ts';
import { PREVIEW_EDGE, thumbnailPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { HASH_PREVIEWS } from '../pixels/operations.ts';

/** Images hashed at once: a tenth of a second in the decoding process, and a transaction of about a millisecond. */
const SLICE = 32;
/** Stored for an image whose thumbnail is missing or can't be decoded, so that it isn't tried at every start. */
const NONE = new Uint8Array();

interface Due {
  timeline: number;
  sha256: Sha256;
}

/**
 * Hashes images that have a thumbnail from before there were difference hashes, newest first, in slices. What was done stays done; the rest
 * follows at the next start.
 * @throws DecoderError if no process could be started; StudioError `disk-full`, `disk-unwritable`, `library-damaged`
 */
export async function fillDifferenceHashes(library: Library, signal?: AbortSignal): Promise<void> {
  const { db } = library;
  for (let due = listDue(db); due.length > 0 && !signal?.aborted; due = listDue(db)) {
    const hashes = await hashSlice(library, due, signal);
    storeHashes(db, due, hashes);
  }
}

function listDue(db: Readable): Due[] {
  const sql =
    'SELECT timeline, sha256 FROM images WHERE dhash IS NULL AND thumbhash IS NOT NULL ORDER BY timeline DESC LIMIT ?';
  return prepare<[number], Due>(db, sql).all(SLICE);
}

/** A thumbnail that ends the decoding process has no hash; the others of its slice are hashed one by one. */
async function hashSlice(library: Library, due: readonly Due[], signal?: AbortSignal): Promise<(Uint8Array | null)[]> {
  const paths = due.map(({ sha256 }) => thumbnailPath(library.folder, sha256, PREVIEW_EDGE));
  try {
    return await library.decoding.run(HASH_PREVIEWS, { paths }, { signal });
  } catch (thrown) {
    if (!(thrown instanceof DecoderError && thrown.isFileAtFault)) throw thrown;
    if (due.length === 1) return [null];
    const hashes: (Uint8Array | null)[] = [];
    for (const one of due) hashes.push(...(await hashSlice(library, [one], signal)));
    return hashes;
  }
}

function storeHashes(db: Writable, due: readonly Due[], hashes: readonly (Uint8Array | null)[]): void {
  // Its thumbnail may have been made again meanwhile, with a hash.
  const sql = 'UPDATE images SET dhash = ? WHERE timeline = ? AND dhash IS NULL';
  transact(db, () => {
    for (const [index, { timeline }] of due.entries())
      prepare<[Uint8Array, number]>(db, sql).run(hashes[index] ?? NONE, timeline);
  });
}
