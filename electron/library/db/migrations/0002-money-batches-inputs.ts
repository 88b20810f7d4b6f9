import type { Migration } from './migration.ts';

/*
 * Costs are micro-dollars, whole. A generation's cost is written once, at its end, with the prices that it was reckoned by, so that a
 * later change of the price table changes nothing that is recorded. A picture's cost is its share.
 */
const COSTS = `
  ALTER TABLE jobs ADD COLUMN estimate_least INTEGER CHECK (estimate_least >= 0);
  ALTER TABLE jobs ADD COLUMN estimate_most INTEGER CHECK (estimate_most >= estimate_least);
  ALTER TABLE generations ADD COLUMN estimate_least INTEGER CHECK (estimate_least >= 0);
  ALTER TABLE generations ADD COLUMN estimate_most INTEGER CHECK (estimate_most >= estimate_least);
  ALTER TABLE generations ADD COLUMN cost INTEGER CHECK (cost >= 0);
  ALTER TABLE generations ADD COLUMN cost_basis TEXT CHECK (cost_basis IN ('usage', 'pictures', 'free'));
  ALTER TABLE generations ADD COLUMN prices TEXT CHECK (prices IS NULL OR json_type(prices) = 'object');
  ALTER TABLE images ADD COLUMN cost INTEGER CHECK (cost >= 0);
  CREATE INDEX generations_spent ON generations (created_at, id) WHERE billing <> 'none';
  CREATE INDEX generations_of_model ON generations (model, created_at) WHERE cost_basis = 'usage';`;

const BATCHES = `
  CREATE TABLE batches (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    request TEXT NOT NULL CHECK (json_type(request) = 'object'),
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE jobs ADD COLUMN batch_id TEXT REFERENCES batches (id);
  ALTER TABLE jobs ADD COLUMN batch_place TEXT CHECK (batch_place IS NULL OR json_type(batch_place) = 'array');
  CREATE INDEX jobs_of_batch ON jobs (batch_id) WHERE batch_id IS NOT NULL;
  CREATE INDEX jobs_ended ON jobs (created_at, id) WHERE state NOT IN ('waiting', 'running');`;

const COLLECTIONS = `
  CREATE TABLE collections (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    name TEXT NOT NULL CHECK (name <> '') COLLATE NOCASE UNIQUE,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE collection_images (
    collection_id TEXT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (collection_id, image_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX collections_of_image ON collection_images (image_id);`;

/* Pictures that were brought in to go out with a request, or made ready for it. Their bytes lie among the originals. */
const INPUT_FILES = `
  CREATE TABLE input_files (
    sha256 TEXT NOT NULL PRIMARY KEY REFERENCES originals (sha256),
    name TEXT NOT NULL,
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    orientation INTEGER NOT NULL CHECK (orientation BETWEEN 1 AND 8),
    frames INTEGER NOT NULL CHECK (frames >= 1),
    has_alpha INTEGER NOT NULL CHECK (has_alpha IN (0, 1)),
    thumbhash TEXT,
    deeds TEXT NOT NULL CHECK (json_type(deeds) = 'array'),
    image_id TEXT REFERENCES images (id) ON DELETE SET NULL,
    added_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;`;

/* What a server answered, without the pixels: one JSON document, or one for each event of a stream. */
const ANSWERS = `
  CREATE TABLE answers (
    generation_id TEXT NOT NULL PRIMARY KEY REFERENCES generations (id) ON DELETE CASCADE,
    documents TEXT NOT NULL CHECK (json_type(documents) = 'array')
  ) STRICT, WITHOUT ROWID;`;

/** Costs and estimates, batches, collections, inputs that are no pictures of the library, whole answers. */
export const moneyBatchesInputs: Migration = {
  version: 2,
  up: (db) => void db.exec([COSTS, BATCHES, COLLECTIONS, INPUT_FILES, ANSWERS].join('\n')),
};
