import type { Migration } from './migration.ts';

/*
 * `due`: wished for and not made yet; the row is written with the picture's own, so that a crash in between forgets nothing. Of `done`
 * all is known but an error, of `failed` the error and nothing else.
 */
const STRICT_RESULTS = `
  CREATE TABLE strict_results (
    image_id TEXT NOT NULL PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('due', 'done', 'failed')),
    feather INTEGER NOT NULL CHECK (feather >= 0),
    sha256 TEXT REFERENCES originals (sha256),
    width INTEGER CHECK (width > 0),
    height INTEGER CHECK (height > 0),
    has_alpha INTEGER CHECK (has_alpha IN (0, 1)),
    outside INTEGER CHECK (outside >= 0),
    changed INTEGER CHECK (changed BETWEEN 0 AND outside),
    visible INTEGER CHECK (visible BETWEEN 0 AND changed),
    error TEXT CHECK (error IS NULL OR json_type(error) = 'object'),
    made_at INTEGER,
    CHECK ((state = 'done') = (sha256 IS NOT NULL AND width IS NOT NULL AND height IS NOT NULL AND has_alpha IS NOT NULL
      AND outside IS NOT NULL AND changed IS NOT NULL AND visible IS NOT NULL)),
    CHECK ((state = 'failed') = (error IS NOT NULL)),
    CHECK ((state = 'due') = (made_at IS NULL))
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX strict_due ON strict_results (image_id) WHERE state = 'due';
  CREATE INDEX strict_results_of_original ON strict_results (sha256) WHERE sha256 IS NOT NULL;`;

/* Steps may be megabytes each, so both tables keep their rowids: what is long then lies apart from the index. */
const DRAFTS = `
  CREATE TABLE drafts (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    name TEXT NOT NULL,
    root TEXT REFERENCES originals (sha256),
    document TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX drafts_by_change ON drafts (updated_at, id);
  CREATE TABLE draft_steps (
    draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    node TEXT NOT NULL CHECK (node = 'root' OR length(node) = 36),
    position INTEGER NOT NULL CHECK (position >= 0),
    data TEXT NOT NULL,
    PRIMARY KEY (draft_id, node, position)
  ) STRICT;`;

/* Few clicks come from a draft. */
const JOBS = `
  CREATE INDEX jobs_of_draft ON jobs (json_extract(request, '$.canvas.draftId'), created_at, id)
    WHERE json_extract(request, '$.canvas.draftId') IS NOT NULL;`;

/** What strict masks made of answers; drafts of the canvas with their steps; the clicks of a draft. */
export const canvas: Migration = {
  version: 4,
  up: (db) => void db.exec([STRICT_RESULTS, DRAFTS, JOBS].join('\n')),
};
