import { setImmediate } from 'node:timers/promises';

/** Images at once: about a millisecond. */
const PAGE = 4000;

/** Timelines of many images, listed a page at a time. @param page those after a timeline, oldest first */
export async function listImages(page: (after: number, limit: number) => number[]): Promise<number[]> {
  const all: number[] = [];
  for (let next = page(-1, PAGE); next.length > 0; next = page(next.at(-1) ?? 0, PAGE)) {
    for (const timeline of next) all.push(timeline);
    if (next.length < PAGE) break;
    await setImmediate();
  }
  return all;
}
