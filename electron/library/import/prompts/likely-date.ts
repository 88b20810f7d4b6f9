import type { Timestamp } from '../../../contract/entities/ids.ts';

/** Clocks of other computers may be this far ahead, ms. */
const MAX_AHEAD = 24 * 60 * 60 * 1000;

/** Whether an image can have been made then. A date before 1970 or in the future is a clock that was wrong; NaN is none. */
export function isLikelyDate(at: number | null | undefined, now: Timestamp): at is number {
  return at !== null && at !== undefined && at > 0 && at <= now + MAX_AHEAD;
}
