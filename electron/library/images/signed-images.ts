import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import type { ImageId, Sha256 } from '../../contract/entities/ids.ts';
import { errorCode } from '../../disk/error-code.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { isSigned } from '../pixels/metadata/is-signed.ts';

/** Images looked at before their rows are written: a transaction of about a millisecond. */
const SLICE = 64;

interface Due {
  timeline: number;
  id: ImageId;
  sha256: Sha256;
  format: FileFormat;
}

/**
 * Looks at which originals have Content Credentials (C2PA), newest first, in slices. What was done stays done; a missing file is looked at again
 * by the next start.
 * @throws the system's error where a file can't be read; StudioError `library-damaged`
 */
export async function findSignedImages({ folder, db }: Library, signal?: AbortSignal): Promise<void> {
  let before = Number.MAX_SAFE_INTEGER;
  for (let due = listDue(db, before); due.length > 0 && !signal?.aborted; due = listDue(db, before)) {
    const found: [ImageId, boolean][] = [];
    for (const { timeline, id, sha256, format } of due) {
      const signed = await isSigned(originalPath(folder, sha256, format), format).catch((thrown: unknown) => {
        if (errorCode(thrown) === 'ENOENT') return null;
        throw thrown;
      });
      if (signed !== null) found.push([id, signed]);
      before = timeline;
      if (signal?.aborted) break;
    }
    transact(db, () => {
      for (const [id, signed] of found) storeSigned(db, id, signed);
    });
  }
}

/** Stores what was found, in the caller's transaction; an original's bytes never change, so once is enough. */
export function storeSigned(db: Writable, id: ImageId, signed: boolean): void {
  const sql = 'UPDATE images SET signed = ? WHERE id = ? AND signed IS NULL';
  prepare<[number, string]>(db, sql).run(signed ? 1 : 0, id);
}

function listDue(db: Readable, before: number): Due[] {
  const sql = `SELECT i.timeline, i.id, i.sha256, o.format FROM images i JOIN originals o ON o.sha256 = i.sha256
    WHERE i.signed IS NULL AND i.timeline < ? ORDER BY i.timeline DESC LIMIT ?`;
  return prepare<[number, number], Due>(db, sql).all(before, SLICE);
}
