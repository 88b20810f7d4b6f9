import type { Timestamp } from '../../contract/entities/ids.ts';
import type { ImportFacts } from '../../contract/entities/import-facts.ts';
import { isLikelyDate } from './scan/likely-date.ts';

type Made = { at: Timestamp; dated: ImportFacts['dated'] };

/** When an imported image was made: as its record or its metadata says, or its file's own date, or else now. */
export function importDate(
  { made = null, takenAt, fileAt }: { made?: Made | null; takenAt: number | null; fileAt: number | null },
  now: Timestamp,
): Made {
  if (made && isLikelyDate(made.at, now)) return made;
  if (isLikelyDate(takenAt, now)) return { at: Math.round(takenAt), dated: 'metadata' };
  return isLikelyDate(fileAt, now) ? { at: Math.round(fileAt), dated: 'file' } : { at: now, dated: 'import' };
}
