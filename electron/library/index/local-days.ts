/** Timeline keys per millisecond. See migration 0001, `images.timeline`. */
const SLOTS = 1024;
const DAY_MS = 86_400_000;
/** Time zones change at quarters of an hour. */
const QUARTER_MS = 900_000;
const LAST_DAY = 65_535;

/** A function that gives the local day of a timeline key, counted from 1970-01-01; quick for keys that are close to each other. */
export function localDays(): (timeline: number) => number {
  let quarter = NaN;
  let offset = 0;
  return (timeline) => {
    const time = timeline / SLOTS;
    const current = Math.floor(time / QUARTER_MS);
    if (current !== quarter) {
      quarter = current;
      offset = -new Date(time).getTimezoneOffset() * 60_000;
    }
    return Math.max(0, Math.min(LAST_DAY, Math.floor((time + offset) / DAY_MS)));
  };
}

/** `YYYY-MM-DD` of a day. */
export function dayKey(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The day that `YYYY-MM-DD` names. */
export function dayOf(key: string): number {
  return Math.round(Date.parse(`${key}T00:00:00Z`) / DAY_MS);
}
