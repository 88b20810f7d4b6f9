import type { ImageId } from '../../contract/entities/ids.ts';
import type { Writable } from '../db/database.ts';

/*
 * What an open library is, for the files of this room; library.ts opens one and is the room's door.
 */

/** An open library: one folder, one database connection, held by this process alone. */
export interface Library {
  readonly folder: string;
  readonly db: Writable;
  /** What the last end of the application had left behind, and what became of it at this opening. */
  readonly recovery: RecoveryReport;
  close(): void;
}

export interface RecoveryReport {
  /** Images whose saving was finished now. */
  completed: ImageId[];
  /** File names, now in the quarantine folder: bytes that arrived and belong to no image. */
  quarantined: string[];
  /** File names, still in the incoming folder: the disk refused, and the next opening tries again. */
  postponed: string[];
  /** What was thrown on the way, for the log. */
  failures: unknown[];
}
