/** Files of one finding: how many, and the first ones by their paths in the library's folder. */
export interface FoundFiles {
  count: number;
  files: string[];
}

/** What a check of all files of a library found. Nothing was changed. */
export interface CheckReport {
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
  /** Images whose thumbnails should be there and aren't. */
  withoutThumbnail: FoundFiles;
  /** Records that end too early; they are written again at the next start. */
  incompleteRecords: number;
  /** What SQLite says about the database; [] for a sound one. */
  databaseDamage: string[];
}
