import { expect, test } from 'vitest';
import { Random } from '../../../build/make-library/random.ts';
import { groupDuplicates, type Hashes } from '../../../electron/library/duplicates/group-duplicates.ts';

function hashesOf(list: readonly bigint[], ratios: readonly number[] = []): Hashes {
  const words = new Uint32Array(list.length * 2);
  for (const [at, hash] of list.entries()) {
    words[at * 2] = Number(hash & 0xffff_ffffn);
    words[at * 2 + 1] = Number(hash >> 32n);
  }
  return { count: list.length, words, ratios: Float32Array.from(list, (_, at) => ratios[at] ?? 1) };
}

function groupsOf(hashes: Hashes): number[][] {
  const search = groupDuplicates(hashes);
  for (;;) {
    const step = search.next();
    if (step.done) return step.value.map((group) => [...group]);
  }
}

const random = new Random(5);
const randomHash = (): bigint => (BigInt(random.word()) << 32n) | BigInt(random.word());

function flipped(hash: bigint, bits: number): bigint {
  const places = new Set<number>();
  while (places.size < bits) places.add(random.below(64));
  return [...places].reduce((result, place) => result ^ (1n << BigInt(place)), hash);
}

test('images whose hashes differ in up to six bits are a group, wherever the bits are', () => {
  for (let round = 0; round < 300; round += 1) {
    const hash = randomHash();
    expect(groupsOf(hashesOf([hash, flipped(hash, round % 7)]))).toEqual([[0, 1]]);
    expect(groupsOf(hashesOf([hash, flipped(hash, 7 + (round % 9))]))).toEqual([]);
  }
});

test('the groups are those that comparing every image with every other finds', () => {
  const list: bigint[] = [];
  for (let at = 0; at < 900; at += 1) {
    const known = list[random.below(Math.max(1, list.length))];
    list.push(known !== undefined && random.chance(0.4) ? flipped(known, random.below(9)) : randomHash());
  }
  const distance = (one: bigint, other: bigint): number => (one ^ other).toString(2).replaceAll('0', '').length;
  const taken = new Set<number>();
  const expected: number[][] = [];
  for (const [first, hash] of list.entries()) {
    if (taken.has(first)) continue;
    const near = list.flatMap((other, at) => (at > first && !taken.has(at) && distance(hash, other) <= 6 ? [at] : []));
    for (const at of near) taken.add(at);
    if (near.length > 0) expected.push([first, ...near]);
  }
  expect(groupsOf(hashesOf(list))).toEqual(expected);
});

test('another shape is another image, and even images aren’t compared', () => {
  const hash = randomHash();
  expect(groupsOf(hashesOf([hash, hash], [1, 1.5]))).toEqual([]);
  expect(groupsOf(hashesOf([0n, 0n, 1n, (1n << 64n) - 1n, (1n << 64n) - 1n]))).toEqual([]);
});

test('the time is bounded where very many share a part of their hashes', () => {
  const same = 0x1234_5678_9abcn;
  const list = Array.from({ length: 20_000 }, () => (same << 16n) | BigInt(random.below(1 << 16)));
  const from = performance.now();
  expect(groupsOf(hashesOf(list)).length).toBeGreaterThan(0);
  expect(performance.now() - from).toBeLessThan(20_000);
});
