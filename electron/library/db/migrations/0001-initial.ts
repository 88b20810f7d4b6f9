import type { Migration } from './migration.ts';

/*
 * Ids are UUIDs as text, times are milliseconds since 1970 (UTC), JSON columns hold what is shown but not searched.
 *
 * images.timeline is a picture's place in time, and its rowid: created_at * 1024 plus a slot that tells pictures of the same
 * millisecond apart. So "newest first" is the order of the table and of the text index alike, and a page of a search needs no sorting,
 * whatever the number of hits. It stays below 2^53 until the year 2248.
 */
const ID = (column: string): string => `${column} TEXT NOT NULL CHECK (length(${column}) = 36)`;
const SHA256 = (column: string): string =>
  `${column} TEXT NOT NULL CHECK (length(${column}) = 64 AND ${column} NOT GLOB '*[^0-9a-f]*')`;
const JSON_OBJECT = (column: string): string =>
  `${column} TEXT CHECK (${column} IS NULL OR json_type(${column}) = 'object')`;
const FORMATS = "('png', 'jpeg', 'webp', 'gif', 'svg')";

const JOBS = `
  CREATE TABLE jobs (
    ${ID('id')} PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
    request TEXT NOT NULL CHECK (json_type(request) = 'object'),
    profile_name TEXT NOT NULL,
    base_url TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    ${JSON_OBJECT('error')},
    dismissed INTEGER NOT NULL DEFAULT 0 CHECK (dismissed IN (0, 1)),
    is_open INTEGER NOT NULL GENERATED ALWAYS AS (
      state IN ('waiting', 'running') OR (state IN ('failed', 'interrupted') AND dismissed = 0)
    ) VIRTUAL
  ) STRICT;
  CREATE INDEX jobs_by_time ON jobs (created_at, id);
  CREATE INDEX jobs_open ON jobs (created_at, id) WHERE is_open = 1;
  CREATE INDEX jobs_stopped ON jobs (created_at, id) WHERE state = 'cancelled' AND dismissed = 0;`;

const GENERATIONS = `
  CREATE TABLE generations (
    ${ID('id')} PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    operation TEXT NOT NULL CHECK (operation IN ('create', 'edit', 'variation')),
    state TEXT NOT NULL CHECK (state IN ('intent', 'sent', 'done', 'failed', 'cancelled', 'interrupted')),
    model TEXT NOT NULL,
    prompt TEXT NOT NULL,
    n INTEGER NOT NULL CHECK (n >= 1),
    parameters TEXT NOT NULL CHECK (json_type(parameters) = 'object'),
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    finished_at INTEGER,
    request_id TEXT,
    status INTEGER,
    ${JSON_OBJECT('answer')},
    billing TEXT NOT NULL DEFAULT 'none' CHECK (billing IN ('none', 'possible', 'billed')),
    ${JSON_OBJECT('error')},
    recorded_at INTEGER,
    UNIQUE (job_id, ordinal)
  ) STRICT;
  CREATE INDEX generations_unfinished ON generations (job_id) WHERE state IN ('intent', 'sent');
  CREATE INDEX generations_unrecorded ON generations (created_at) WHERE recorded_at IS NULL;`;

const FILES = `
  CREATE TABLE originals (
    ${SHA256('sha256')} PRIMARY KEY,
    format TEXT NOT NULL CHECK (format IN ${FORMATS}),
    bytes INTEGER NOT NULL CHECK (bytes >= 0)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE images (
    timeline INTEGER PRIMARY KEY,
    ${ID('id')} UNIQUE,
    job_id TEXT NOT NULL REFERENCES jobs (id),
    generation_id TEXT NOT NULL REFERENCES generations (id),
    position INTEGER NOT NULL CHECK (position >= 0),
    sha256 TEXT NOT NULL REFERENCES originals (sha256),
    width INTEGER NOT NULL CHECK (width >= 0),
    height INTEGER NOT NULL CHECK (height >= 0),
    has_alpha INTEGER NOT NULL DEFAULT 0 CHECK (has_alpha IN (0, 1)),
    thumbhash TEXT,
    flaw TEXT CHECK (flaw IN ('undecodable', 'too-large')),
    developed_at INTEGER,
    revised_prompt TEXT,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    UNIQUE (generation_id, position)
  ) STRICT;
  CREATE INDEX images_visible ON images (timeline) WHERE deleted_at IS NULL;
  CREATE INDEX images_of_job ON images (job_id);
  CREATE INDEX images_of_original ON images (sha256);
  CREATE INDEX images_undeveloped ON images (timeline) WHERE developed_at IS NULL;
  CREATE TABLE partials (
    generation_id TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    sha256 TEXT NOT NULL REFERENCES originals (sha256),
    arrived_at INTEGER NOT NULL,
    PRIMARY KEY (generation_id, ordinal)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX partials_of_original ON partials (sha256);
  CREATE TABLE inputs (
    generation_id TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    role TEXT NOT NULL CHECK (role IN ('image', 'mask', 'markup')),
    sha256 TEXT NOT NULL REFERENCES originals (sha256),
    image_id TEXT REFERENCES images (id) ON DELETE SET NULL,
    PRIMARY KEY (generation_id, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX inputs_of_original ON inputs (sha256);
  CREATE INDEX inputs_of_image ON inputs (image_id);`;

/* Files on their way from incoming/ to originals/. A row here after a crash says whose picture it was, so that it can be put away. */
const LANDINGS = `
  CREATE TABLE landings (
    file TEXT NOT NULL PRIMARY KEY,
    ${SHA256('sha256')},
    bytes INTEGER NOT NULL,
    format TEXT NOT NULL CHECK (format IN ${FORMATS}),
    target TEXT NOT NULL CHECK (json_type(target) = 'object')
  ) STRICT, WITHOUT ROWID;`;

/* Words of the prompts, without a copy of the text: what is indexed is the prompt after words.ts has cut it. */
const WORDS = `
  CREATE VIRTUAL TABLE picture_words USING fts5 (
    prompt, content = '', contentless_delete = 1, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
  );
  CREATE TRIGGER words_leave AFTER DELETE ON images WHEN OLD.deleted_at IS NULL BEGIN
    DELETE FROM picture_words WHERE rowid = OLD.timeline;
  END;
  CREATE TRIGGER words_leave_with_trash AFTER UPDATE OF deleted_at ON images WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN
    DELETE FROM picture_words WHERE rowid = OLD.timeline;
  END;`;

const COUNTERS = `
  CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO counters VALUES ('pictures', 0), ('bytes', 0);
  CREATE TRIGGER pictures_added AFTER INSERT ON images WHEN NEW.deleted_at IS NULL BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'pictures';
  END;
  CREATE TRIGGER pictures_removed AFTER DELETE ON images WHEN OLD.deleted_at IS NULL BEGIN
    UPDATE counters SET value = value - 1 WHERE name = 'pictures';
  END;
  CREATE TRIGGER pictures_moved AFTER UPDATE OF deleted_at ON images BEGIN
    UPDATE counters SET value = value + (NEW.deleted_at IS NULL) - (OLD.deleted_at IS NULL) WHERE name = 'pictures';
  END;
  CREATE TRIGGER bytes_added AFTER INSERT ON originals BEGIN
    UPDATE counters SET value = value + NEW.bytes WHERE name = 'bytes';
  END;
  CREATE TRIGGER bytes_removed AFTER DELETE ON originals BEGIN
    UPDATE counters SET value = value - OLD.bytes WHERE name = 'bytes';
  END;`;

/** Jobs, what they sent and what came back; the files; the text index; the counts. */
export const initial: Migration = {
  version: 1,
  up: (db) => void db.exec([JOBS, GENERATIONS, FILES, LANDINGS, WORDS, COUNTERS].join('\n')),
};
