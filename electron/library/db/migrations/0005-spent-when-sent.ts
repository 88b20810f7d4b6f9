import type { Migration } from './migration.ts';

/** Spending counts at the time when a request was sent, which may be in a later month than the click; unpriced requests are found at each start. */
export const spentWhenSent: Migration = {
  version: 5,
  up: (db) =>
    void db.exec(`
      DROP INDEX generations_spent;
      CREATE INDEX generations_spent ON generations (coalesce(sent_at, created_at), id) WHERE billing <> 'none';
      CREATE INDEX generations_unpriced ON generations (id) WHERE cost IS NULL AND answer IS NULL AND billing <> 'none';`),
};
