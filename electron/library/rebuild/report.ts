import type { Tally } from './tally.ts';

/** A record that couldn't be used: its path in the library's folder, and why. */
export interface UnusedRecord {
  file: string;
  reason: string;
}

/** What a rebuild has brought back. */
export interface RebuildReport {
  /** What the new database has. */
  restored: Tally;
  /** Records that couldn't be used, and the first of them. */
  unused: number;
  unusedRecords: UnusedRecord[];
  /** Images and other files that records name and that aren't in the originals. */
  missingFiles: number;
  /** Files in the originals that no record names. */
  unlistedFiles: number;
}
