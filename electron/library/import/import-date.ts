import type { Timestamp } from '../../contract/entities/ids.ts';
import type { ImportFacts } from '../../contract/entities/import-facts.ts';

/** Clocks of other computers may be this far ahead, ms. */
const MAX_AHEAD = 24 * 60 * 60 * 1000;

/**
 * When an imported image was made: as its metadata says, or its file's own date, or else now. A date before 1970 or in the future is a clock that
 * was wrong.
 */
export function importDate(
  { takenAt, fileAt }: { takenAt: number | null; fileAt: number | null },
  now: Timestamp,
): { at: Timestamp; dated: ImportFacts['dated'] } {
  const isLikely = (at: number | null): at is number => at !== null && at > 0 && at <= now + MAX_AHEAD;
  if (isLikely(takenAt)) return { at: Math.round(takenAt), dated: 'metadata' };
  return isLikely(fileAt) ? { at: Math.round(fileAt), dated: 'file' } : { at: now, dated: 'import' };
}
