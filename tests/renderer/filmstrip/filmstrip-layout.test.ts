import { expect, test } from 'vitest';
import fc from '../../fast-check.ts';
import {
  moveStrip,
  STRIP,
  stripTiles,
  tileWidth,
  type StripView,
} from '../../../renderer/filmstrip/filmstrip-layout.ts';

const view = (change: Partial<StripView> = {}): StripView => ({
  anchor: 500_000,
  offset: 0,
  width: 1000,
  total: 1_000_000,
  ratioAt: () => 4096,
  ...change,
});

test('draws only the tiles around the open one, at any position of a million', () => {
  for (const anchor of [0, 3, 500_000, 999_999]) {
    const tiles = stripTiles(view({ anchor }));
    expect(tiles.length).toBeLessThan(40);
    const own = tiles.find(({ position }) => position === anchor);
    expect(own && own.left + own.width / 2).toBe(500);
  }
  expect(stripTiles(view({ total: 0, anchor: 0 }))).toEqual([]);
});

test('extreme ratios keep a usable width', () => {
  expect([tileWidth(1), tileWidth(4096), tileWidth(65_535)]).toEqual([STRIP.least, STRIP.tile, STRIP.most]);
});

test('tiles never overlap, and moving the strip moves what is drawn by as much, up to its ends', () => {
  const ratios = fc.array(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(ratios, fc.nat(), fc.integer({ min: -600, max: 600 }), (all, pick, by) => {
      const total = all.length;
      const before = view({ total, anchor: pick % total, ratioAt: (position) => all[position] ?? 4096 });
      const tiles = stripTiles(before);
      for (const [index, { left }] of tiles.slice(1).entries()) {
        const last = tiles[index];
        expect(left).toBe((last?.left ?? 0) + (last?.width ?? 0) + STRIP.gap);
      }
      const moved = { ...before, ...moveStrip(before, by) };
      expect(moved.anchor).toBeGreaterThanOrEqual(0);
      expect(moved.anchor).toBeLessThan(total);
      // At the first and the last image the strip stops with that in the middle.
      if (moved.offset === 0) return;
      const at = (shown: StripView) => stripTiles(shown).find(({ position }) => position === before.anchor)?.left;
      const [from, to] = [at(before), at(moved)];
      if (from !== undefined && to !== undefined) expect(to - from).toBeCloseTo(by);
    }),
    { numRuns: 200 },
  );
});
