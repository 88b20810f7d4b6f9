/** Files of one finding: how many, and the first ones by their paths in the library's folder. The saved report has all of them. */
export interface FoundFiles {
  count: number;
  files: string[];
}

/** What a check can find, worst first. */
export const FINDINGS = [
  'damaged',
  'missing',
  'unreadable',
  'unlisted',
  'unlistedRecords',
  'records',
  'withoutThumbnail',
  'orphanRows',
] as const;
export type FindingKind = (typeof FINDINGS)[number];

/** What a check of all files of a library found. Nothing was changed. */
export interface CheckReport extends Record<FindingKind, FoundFiles> {
  /** Originals that were read, and their bytes. */
  originals: number;
  bytes: number;
  /** Originals whose bytes aren't those that were saved. */
  damaged: FoundFiles;
  missing: FoundFiles;
  /** Originals that couldn't be read now, so nothing is known about them. */
  unreadable: FoundFiles;
  /** Files among the originals that the database doesn't list. */
  unlisted: FoundFiles;
  /** Records of requests and imports that the database doesn't list. */
  unlistedRecords: FoundFiles;
  /** Records that are missing, incomplete, or don't say what the database says. */
  records: FoundFiles;
  /** Images whose thumbnails should be there and aren't, or are incomplete. */
  withoutThumbnail: FoundFiles;
  /** Rows that refer to rows that aren't there, as "table: row 12 refers to other_table". */
  orphanRows: FoundFiles;
  /** What SQLite says about the database; [] for a sound one. */
  databaseDamage: string[];
}

/**
 * What can be done about findings. `unlisted`: add files and records that aren't listed. `quarantine`: move those that it couldn't add. Nothing
 * is ever deleted.
 */
export const REPAIRS = ['unlisted', 'quarantine', 'records', 'thumbnails'] as const;
export type Repair = (typeof REPAIRS)[number];

/** How a repair ended. */
export interface RepairOutcome {
  repaired: number;
  /** Left alone: what the check had found was no longer so. */
  skipped: number;
  failed: FoundFiles;
}

/** How the repairs since the last check ended. */
export type RepairOutcomes = Partial<Record<Repair, RepairOutcome>>;

/** Names of one kind of finding, a part of them. */
export interface FindingsPage {
  names: string[];
  /** Where the next part begins; null at the end. */
  next: number | null;
}
