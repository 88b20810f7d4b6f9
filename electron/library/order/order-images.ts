import { setImmediate } from 'node:timers/promises';
import type { Timelines } from './plan.ts';

/** An image with its place in the selection. */
type Placed = readonly [timeline: number, place: number];

/** Compared at once: a few ms. */
const RUN = 10_000;

/** Images by timeline, oldest first, so that slices are ranges. A million of them are no objects. */
export class OrderedImages {
  readonly #timelines: Float64Array;
  readonly #places: Uint32Array;

  /** @param places in the order of time */
  constructor(timelines: Float64Array, places: Uint32Array) {
    this.#timelines = timelines;
    this.#places = places;
  }

  /** Some of them; fewer at the end. */
  slice(from: number, to: number): Placed[] {
    return Array.from(this.#places.subarray(from, to), (place) => [this.#timelines[place] ?? 0, place] as const);
  }
}

/** Orders images in pieces, so that nothing waits for a million. */
export async function orderImages(images: Timelines): Promise<OrderedImages> {
  const timelines = Float64Array.from(images);
  const places = Uint32Array.from(timelines, (_, place) => place);
  await setImmediate();
  const direction = directionOf(timelines);
  if (direction === 'ascending') return new OrderedImages(timelines, places);
  if (direction === 'descending') return new OrderedImages(timelines, places.reverse());
  const before = (a: number, b: number): number => (timelines[a] ?? 0) - (timelines[b] ?? 0);
  for (let from = 0; from < places.length; from += RUN) {
    places.subarray(from, from + RUN).sort(before);
    await setImmediate();
  }
  let [from, to] = [places, new Uint32Array(places.length)];
  for (let length = RUN; length < places.length; length *= 2) {
    for (let at = 0; at < places.length; at += 2 * length) await merge({ from, to, at, length }, before);
    [from, to] = [to, from];
  }
  return new OrderedImages(timelines, from);
}

/** Most selections are in the order of time, or in its reverse. */
function directionOf(timelines: Float64Array): 'ascending' | 'descending' | null {
  let [rises, falls] = [false, false];
  for (let index = 1; index < timelines.length; index += 1) {
    if ((timelines[index] ?? 0) > (timelines[index - 1] ?? 0)) rises = true;
    else falls = true;
    if (rises && falls) return null;
  }
  return falls ? 'descending' : 'ascending';
}

interface Runs {
  from: Uint32Array;
  to: Uint32Array;
  /** Where the first of two runs begins; the second one follows it. */
  at: number;
  length: number;
}

async function merge({ from, to, at, length }: Runs, before: (a: number, b: number) => number): Promise<void> {
  const middle = Math.min(at + length, from.length);
  const end = Math.min(at + 2 * length, from.length);
  for (let [next, a, b] = [at, at, middle]; next < end; next += 1) {
    const isFirst = b >= end || (a < middle && before(from[a] ?? 0, from[b] ?? 0) <= 0);
    to[next] = (isFirst ? from[a++] : from[b++]) ?? 0;
    if (next % RUN === 0) await setImmediate();
  }
}
