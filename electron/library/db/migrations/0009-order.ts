import type { Migration } from './migration.ts';

const ID = (column: string): string => `${column} TEXT NOT NULL CHECK (length(${column}) = 36)`;

/*
 * What a person adds to an image. `dhash`: 8 bytes that near duplicates share almost all bits of, made with the thumbnail; empty if the thumbnail
 * is missing or can't be read.
 */
const ANNOTATIONS = `
  ALTER TABLE images ADD COLUMN rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5);
  ALTER TABLE images ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0 CHECK (favourite IN (0, 1));
  ALTER TABLE images ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected IN (0, 1));
  ALTER TABLE images ADD COLUMN note TEXT CHECK (note <> '');
  ALTER TABLE images ADD COLUMN stack_cover INTEGER NOT NULL DEFAULT 0 CHECK (stack_cover IN (0, 1));
  ALTER TABLE images ADD COLUMN dhash BLOB CHECK (length(dhash) IN (0, 8));
  CREATE INDEX images_trashed ON images (deleted_at, timeline) WHERE deleted_at IS NOT NULL;
  CREATE INDEX images_without_dhash ON images (timeline) WHERE dhash IS NULL AND thumbhash IS NOT NULL;`;

/*
 * Keys are integers, because a library has millions of memberships; AUTOINCREMENT, because the undo journal names them and none may be given
 * twice. `folded` is the name as names are compared (`fold-text.ts`). `images` counts those outside the trash that have this very tag.
 */
const TAGS = `
  CREATE TABLE tags (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    ${ID('id')} UNIQUE,
    parent INTEGER REFERENCES tags (key),
    name TEXT NOT NULL CHECK (name <> '' AND instr(name, '/') = 0),
    folded TEXT NOT NULL CHECK (folded <> ''),
    created_at INTEGER NOT NULL,
    images INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE UNIQUE INDEX tags_by_name ON tags (coalesce(parent, 0), folded);
  CREATE TABLE image_tags (
    tag INTEGER NOT NULL REFERENCES tags (key),
    timeline INTEGER NOT NULL REFERENCES images (timeline) ON DELETE CASCADE,
    PRIMARY KEY (tag, timeline)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tags_of_image ON image_tags (timeline);`;

/*
 * A collection is one level deep at most below another, has an order of its own, or is smart: `query` says which images it has. `images`
 * counts those outside the trash.
 */
const COLLECTIONS = `
  CREATE TABLE new_collections (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    ${ID('id')} UNIQUE,
    name TEXT NOT NULL CHECK (name <> '') COLLATE NOCASE UNIQUE,
    parent INTEGER REFERENCES new_collections (key),
    position REAL NOT NULL DEFAULT 0,
    cover INTEGER REFERENCES images (timeline) ON DELETE SET NULL,
    query TEXT,
    created_at INTEGER NOT NULL,
    images INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO new_collections (id, name, position, created_at)
    SELECT id, name, row_number() OVER (ORDER BY name), created_at FROM collections;
  CREATE TABLE new_collection_images (
    collection INTEGER NOT NULL REFERENCES new_collections (key) ON DELETE CASCADE,
    timeline INTEGER NOT NULL REFERENCES images (timeline) ON DELETE CASCADE,
    position REAL NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (collection, timeline)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO new_collection_images (collection, timeline, position, added_at)
    SELECT c.key, i.timeline, row_number() OVER (PARTITION BY c.key ORDER BY m.added_at, i.timeline), m.added_at
    FROM collection_images m JOIN new_collections c ON c.id = m.collection_id JOIN images i ON i.id = m.image_id;
  DROP TABLE collection_images;
  DROP TABLE collections;
  ALTER TABLE new_collections RENAME TO collections;
  ALTER TABLE new_collection_images RENAME TO collection_images;
  UPDATE collections SET images = (SELECT count(*) FROM collection_images m JOIN images i ON i.timeline = m.timeline
    WHERE m.collection = key AND i.deleted_at IS NULL);
  CREATE INDEX collections_of_image ON collection_images (timeline);
  CREATE INDEX collection_order ON collection_images (collection, position);`;

/* Numbers that lists show, so that nothing is counted at a million images. */
const counted = (table: string, member: string, column: string): string => `
  CREATE TRIGGER ${member}_counted AFTER INSERT ON ${member} BEGIN
    UPDATE ${table} SET images = images + 1 WHERE key = NEW.${column}
      AND EXISTS (SELECT 1 FROM images WHERE timeline = NEW.timeline AND deleted_at IS NULL);
  END;
  CREATE TRIGGER ${member}_uncounted AFTER DELETE ON ${member} BEGIN
    UPDATE ${table} SET images = images - 1 WHERE key = OLD.${column}
      AND EXISTS (SELECT 1 FROM images WHERE timeline = OLD.timeline AND deleted_at IS NULL);
  END;
  CREATE TRIGGER ${member}_trashed AFTER UPDATE OF deleted_at ON images
    WHEN (OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL) BEGIN
    UPDATE ${table} SET images = images + (NEW.deleted_at IS NULL) - (OLD.deleted_at IS NULL)
      WHERE key IN (SELECT ${column} FROM ${member} WHERE timeline = NEW.timeline);
  END;
  CREATE TRIGGER ${member}_removed BEFORE DELETE ON images WHEN OLD.deleted_at IS NULL BEGIN
    UPDATE ${table} SET images = images - 1 WHERE key IN (SELECT ${column} FROM ${member} WHERE timeline = OLD.timeline);
  END;`;
const COUNTS = `
  ${counted('tags', 'image_tags', 'tag')}
  ${counted('collections', 'collection_images', 'collection')}
  INSERT INTO counters SELECT 'trash', count(*) FROM images WHERE deleted_at IS NOT NULL;
  INSERT INTO counters SELECT 'trash-bytes', coalesce(sum(o.bytes), 0)
    FROM images i JOIN originals o ON o.sha256 = i.sha256 WHERE i.deleted_at IS NOT NULL;
  CREATE TRIGGER trash_moved AFTER UPDATE OF deleted_at ON images WHEN (OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL) BEGIN
    UPDATE counters SET value = value + (OLD.deleted_at IS NULL) - (NEW.deleted_at IS NULL) WHERE name = 'trash';
    UPDATE counters SET value = value + ((OLD.deleted_at IS NULL) - (NEW.deleted_at IS NULL))
      * (SELECT bytes FROM originals WHERE sha256 = NEW.sha256) WHERE name = 'trash-bytes';
  END;
  CREATE TRIGGER trash_added AFTER INSERT ON images WHEN NEW.deleted_at IS NOT NULL BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'trash';
    UPDATE counters SET value = value + (SELECT bytes FROM originals WHERE sha256 = NEW.sha256) WHERE name = 'trash-bytes';
  END;
  CREATE TRIGGER trash_emptied AFTER DELETE ON images WHEN OLD.deleted_at IS NOT NULL BEGIN
    UPDATE counters SET value = value - 1 WHERE name = 'trash';
    UPDATE counters SET value = value - (SELECT bytes FROM originals WHERE sha256 = OLD.sha256) WHERE name = 'trash-bytes';
  END;`;

/*
 * The undo journal. A change of many images is applied in slices: `applying` and `reverting` say after a crash that it was interrupted, and
 * then it is reverted as a whole. `inverse` says what it does to tags and collections themselves, and `change_images.before` what it does to
 * each image: values before and after. `removals` are files that nothing names any more and that are about to be deleted: originals by their
 * hash, heat maps by their image.
 */
const CHANGES = `
  CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    ${ID('id')} UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('applying', 'done', 'reverting', 'undone', 'final')),
    edit TEXT NOT NULL CHECK (json_type(edit) = 'object'),
    inverse TEXT CHECK (inverse IS NULL OR json_valid(inverse)),
    images INTEGER NOT NULL CHECK (images >= 0),
    at INTEGER NOT NULL,
    undone_at INTEGER
  ) STRICT;
  CREATE INDEX changes_unfinished ON changes (sequence) WHERE state IN ('applying', 'reverting');
  CREATE TABLE change_images (
    change INTEGER NOT NULL REFERENCES changes (sequence) ON DELETE CASCADE,
    timeline INTEGER NOT NULL,
    before TEXT,
    PRIMARY KEY (change, timeline)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX changes_of_image ON change_images (timeline);
  CREATE TABLE removals (
    kind TEXT NOT NULL CHECK (kind IN ('original', 'heat-map')),
    name TEXT NOT NULL,
    format TEXT,
    PRIMARY KEY (kind, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX input_files_of_image ON input_files (image_id);`;

/*
 * `prompts`: each prompt that a request was recorded with, once. `used` grows with every use, so it is the order of the history, its page
 * key and the rowid of its words; what isn't `indexed` is when the history is searched. `prompt_sources`: prompts that were made from a
 * version of a saved one, with its variables filled in or with more text around it. `images_of_prompt` finds a prompt's best-rated image.
 */
/*
 * What was spent on images that were deleted for good, so that the spending's numbers of images and its sums by collection stay true.
 * `collection` is 0 for images that were in none; an image of several counts in each.
 */
const DELETED = `
  CREATE TABLE deleted_images (
    generation_id TEXT NOT NULL PRIMARY KEY REFERENCES generations (id) ON DELETE CASCADE,
    images INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE deleted_by_collection (
    generation_id TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    collection INTEGER NOT NULL,
    images INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (generation_id, collection)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER count_deleted BEFORE DELETE ON images BEGIN
    INSERT INTO deleted_images VALUES (OLD.generation_id, 1) ON CONFLICT DO UPDATE SET images = images + 1;
    INSERT INTO deleted_by_collection
      SELECT OLD.generation_id, coalesce(m.collection, 0), 1, coalesce(OLD.cost, 0)
      FROM (SELECT OLD.timeline AS timeline) gone LEFT JOIN collection_images m ON m.timeline = gone.timeline WHERE TRUE
      ON CONFLICT DO UPDATE SET images = images + 1, cost = cost + excluded.cost;
  END;`;

const PROMPTS = `
  CREATE TABLE prompts (
    key INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE CHECK (text <> ''),
    used INTEGER NOT NULL UNIQUE,
    used_at INTEGER NOT NULL,
    indexed INTEGER NOT NULL DEFAULT 0 CHECK (indexed IN (0, 1))
  ) STRICT;
  INSERT INTO prompts (text, used, used_at)
    SELECT prompt, row_number() OVER (ORDER BY max(created_at), max(rowid)), max(created_at)
    FROM generations WHERE prompt <> '' GROUP BY prompt;
  CREATE INDEX prompts_unindexed ON prompts (used) WHERE indexed = 0;
  CREATE VIRTUAL TABLE prompt_words USING fts5 (
    prompt, content = '', contentless_delete = 1, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
  );
  CREATE TRIGGER prompt_words_leave AFTER UPDATE OF used ON prompts WHEN OLD.indexed = 1 BEGIN
    DELETE FROM prompt_words WHERE rowid = OLD.used;
  END;
  CREATE TRIGGER prompt_used AFTER INSERT ON generations WHEN NEW.prompt <> '' BEGIN
    INSERT INTO prompts (text, used, used_at)
      VALUES (NEW.prompt, (SELECT coalesce(max(used), 0) + 1 FROM prompts), NEW.created_at)
      ON CONFLICT (text) DO UPDATE SET used = excluded.used, used_at = excluded.used_at, indexed = 0;
  END;
  ALTER TABLE images ADD COLUMN prompt_key INTEGER REFERENCES prompts (key);
  UPDATE images SET prompt_key = (SELECT p.key FROM generations g JOIN prompts p ON p.text = g.prompt WHERE g.id = images.generation_id);
  CREATE INDEX images_of_prompt ON images (prompt_key, rating, timeline) WHERE deleted_at IS NULL AND prompt_key IS NOT NULL;
  CREATE TRIGGER image_prompted AFTER INSERT ON images BEGIN
    UPDATE images SET prompt_key = (SELECT p.key FROM generations g JOIN prompts p ON p.text = g.prompt WHERE g.id = NEW.generation_id)
    WHERE timeline = NEW.timeline;
  END;
  CREATE TABLE saved_prompts (
    ${ID('id')} PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    tags TEXT NOT NULL CHECK (json_type(tags) = 'array'),
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE prompt_versions (
    prompt_id TEXT NOT NULL REFERENCES saved_prompts (id) ON DELETE CASCADE,
    version INTEGER NOT NULL CHECK (version >= 1),
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (prompt_id, version)
  ) STRICT;
  CREATE TABLE prompt_sources (
    prompt_id TEXT NOT NULL REFERENCES saved_prompts (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    prompt INTEGER NOT NULL REFERENCES prompts (key),
    PRIMARY KEY (prompt_id, version, prompt)
  ) STRICT, WITHOUT ROWID;`;

/* Images in the trash keep their words, so that they are found there, and restoring them is quick. */
const WORDS = `
  DROP TRIGGER words_leave;
  DROP TRIGGER words_leave_with_trash;
  CREATE TRIGGER words_leave AFTER DELETE ON images BEGIN
    DELETE FROM picture_words WHERE rowid = OLD.timeline;
  END;`;

/*
 * What has changed since a revision, for the image index: the revision is the newest number here. Rows that the stored index has applied
 * are removed; AUTOINCREMENT keeps the numbers growing. `part` says what has to be read again: 0 everything about an image, 1 its marks,
 * 2 whether it has the tag `key`, 3 whether it is in the collection `key`, 4 the names of tags and collections (timeline −1).
 */
const logPart = (timeline: string, part: number, key = 'NULL'): string =>
  `INSERT INTO index_log (timeline, part, key) VALUES (${timeline}, ${part}, ${key});`;
const logImage = (timeline: string): string => logPart(timeline, 0);
const logNames = logPart('-1', 4);
const logImages = (where: string): string =>
  `INSERT INTO index_log (timeline, part) SELECT timeline, 0 FROM images WHERE ${where};`;

/** Columns whose change concerns the names of images' tags and collections; counts don't. */
const NAMED: Readonly<Record<string, string>> = {
  tags: 'parent, name, folded',
  collections: 'name, parent, position, cover, query',
};

const logged = (name: string, when: string, act: string): string =>
  `CREATE TRIGGER ${name} AFTER ${when} BEGIN ${act} END;`;

/** `identity`: which database this is; a stored index of another one isn't used. */
const INDEX_LOG = `
  CREATE TABLE index_identity (identity TEXT NOT NULL) STRICT;
  INSERT INTO index_identity VALUES (hex(randomblob(16)));
  CREATE TABLE index_log (revision INTEGER PRIMARY KEY AUTOINCREMENT, timeline INTEGER NOT NULL, part INTEGER NOT NULL, key INTEGER) STRICT;
  ${logged('log_image_added', 'INSERT ON images', logImage('NEW.timeline'))}
  ${logged('log_image_changed', 'UPDATE OF width, height, has_alpha, thumbhash, flaw, flaw_cause, revised_prompt, cost, dhash ON images', logImage('NEW.timeline'))}
  ${logged('log_image_marked', 'UPDATE OF deleted_at, rating, favourite, rejected, note, stack_cover ON images', logPart('NEW.timeline', 1))}
  ${logged('log_image_removed', 'DELETE ON images', logImage('OLD.timeline'))}
  ${logged('log_tag_given', 'INSERT ON image_tags', logPart('NEW.timeline', 2, 'NEW.tag'))}
  ${logged('log_tag_taken', 'DELETE ON image_tags', logPart('OLD.timeline', 2, 'OLD.tag'))}
  ${logged('log_tag_changed', 'UPDATE ON image_tags', `${logPart('OLD.timeline', 2, 'OLD.tag')} ${logPart('NEW.timeline', 2, 'NEW.tag')}`)}
  ${logged('log_collected', 'INSERT ON collection_images', logPart('NEW.timeline', 3, 'NEW.collection'))}
  ${logged('log_collection_moved', 'UPDATE ON collection_images', `${logPart('OLD.timeline', 3, 'OLD.collection')} ${logPart('NEW.timeline', 3, 'NEW.collection')}`)}
  ${logged('log_uncollected', 'DELETE ON collection_images', logPart('OLD.timeline', 3, 'OLD.collection'))}
  ${logged('log_input_added', 'INSERT ON inputs WHEN NEW.image_id IS NOT NULL', logImages('id = NEW.image_id OR generation_id = NEW.generation_id'))}
  ${logged('log_billed', 'UPDATE OF billing, state, answer ON generations', logImages('generation_id = NEW.id'))}
  ${logged('log_strict', 'INSERT ON strict_results', logImages('id = NEW.image_id'))}
  ${logged('log_strict_made', 'UPDATE ON strict_results', logImages('id = NEW.image_id'))}
  ${['tags', 'collections']
    .flatMap((table) => [
      logged(`log_${table}_added`, `INSERT ON ${table}`, logNames),
      logged(`log_${table}_changed`, `UPDATE OF ${NAMED[table]} ON ${table}`, logNames),
      logged(`log_${table}_removed`, `DELETE ON ${table}`, logNames),
    ])
    .join('\n  ')}`;

/** Ratings, favourites, rejects, notes, tags; collections with an order; the undo journal; saved prompts; what the image index has to apply. */
export const order: Migration = {
  version: 9,
  up: (db) =>
    void db.exec([ANNOTATIONS, TAGS, COLLECTIONS, COUNTS, CHANGES, DELETED, PROMPTS, WORDS, INDEX_LOG].join('\n')),
};
