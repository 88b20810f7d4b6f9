/** From the first moment of a time's calendar month up to the first of the next, in milliseconds since 1970, in this computer's time zone. */
export function monthOf(at: number): { from: number; to: number } {
  const day = new Date(at);
  const first = (offset: number): number => new Date(day.getFullYear(), day.getMonth() + offset, 1).getTime();
  return { from: first(0), to: first(1) };
}
