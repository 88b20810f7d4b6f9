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
  const timelines = images instanceof Float64Array ? images : Float64Array.from(images);
  const places = await numbersBelow(timelines.length);
  // Most selections are in the order of time, or in its reverse.
  const { rises, falls } = await directionsIn(timelines);
  if (!falls) return new OrderedImages(timelines, places);
  if (!rises) return new OrderedImages(timelines, places.reverse());
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

async function numbersBelow(count: number): Promise<Uint32Array<ArrayBuffer>> {
  const numbers = new Uint32Array(count);
  for (let next = 0; next < count; next += 1) {
    numbers[next] = next;
    if (next % RUN === 0) await setImmediate();
  }
  return numbers;
}

async function directionsIn(timelines: Float64Array): Promise<{ rises: boolean; falls: boolean }> {
  let [rises, falls] = [false, false];
  for (let index = 1; index < timelines.length && !(rises && falls); index += 1) {
    if ((timelines[index] ?? 0) > (timelines[index - 1] ?? 0)) rises = true;
    else falls = true;
    if (index % RUN === 0) await setImmediate();
  }
  return { rises, falls };
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
