import { setImmediate } from 'node:timers/promises';

/** What a slice should take, ms: the application stays responsive, and a frame of the page isn't late. */
const TARGET_MS = 4;
const [LEAST, MOST] = [50, 5000];

/**
 * Does work in slices of a few ms, with room for everything else between them. The size of a slice follows what the last one took.
 * @param slice does so many, and returns how many were left to do for it; less than it was asked for: nothing remains
 * @param rest resolves when the next slice may begin
 * @returns false if it was stopped
 */
export async function inSlices(
  slice: (size: number) => number,
  isStopped: () => boolean,
  rest: () => Promise<unknown> = setImmediate,
): Promise<boolean> {
  for (let size = 200; ;) {
    if (isStopped()) return false;
    const begin = performance.now();
    const done = slice(size);
    if (done < size) return true;
    const factor = TARGET_MS / Math.max(0.1, performance.now() - begin);
    size = Math.round(Math.min(MOST, Math.max(LEAST, size * Math.min(1.5, Math.max(0.4, factor)))));
    await rest();
  }
}
