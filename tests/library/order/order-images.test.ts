import { expect, inject, it } from 'vitest';
import { orderImages } from '../../../electron/library/order/order-images.ts';
import { Random } from '../index/random-library.ts';

const RANDOM = new Random(inject('seed') ?? 1);
const COUNT = 45_000;

/** Timeline keys in no order, each once. */
function shuffled(): number[] {
  const keys = Array.from({ length: COUNT }, (_, at) => at * 1024 + 7);
  for (let at = keys.length - 1; at > 0; at -= 1) {
    const other = RANDOM.below(at + 1);
    [keys[at], keys[other]] = [keys[other]!, keys[at]!];
  }
  return keys;
}

it.each([
  ['in no order', shuffled()],
  ['oldest first', shuffled().sort((a, b) => a - b)],
  ['newest first', shuffled().sort((a, b) => b - a)],
  ['one', [5]],
  ['none', []],
])('orders images by time, with their places in the selection: %s', async (_, images) => {
  const ordered = await orderImages(images);
  const expected = images.map((timeline, place) => [timeline, place]).sort(([a], [b]) => a! - b!);
  expect(ordered.slice(0, COUNT)).toEqual(expected);
  expect(ordered.slice(2, 5)).toEqual(expected.slice(2, 5));
  expect(ordered.slice(images.length, images.length + 9)).toEqual([]);
});
