import type { Timestamp } from './ids.ts';

/**
 * Why a snapshot was made: on the first use of a day, before the schema changes, before many images are deleted, because the person asked for it,
 * or because another one was restored and this is the database that was replaced.
 */
export const SNAPSHOT_REASONS = ['daily', 'migration', 'deletion', 'manual', 'restore'] as const;
export type SnapshotReason = (typeof SNAPSHOT_REASONS)[number];

/** A proven copy of the library's database: one file. */
export interface Snapshot {
  /** The file's name in `snapshots/`. */
  name: string;
  madeAt: Timestamp;
  reason: SnapshotReason;
  bytes: number;
}
