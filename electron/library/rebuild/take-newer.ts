import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { JobId } from '../../contract/entities/ids.ts';
import { prepare, transact, type Writable } from '../db/database.ts';
import { storageFaultOf } from '../db/disk-errors.ts';
import { listRecordFiles } from '../files/disk-contents.ts';
import { parseSidecar, type Sidecar } from '../sidecars/sidecar-schema.ts';
import { insertRecord, settle, thumbnailsOf } from './build-database.ts';
import { PROMPT_SOURCES } from './bulk-load.ts';
import { indexWithoutPrompt, indexWithPrompt, type UnindexedImage } from './insert-images.ts';
import { endJob } from './insert-requests.ts';

/** Records in one transaction. */
const BATCH = 200;

export interface TakeOptions {
  folder: string;
  /** Asked between two transactions. */
  isStopped(): boolean;
  progress(done: number, total: number): void;
}

export interface Taken {
  /** Requests and imports that were taken in. */
  taken: number;
  /** Records that can't be read, or contradict what is there. */
  unused: number;
}

/**
 * Takes the records of a library into an older database of it that isn't open: requests and imports that it doesn't know, and requests that
 * weren't finished in it and are by now. Everything else stays as the database has it. Blocks, so call it in a thread of its own.
 * @returns null if it was stopped
 */
export function takeNewer(db: Writable, { folder, isStopped, progress }: TakeOptions): Taken | null {
  // Requests name images that may come later.
  db.pragma('foreign_keys = OFF');
  try {
    const files = [...listRecordFiles(folder)].filter((file) => !isKnown(db, basename(file, '.json')));
    const hasThumbnail = thumbnailsOf(folder);
    const withoutPrompt: number[] = [];
    const jobs = new Set<JobId>();
    let unused = 0;
    for (let first = 0; first < files.length; first += BATCH) {
      if (isStopped()) return null;
      transact(db, () => {
        const added: UnindexedImage[] = [];
        for (const file of files.slice(first, first + BATCH)) {
          const record = readRecord(join(folder, file));
          const images = record && take(db, record, hasThumbnail);
          if (!images) {
            unused += 1;
            continue;
          }
          added.push(...images);
          if (record.kind !== 'emulsion-import') jobs.add(record.job.id);
        }
        withoutPrompt.push(...indexWithPrompt(db, added));
      });
      progress(Math.min(first + BATCH, files.length), files.length);
    }
    if (files.length > unused) finish(db, { withoutPrompt, jobs: [...jobs] });
    return { taken: files.length - unused, unused };
  } finally {
    db.pragma('foreign_keys = ON');
  }
}

/** Null for one that can't be read. */
function readRecord(path: string): Sidecar | null {
  try {
    return parseSidecar(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Replaces an unfinished request by its record, or adds what isn't there.
 * @returns its images, whose words aren't indexed yet; null for a record that contradicts another one
 * @throws what the disk throws
 */
function take(db: Writable, record: Sidecar, hasThumbnail: (sha256: string) => boolean): UnindexedImage[] | null {
  try {
    return db.transaction(() => {
      removeUnfinished(db, record.id);
      return insertRecord(db, record, hasThumbnail);
    })();
  } catch (thrown) {
    if (storageFaultOf(thrown) !== null) throw thrown;
    return null;
  }
}

/** Whether a database has all that a record could say. */
function isKnown(db: Writable, id: string): boolean {
  const sql = `SELECT EXISTS (SELECT 1 FROM generations WHERE id = :id AND state NOT IN ('intent', 'sent'))
    OR EXISTS (SELECT 1 FROM imports WHERE id = :id) AS known`;
  return prepare<[{ id: string }], { known: number }>(db, sql).get({ id })?.known === 1;
}

/** Removes the rows of a request that the record has in whole. Those that name its images stay: the images come back with the same ids. */
function removeUnfinished(db: Writable, id: string): void {
  for (const sql of [
    `DELETE FROM image_tags WHERE timeline IN (${IMAGES})`,
    `DELETE FROM collection_images WHERE timeline IN (${IMAGES})`,
    `UPDATE collections SET cover = NULL WHERE cover IN (${IMAGES})`,
    'DELETE FROM strict_results WHERE image_id IN (SELECT id FROM images WHERE generation_id = ?)',
    'DELETE FROM images WHERE generation_id = ?',
    // They weren't deleted, only written anew.
    'DELETE FROM deleted_images WHERE generation_id = ?',
    'DELETE FROM deleted_by_collection WHERE generation_id = ?',
    'DELETE FROM partials WHERE generation_id = ?',
    'DELETE FROM inputs WHERE generation_id = ?',
    'DELETE FROM answers WHERE generation_id = ?',
    `DELETE FROM landings WHERE json_extract(target, '$.generationId') = ?`,
    'DELETE FROM generations WHERE id = ?',
  ])
    prepare<[string]>(db, sql).run(id);
}
const IMAGES = 'SELECT timeline FROM images WHERE generation_id = ?';

function finish(
  db: Writable,
  { withoutPrompt, jobs }: { withoutPrompt: readonly number[]; jobs: readonly JobId[] },
): void {
  transact(db, () => {
    const only = JSON.stringify(jobs);
    // Those with a request that still isn't finished are ended at the start, as after a crash.
    const sql = `SELECT value AS id FROM json_each(?) WHERE NOT EXISTS
      (SELECT 1 FROM generations g WHERE g.job_id = value AND g.state IN ('intent', 'sent'))`;
    const ended = prepare<[string], { id: JobId }>(db, sql)
      .all(only)
      .map(({ id }) => id);
    // Nobody is asked again about what went wrong long ago.
    const done = `UPDATE jobs SET state = 'done', error = NULL, dismissed = 1 WHERE id IN (SELECT value FROM json_each(?))`;
    prepare<[string]>(db, done).run(JSON.stringify(ended));
    for (const id of ended) endJob(db, id);
    indexWithoutPrompt(db, withoutPrompt);
    db.exec(PROMPT_SOURCES);
  });
  settle(db);
}
