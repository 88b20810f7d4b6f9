import type { Writable } from '../database.ts';

/** One step of the schema. It runs once, in a transaction of its own, and is never changed after a release. */
export interface Migration {
  version: number;
  up(db: Writable): void;
}
