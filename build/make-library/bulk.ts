import { prepare, transact, type Writable } from '../../electron/library/db/database.ts';

/*
 * Loading a million rows: in one transaction, so that a run that is killed leaves an empty library; without the indexes, which are much
 * faster to make at the end than to keep up to date in random order; and without the triggers whose effects are counted at the end. Any
 * other trigger of the schema stays.
 */

/** Memory for pages in KiB. */
const CACHE_KIB = 600_000;

/** Triggers that log changes for the image index, which starts with an almost empty log: no index has been stored that would have to apply it. */
const LOGGING = 'log_*';
/** Triggers that `COUNTED` and `insert-job.ts` take the place of. */
const REPLACED = [
  'pictures_added',
  'bytes_added',
  'trash_added',
  'image_tags_counted',
  'collection_images_counted',
  'prompt_used',
  'image_prompted',
];

/** What these triggers would have counted. */
const COUNTED = `
  UPDATE counters SET value = (SELECT count(*) FROM images WHERE deleted_at IS NULL) WHERE name = 'pictures';
  UPDATE counters SET value = (SELECT coalesce(sum(bytes), 0) FROM originals) WHERE name = 'bytes';
  UPDATE counters SET value = (SELECT count(*) FROM images WHERE deleted_at IS NOT NULL) WHERE name = 'trash';
  UPDATE counters SET value = (SELECT coalesce(sum(o.bytes), 0) FROM images i JOIN originals o ON o.sha256 = i.sha256
    WHERE i.deleted_at IS NOT NULL) WHERE name = 'trash-bytes';
  UPDATE tags SET images = given.images FROM (SELECT m.tag, count(*) AS images FROM image_tags m
    JOIN images i ON i.timeline = m.timeline WHERE i.deleted_at IS NULL GROUP BY m.tag) given WHERE tags.key = given.tag;
  UPDATE collections SET images = given.images FROM (SELECT m.collection, count(*) AS images FROM collection_images m
    JOIN images i ON i.timeline = m.timeline WHERE i.deleted_at IS NULL GROUP BY m.collection) given WHERE collections.key = given.collection;`;

/** Originals are sorted before they are inserted: their keys are random, and the table would be rewritten with every few thousand. */
const ORIGINALS = `CREATE TEMP TABLE made_originals (sha256 TEXT NOT NULL, format TEXT NOT NULL, bytes INTEGER NOT NULL)`;
const SORTED_ORIGINALS = `
  INSERT INTO originals (sha256, format, bytes)
    SELECT sha256, format, bytes FROM temp.made_originals WHERE TRUE ORDER BY sha256, rowid ON CONFLICT DO NOTHING;
  DROP TABLE temp.made_originals;`;

/** An index or trigger that is missing while rows are loaded. */
interface Missing {
  type: 'index' | 'trigger';
  name: string;
  sql: string;
}

/** Runs `body`, which inserts rows with `insertRow`, in one transaction, and writes everything to the database file. */
export async function loadInBulk<Result>(db: Writable, body: () => Promise<Result>): Promise<Result> {
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma('synchronous = OFF');
  db.pragma('foreign_keys = OFF');
  db.exec(ORIGINALS);
  db.exec('BEGIN IMMEDIATE');
  try {
    const missing = transact(db, () => removeIndexes(db));
    const result = await body();
    transact(db, () => restoreIndexes(db, missing));
    db.exec('COMMIT');
    return result;
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
    db.pragma('foreign_keys = ON');
    db.pragma('synchronous = FULL');
    db.pragma('wal_checkpoint(TRUNCATE)');
  }
}

function removeIndexes(db: Writable): Missing[] {
  // Those that a UNIQUE or a primary key needs have no text, and stay.
  const sql = `SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND (type = 'index' OR type = 'trigger'
    AND (name GLOB ? OR name IN (SELECT value FROM json_each(?)))) ORDER BY rowid`;
  const missing = prepare<[string, string], Missing>(db, sql).all(LOGGING, JSON.stringify(REPLACED));
  for (const { type, name } of missing) db.exec(`DROP ${type} "${name}"`);
  return missing;
}

function restoreIndexes(db: Writable, missing: readonly Missing[]): void {
  db.exec(SORTED_ORIGINALS);
  db.exec(COUNTED);
  for (const { sql } of missing) db.exec(sql);
}
