import type { ImageId } from '../contract/entities.ts';
import type { Writable } from './database.ts';

/** An open library: one folder, one database connection, held by this process alone. */
export interface Library {
  readonly folder: string;
  readonly db: Writable;
  /** What the last end of the application had left behind. */
  readonly leftovers: Leftovers;
  close(): void;
}

/** What a crash had left, and what became of it. */
export interface Leftovers {
  /** Pictures whose saving was finished now. */
  reclaimed: ImageId[];
  /** File names, now in the quarantine folder: bytes that arrived and belong to no picture. */
  quarantined: string[];
}
