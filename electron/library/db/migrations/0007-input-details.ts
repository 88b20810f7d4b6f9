import type { Migration } from './migration.ts';

/** What inspecting an input showed beyond its format and size, as JSON; NULL until it is inspected again. */
export const inputDetails: Migration = {
  version: 7,
  up: (db) =>
    void db.exec('ALTER TABLE input_files ADD COLUMN details TEXT CHECK (details IS NULL OR json_valid(details))'),
};
