import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inSlices } from '../../../electron/library/order/slices.ts';

/** Does `total` in slices, each of which takes `cost(slice)` ms for one. @returns the slices' sizes */
async function sizesOf(total: number, cost: (slice: number) => number): Promise<number[]> {
  const sizes: number[] = [];
  let left = total;
  await inSlices(
    (size) => {
      const done = Math.min(size, left);
      vi.advanceTimersByTime(done * cost(sizes.length));
      left -= done;
      sizes.push(size);
      return done;
    },
    () => false,
    () => Promise.resolve(),
  );
  return sizes;
}

describe('work in slices', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  test('grows to what takes 4 ms', async () => {
    const sizes = await sizesOf(20_000, () => 0.005);
    expect(sizes.slice(0, 3)).toEqual([200, 300, 450]);
    expect(sizes.at(-1)).toBe(800);
  });

  test('is not cut small by slices that had to wait for the processor', async () => {
    const sizes = await sizesOf(60_000, (slice) => (slice % 3 === 0 ? 0.005 : 0.1));
    expect(sizes.slice(10).every((size) => size === 800)).toBe(true);
  });

  test('becomes small where everything takes longer', async () => {
    const sizes = await sizesOf(20_000, (slice) => (slice < 10 ? 0.005 : 0.02));
    expect(sizes.at(-1)).toBe(200);
  });
});
