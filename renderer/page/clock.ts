let read = (): number => Date.now();

/** The time of day, in milliseconds since 1970. The page's only way to read it, so that a test can set it. */
export function currentTime(): number {
  return read();
}

/** Replaces the clock in a test; null goes back to the system's clock. */
export function setClock(clock: (() => number) | null): void {
  read = clock ?? (() => Date.now());
}
