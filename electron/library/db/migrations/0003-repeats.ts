import type { Migration } from './migration.ts';

/** Finds the clicks that repeat a picture with another model; few do. */
export const repeats: Migration = {
  version: 3,
  up: (db) =>
    void db.exec(`CREATE INDEX jobs_repeating ON jobs (json_extract(request, '$.repeats'))
      WHERE json_extract(request, '$.repeats') IS NOT NULL`),
};
