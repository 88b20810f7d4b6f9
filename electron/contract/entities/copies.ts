/** What a copy of a library to another folder has. */
export interface CopyResult {
  /** Where the copy is. Absolute path. */
  folder: string;
  /** Files in it, those included that an earlier, interrupted attempt had copied. */
  files: number;
  bytes: number;
  /** Originals whose bytes aren't those that were saved: copied as they are. */
  damaged: string[];
}
