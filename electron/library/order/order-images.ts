import { setImmediate } from 'node:timers/promises';
import type { Timelines } from './plan.ts';

/** An image with its place in the selection. */
export type Placed = readonly [timeline: number, place: number];

/** Compared at once: a few ms. */
const RUN = 10_000;

/** Images by timeline, oldest first, so that slices are ranges; sorted in pieces, so that nothing waits for a million. */
export async function orderImages(images: Timelines): Promise<Placed[]> {
  let runs: Placed[][] = [];
  for (let from = 0; from < images.length; from += RUN) {
    const run = Array.from(
      { length: Math.min(RUN, images.length - from) },
      (_, at) => [images[from + at] ?? 0, from + at] as const,
    );
    runs.push(run.sort(([a], [b]) => a - b));
    await setImmediate();
  }
  while (runs.length > 1) {
    const merged: Placed[][] = [];
    for (let at = 0; at < runs.length; at += 2) merged.push(await merge(runs[at] ?? [], runs[at + 1] ?? []));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge(a: Placed[], b: Placed[]): Promise<Placed[]> {
  const first = (run: Placed[], at: number): number => run[at]?.[0] ?? Infinity;
  // Most selections are in order already, or in reverse.
  if ((a.at(-1)?.[0] ?? 0) <= first(b, 0)) return a.concat(b);
  if ((b.at(-1)?.[0] ?? Infinity) <= first(a, 0)) return b.concat(a);
  const merged: Placed[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    const next = first(a, i) <= first(b, j) ? a[i++] : b[j++];
    if (next) merged.push(next);
    if (merged.length % RUN === 0) await setImmediate();
  }
  return merged;
}
