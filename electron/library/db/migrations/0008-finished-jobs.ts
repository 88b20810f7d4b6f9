import type { Migration } from './migration.ts';

/** Finds jobs by when they ended, however long before that they were created. */
export const finishedJobs: Migration = {
  version: 8,
  up: (db) => void db.exec('CREATE INDEX jobs_finished ON jobs (finished_at, id) WHERE finished_at IS NOT NULL'),
};
