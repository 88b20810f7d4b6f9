import type { Writable } from '../database.ts';
import type { Migration } from './migration.ts';

const ID = (column: string): string => `${column} TEXT NOT NULL CHECK (length(${column}) = 36)`;

/*
 * One row for each imported image, which stays when the image is deleted for good, as a request does. `run`: the images that were imported
 * together. `dated`: where images.created_at is from. `software`: the program that the file says it was made with. `prompt` to `parameters`:
 * what it says about how. `texts`: what came beside the file and isn't in it, as it was found; what is in it is read from the original.
 */
const IMPORTS = `
  CREATE TABLE imports (
    ${ID('id')} PRIMARY KEY,
    ${ID('run')},
    file_name TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    dated TEXT NOT NULL CHECK (dated IN ('metadata', 'file', 'import')),
    software TEXT NOT NULL DEFAULT '',
    prompt TEXT NOT NULL DEFAULT '',
    negative_prompt TEXT NOT NULL DEFAULT '',
    model TEXT NOT NULL DEFAULT '',
    parameters TEXT NOT NULL DEFAULT '{}' CHECK (json_type(parameters) = 'object'),
    texts TEXT NOT NULL DEFAULT '[]' CHECK (json_type(texts) = 'array'),
    recorded_at INTEGER
  ) STRICT;
  CREATE INDEX imports_of_run ON imports (run);
  CREATE INDEX imports_unrecorded ON imports (imported_at, id) WHERE recorded_at IS NULL;
  CREATE TRIGGER prompt_imported AFTER INSERT ON imports WHEN NEW.prompt <> '' BEGIN
    INSERT INTO prompts (text, used, used_at)
      VALUES (NEW.prompt, (SELECT coalesce(max(used), 0) + 1 FROM prompts), NEW.imported_at)
      ON CONFLICT (text) DO NOTHING;
  END;`;

/*
 * An image comes from a request or from an import. `signed`: whether its file has Content Credentials (C2PA); null until it was looked at.
 */
const IMAGES = `
  CREATE TABLE new_images (
    timeline INTEGER PRIMARY KEY,
    ${ID('id')} UNIQUE,
    job_id TEXT REFERENCES jobs (id),
    generation_id TEXT REFERENCES generations (id),
    import_id TEXT UNIQUE REFERENCES imports (id),
    position INTEGER NOT NULL CHECK (position >= 0),
    sha256 TEXT NOT NULL REFERENCES originals (sha256),
    width INTEGER NOT NULL CHECK (width >= 0),
    height INTEGER NOT NULL CHECK (height >= 0),
    has_alpha INTEGER NOT NULL DEFAULT 0 CHECK (has_alpha IN (0, 1)),
    thumbhash TEXT,
    flaw TEXT CHECK (flaw IN ('undecodable', 'too-large')),
    flaw_cause TEXT,
    decode_starts INTEGER NOT NULL DEFAULT 0,
    decode_failures INTEGER NOT NULL DEFAULT 0,
    developed_at INTEGER,
    revised_prompt TEXT,
    cost INTEGER,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),
    favourite INTEGER NOT NULL DEFAULT 0 CHECK (favourite IN (0, 1)),
    rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected IN (0, 1)),
    note TEXT CHECK (note <> ''),
    stack_cover INTEGER NOT NULL DEFAULT 0 CHECK (stack_cover IN (0, 1)),
    dhash BLOB CHECK (length(dhash) IN (0, 8)),
    prompt_key INTEGER REFERENCES prompts (key),
    signed INTEGER CHECK (signed IN (0, 1)),
    CHECK ((generation_id IS NULL) <> (import_id IS NULL)),
    CHECK ((generation_id IS NULL) = (job_id IS NULL)),
    UNIQUE (generation_id, position)
  ) STRICT;`;

/** Triggers that asked for an image's request. */
const REPLACED: Readonly<Record<string, string>> = {
  count_deleted: `CREATE TRIGGER count_deleted BEFORE DELETE ON images WHEN OLD.generation_id IS NOT NULL BEGIN
    INSERT INTO deleted_images VALUES (OLD.generation_id, 1) ON CONFLICT DO UPDATE SET images = images + 1;
    INSERT INTO deleted_by_collection
      SELECT OLD.generation_id, coalesce(m.collection, 0), 1, coalesce(OLD.cost, 0)
      FROM (SELECT OLD.timeline AS timeline) gone LEFT JOIN collection_images m ON m.timeline = gone.timeline WHERE TRUE
      ON CONFLICT DO UPDATE SET images = images + 1, cost = cost + excluded.cost;
  END`,
  image_prompted: `CREATE TRIGGER image_prompted AFTER INSERT ON images BEGIN
    UPDATE images SET prompt_key = (SELECT p.key FROM prompts p WHERE p.text = coalesce(
      (SELECT g.prompt FROM generations g WHERE g.id = NEW.generation_id), (SELECT m.prompt FROM imports m WHERE m.id = NEW.import_id)))
    WHERE timeline = NEW.timeline;
  END`,
};

const ADDED = `
  CREATE INDEX images_unexamined ON images (timeline) WHERE signed IS NULL;
  CREATE TRIGGER log_image_examined AFTER UPDATE OF signed ON images BEGIN
    INSERT INTO index_log (timeline, part) VALUES (NEW.timeline, 0);
  END;`;

/** Sidecars of version 1 lack what a person added, and are written again in the background. */
const OUTDATED = `
  UPDATE generations SET recorded_at = NULL WHERE recorded_at IS NOT NULL AND id IN (
    SELECT generation_id FROM images WHERE rating <> 0 OR favourite = 1 OR rejected = 1 OR note IS NOT NULL OR stack_cover = 1
      OR deleted_at IS NOT NULL
    UNION SELECT i.generation_id FROM image_tags m JOIN images i ON i.timeline = m.timeline
    UNION SELECT i.generation_id FROM collection_images m JOIN images i ON i.timeline = m.timeline);`;

/** Imported images: an image comes from a request or from an import. */
export const imports: Migration = {
  version: 10,
  up(db) {
    db.exec(IMPORTS);
    // Renaming a table checks every trigger, and those of other tables name this one too.
    const triggers = schemaOf(db, "type = 'trigger'");
    const indexes = schemaOf(db, "type = 'index' AND tbl_name = 'images' AND sql IS NOT NULL");
    for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
    const columns = columnsOf(db).join(', ');
    db.exec(`${IMAGES}
      INSERT INTO new_images (${columns}) SELECT ${columns} FROM images ORDER BY timeline;
      DROP TABLE images;
      ALTER TABLE new_images RENAME TO images;`);
    for (const { name, sql } of [...indexes, ...triggers]) db.exec(REPLACED[name] ?? sql);
    db.exec(ADDED + OUTDATED);
  },
};

function schemaOf(db: Writable, which: string): { name: string; sql: string }[] {
  const sql = `SELECT name, sql FROM sqlite_schema WHERE ${which} ORDER BY rowid`;
  return db.prepare<[], { name: string; sql: string }>(sql).all();
}

function columnsOf(db: Writable): string[] {
  return db.prepare<[], string>("SELECT name FROM pragma_table_info('images') ORDER BY cid").pluck().all();
}
