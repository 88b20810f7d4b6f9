import type { Migration } from './migration.ts';

/* Servers send more formats than can be asked for. Which ones there are is the contract's business; a name is a part of a path. */
const FORMAT = "format TEXT NOT NULL CHECK (length(format) BETWEEN 1 AND 8 AND format NOT GLOB '*[^a-z0-9]*')";

/**
 * Originals of any format, what exactly is wrong with an image, and how often decoding it was begun and ended its process. A CHECK can't be
 * changed, so both tables with formats are built anew, with the triggers of `0001-initial`.
 */
export const formatsAndFlaws: Migration = {
  version: 6,
  up: (db) =>
    void db.exec(`
      CREATE TABLE new_originals (
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*') PRIMARY KEY,
        ${FORMAT},
        bytes INTEGER NOT NULL CHECK (bytes >= 0)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO new_originals SELECT sha256, format, bytes FROM originals;
      DROP TABLE originals;
      ALTER TABLE new_originals RENAME TO originals;
      CREATE TRIGGER bytes_added AFTER INSERT ON originals BEGIN
        UPDATE counters SET value = value + NEW.bytes WHERE name = 'bytes';
      END;
      CREATE TRIGGER bytes_removed AFTER DELETE ON originals BEGIN
        UPDATE counters SET value = value - OLD.bytes WHERE name = 'bytes';
      END;
      CREATE TABLE new_landings (
        file TEXT NOT NULL PRIMARY KEY,
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
        bytes INTEGER NOT NULL,
        ${FORMAT},
        target TEXT NOT NULL CHECK (json_type(target) = 'object')
      ) STRICT, WITHOUT ROWID;
      INSERT INTO new_landings SELECT file, sha256, bytes, format, target FROM landings;
      DROP TABLE landings;
      ALTER TABLE new_landings RENAME TO landings;
      ALTER TABLE images ADD COLUMN flaw_cause TEXT;
      ALTER TABLE images ADD COLUMN decode_starts INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE images ADD COLUMN decode_failures INTEGER NOT NULL DEFAULT 0;`),
};
