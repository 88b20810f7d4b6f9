import type { Migration } from './migration.ts';

/** Content Credentials weren't looked for in these formats, so "not signed" said nothing. The next start looks at them. */
const UNKNOWN = `
  UPDATE images SET signed = NULL WHERE signed = 0
    AND sha256 IN (SELECT sha256 FROM originals WHERE format IN ('gif', 'tiff', 'avif', 'heic'));`;

export const signedFormats: Migration = { version: 12, up: (db) => void db.exec(UNKNOWN) };
