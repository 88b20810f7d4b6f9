import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ImageId, Sha256 } from '../../contract/entities/ids.ts';
import { prepare, transact, type Writable } from '../db/database.ts';
import { knownFiles } from '../db/known-files.ts';
import { PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { settleThumbnails } from '../images/thumbnails.ts';
import { indexWithoutPrompt, indexWithPrompt, type UnindexedImage } from '../rebuild/insert-images.ts';
import { endJob, insertImport, insertRequest } from '../rebuild/insert-requests.ts';
import { writeSidecars } from '../sidecars/outdated-sidecars.ts';
import { parseSidecar, type Sidecar } from '../sidecars/sidecar-schema.ts';

/**
 * Adds the request or the import of a record to the database, with its images and all that a person had added to them; thumbnails are created where
 * they are missing.
 * @param name the record's, in the library's folder
 * @throws what isn't a record, or contradicts what is there: then nothing is added
 */
export async function addRecord(
  library: Library,
  name: string,
  failed: (thrown: unknown) => void,
): Promise<'repaired' | 'skipped' | 'failed'> {
  const { db, folder } = library;
  const record = parseSidecar(await readFile(join(folder, name), 'utf8'));
  // Its place is made from its id, so one under another name would be written twice.
  if (record.id !== basename(name, '.json')) return 'failed';
  const hasThumbnail = (sha256: string): boolean =>
    ([PREVIEW_EDGE, THUMBNAIL_EDGE] as const).every((edge) =>
      existsSync(thumbnailPath(folder, sha256 as Sha256, edge)),
    );
  const isAdded = transact(db, () => {
    if (knownFiles(db).isRecord(record.id)) return false;
    insert(db, record, hasThumbnail);
    return true;
  });
  if (!isAdded) return 'skipped';
  for (const { id, sha256, file } of imagesOf(record))
    if (!hasThumbnail(sha256) && existsSync(join(folder, file)))
      await settleThumbnails(library, id as ImageId).catch(failed);
  await writeSidecars(library, [record.id], failed);
  return 'repaired';
}

function insert(db: Writable, record: Sidecar, hasThumbnail: (sha256: string) => boolean): void {
  // It may name images that were deleted for good, or whose record follows.
  db.pragma('defer_foreign_keys = ON');
  if (record.kind === 'emulsion-import') {
    index(db, insertImport(db, record, hasThumbnail));
    return;
  }
  const images = insertRequest(db, record, hasThumbnail);
  for (const [table, where] of Object.entries(REFERENCES))
    prepare<[string]>(
      db,
      `UPDATE ${table} SET image_id = NULL WHERE ${where}
        AND image_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM images i WHERE i.id = ${table}.image_id)`,
    ).run(record.id);
  index(db, images);
  endJob(db, record.job.id);
}

/** All rows of the images must be there. */
function index(db: Writable, images: readonly UnindexedImage[]): void {
  indexWithoutPrompt(db, indexWithPrompt(db, images));
}

const REFERENCES = {
  inputs: 'generation_id = ?',
  input_files: 'sha256 IN (SELECT sha256 FROM inputs WHERE generation_id = ?)',
} as const;

function imagesOf(record: Sidecar): { id: string; sha256: string; file: string }[] {
  if (record.kind === 'emulsion-import') return record.image ? [record.image] : [];
  return record.images;
}
