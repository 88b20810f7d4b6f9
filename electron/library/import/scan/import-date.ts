import type { Timestamp } from '../../../contract/entities/ids.ts';
import type { ImportFacts } from '../../../contract/entities/import-facts.ts';
import { isLikelyDate } from '../prompts/likely-date.ts';

export interface MadeAt {
  at: Timestamp;
  dated: ImportFacts['dated'];
}

/** What says when an image was made, as it was read; null where it says nothing. */
export interface ImportDates {
  /** Emulsion's record of it. */
  made: MadeAt | null;
  /** Its own metadata. */
  takenAt: number | null;
  /** What another program's export says about it, in a file beside it. */
  besideAt: number | null;
  /** The file's own date, or the one that its ZIP gives it. */
  fileAt: number | null;
}

/**
 * When an image was made: the first of these dates that can be true, or else now. The report and the import both ask here, so that an image gets
 * the date that the report has shown.
 */
export function importDate({ made, takenAt, besideAt, fileAt }: ImportDates, now: Timestamp): MadeAt {
  if (made && isLikelyDate(made.at, now)) return made;
  const said = [takenAt, besideAt].find((at) => isLikelyDate(at, now));
  if (isLikelyDate(said, now)) return { at: Math.round(said), dated: 'metadata' };
  return isLikelyDate(fileAt, now) ? { at: Math.round(fileAt), dated: 'file' } : { at: now, dated: 'import' };
}
