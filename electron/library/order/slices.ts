import { setImmediate } from 'node:timers/promises';

/** What a slice should take, ms: the application stays responsive, and a frame of the page isn't late. */
const TARGET_MS = 4;
const [LEAST, MOST] = [50, 5000];
/**
 * The quickest of so many slices counts: one that was held up by a busy processor must not make the next ones small. Where
 * rows become dearer, so many slices are too long.
 */
const REMEMBERED = 4;

/**
 * Does work in slices of a few ms, with room for everything else between them. The size of a slice follows what the last ones took.
 * @param slice does so many, and returns how many were left to do for it; less than it was asked for: nothing remains
 * @param rest resolves when the next slice may begin
 * @returns false if it was stopped
 */
export async function inSlices(
  slice: (size: number) => number,
  isStopped: () => boolean,
  rest: () => Promise<unknown> = setImmediate,
): Promise<boolean> {
  const costs: number[] = [];
  for (let size = 200; ;) {
    if (isStopped()) return false;
    const begin = performance.now();
    const done = slice(size);
    if (done < size) return true;
    costs.push(Math.max(0.1, performance.now() - begin) / size);
    if (costs.length > REMEMBERED) costs.shift();
    size = Math.round(Math.min(MOST, size * 1.5, Math.max(LEAST, TARGET_MS / Math.min(...costs))));
    await rest();
  }
}
