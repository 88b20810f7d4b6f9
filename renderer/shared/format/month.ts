/** Start (inclusive) and end (exclusive) of a timestamp's calendar month, in ms since 1970, in the local time zone. */
export function monthOf(at: number): { from: number; to: number } {
  const day = new Date(at);
  const first = (offset: number): number => new Date(day.getFullYear(), day.getMonth() + offset, 1).getTime();
  return { from: first(0), to: first(1) };
}
