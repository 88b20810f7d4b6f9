import { setImmediate } from 'node:timers/promises';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import type { Sha256 } from '../../contract/entities/ids.ts';
import { errorCode } from '../../disk/error-code.ts';
import { prepare, type Readable } from '../db/database.ts';
import { originalPath } from '../files/folders.ts';
import { isSigned } from '../pixels/metadata/is-signed.ts';

interface Row {
  sha256: Sha256;
  format: FileFormat;
  signed: 0 | 1 | null;
}

/** A masked result is exported in place of its image, and nothing signs it. */
const SQL = `SELECT i.sha256, o.format, CASE s.state WHEN 'done' THEN 0 ELSE i.signed END AS signed
  FROM images i JOIN originals o ON o.sha256 = i.sha256 LEFT JOIN strict_results s ON s.image_id = i.id WHERE i.timeline = ?`;

/** Images between two looks at the signal where no file has to be read. */
const SLICE = 500;

/**
 * How many images have Content Credentials in the file that an export takes. Files are read where the library doesn't know; missing ones aren't
 * signed.
 * @throws the signal's reason
 */
export async function countSigned(
  { db, folder }: { db: Readable; folder: string },
  timelines: Iterable<number>,
  signal: AbortSignal,
): Promise<number> {
  const find = prepare<[number], Row>(db, SQL);
  let looked = 0;
  let signed = 0;
  for (const timeline of timelines) {
    if (looked % SLICE === 0) await setImmediate();
    signal.throwIfAborted();
    looked += 1;
    const row = find.get(timeline);
    if (row && (row.signed === null ? await isSignedFile(folder, row) : row.signed === 1)) signed += 1;
  }
  return signed;
}

async function isSignedFile(folder: string, { sha256, format }: Row): Promise<boolean> {
  try {
    return await isSigned(originalPath(folder, sha256, format), format);
  } catch (thrown) {
    // The export names it.
    if (errorCode(thrown) === '') throw thrown;
    return false;
  }
}
