const FACTOR = 64;
const TRIES = 10;
/** What takes less in all is quick, however it grows. */
const LEAST_MS = 4;

/** Below it, work grows with its input: it has 1, in memory that no cache holds a few. Work that grows with the input's square has 64. */
export const STEEP = 16;

/**
 * How work grows with its input: the time for one input of 64 times the length, over that for 64 inputs of the length. Work that grows with
 * its input takes the same for both, so a busy machine delays both alike. Of a few tries the least counts.
 */
export function growth<T>(inputOf: (length: number) => T, work: (input: T) => void, length: number): number {
  const short = inputOf(length);
  const long = inputOf(FACTOR * length);
  let shortest = Infinity;
  let longest = Infinity;
  let ratio = Infinity;
  for (let at = 0; at < TRIES && ratio >= STEEP; at += 1) {
    longest = Math.min(
      longest,
      timeOf(() => work(long)),
    );
    shortest = Math.min(
      shortest,
      timeOf(() => repeat(FACTOR, () => work(short))),
    );
    ratio = longest / Math.max(shortest, LEAST_MS);
  }
  return ratio;
}

function timeOf(run: () => void): number {
  const before = performance.now();
  run();
  return performance.now() - before;
}

function repeat(times: number, run: () => void): void {
  for (let at = 0; at < times; at += 1) run();
}
