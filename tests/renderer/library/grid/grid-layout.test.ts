import { expect, test } from 'vitest';
import fc from '../../../fast-check.ts';
import type { Bucket } from '../../../../electron/contract/entities/views.ts';
import {
  cellRect,
  nearestInRow,
  positionAt,
  positionsIn,
  rowAt,
  rowEdges,
  rowHeight,
  rowOf,
} from '../../../../renderer/library/grid/grid-geometry.ts';
import { layoutGrid, type GridOptions } from '../../../../renderer/library/grid/grid-layout.ts';

const OPTIONS: GridOptions = { width: 1000, rowHeight: 150, gap: 4, headingHeight: 32, groupGap: 16 };
const ratio = fc.oneof(fc.constantFrom(1, 65_535, 6144, 4096, 2731), fc.integer({ min: 1, max: 65_535 }));
const ratios = fc.array(ratio, { minLength: 1, maxLength: 150 }).map((all) => Uint16Array.from(all));
const settings = fc.record({
  width: fc.integer({ min: 280, max: 3800 }),
  rowHeight: fc.integer({ min: 72, max: 320 }),
});

/** Buckets of `size` images each. */
function bucketsOf(total: number, size: number): Bucket[] {
  if (size === 0) return [];
  return Array.from({ length: Math.ceil(total / size) }, (_, index) => ({
    key: `2026-${index}`,
    first: index * size,
    count: Math.min(size, total - index * size),
    cost: null,
  }));
}

test('every image is there once, in order, within the width, in rows of sane heights', () => {
  fc.assert(
    fc.property(ratios, fc.integer({ min: 0, max: 40 }), settings, (given, size, { width, rowHeight: target }) => {
      const layout = layoutGrid(given, bucketsOf(given.length, size), { ...OPTIONS, width, rowHeight: target });
      let next = 0;
      let bottom = 0;
      for (let row = 0; row < layout.rows; row += 1) {
        const edges = rowEdges(layout, row);
        expect(layout.starts[row]).toBe(next);
        expect(layout.tops[row]).toBeGreaterThanOrEqual(bottom);
        expect(edges.length).toBeGreaterThan(1);
        expect((edges.at(-1) ?? 0) - OPTIONS.gap).toBeLessThanOrEqual(width + 1);
        edges.reduce((left, right) => (expect(right - left).toBeGreaterThan(OPTIONS.gap), right));
        expect(rowHeight(layout, row)).toBeLessThanOrEqual(Math.ceil(target * 1.33));
        expect(rowHeight(layout, row)).toBeGreaterThanOrEqual(Math.floor(width / (width / target + 5.5)));
        next += edges.length - 1;
        bottom = (layout.tops[row] ?? 0) + rowHeight(layout, row);
      }
      expect(next).toBe(given.length);
      expect(layout.height).toBe(bottom);
    }),
    { numRuns: 60 },
  );
});

test('full rows reach the right edge; the last row of a group isn’t stretched', () => {
  fc.assert(
    fc.property(ratios, fc.integer({ min: 5, max: 40 }), settings, (given, size, { width, rowHeight: target }) => {
      const layout = layoutGrid(given, bucketsOf(given.length, size), { ...OPTIONS, width, rowHeight: target });
      const lasts = new Set(layout.groups.map(({ first, count }) => rowOf(layout, first + count - 1)));
      for (let row = 0; row < layout.rows; row += 1) {
        const right = (rowEdges(layout, row).at(-1) ?? 0) - OPTIONS.gap;
        if (lasts.has(row)) expect(rowHeight(layout, row)).toBeLessThanOrEqual(target);
        else expect(Math.abs(right - width)).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 60 },
  );
});

test('images and places belong together', () => {
  fc.assert(
    fc.property(ratios, fc.integer({ min: 0, max: 40 }), fc.nat(), (given, size, seed) => {
      const layout = layoutGrid(given, bucketsOf(given.length, size), OPTIONS);
      const position = seed % given.length;
      const { left, top, right, bottom } = cellRect(layout, position);
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      expect(positionAt(layout, x, y)).toBe(position);
      expect(nearestInRow(layout, rowAt(layout, y), x)).toBe(position);
      expect(positionsIn(layout, { left: x, top: y, right: x, bottom: y })).toEqual([{ from: position, to: position }]);
    }),
  );
});

test('a rectangle over everything has every image, in one span', () => {
  const layout = layoutGrid(new Uint16Array(500).fill(6144), bucketsOf(500, 70), OPTIONS);
  expect(positionsIn(layout, { left: -10, top: -10, right: 5000, bottom: 1e9 })).toEqual([{ from: 0, to: 499 }]);
  expect(positionsIn(layout, { left: 0, top: 0, right: 1000, bottom: 20 })).toEqual([]);
  expect(positionAt(layout, 2000, 60)).toBeNull();
});

test('1 × 16384 and 16384 × 1 have cells that can be seen and hit', () => {
  const layout = layoutGrid(Uint16Array.from([1, 65_535, 0, 4096]), [], { ...OPTIONS, rowHeight: 72 });
  for (let position = 0; position < 4; position += 1) {
    const { left, right, top, bottom } = cellRect(layout, position);
    expect(right - left).toBeGreaterThanOrEqual(25);
    expect(right - left).toBeLessThanOrEqual(330);
    expect(bottom - top).toBe(72);
  }
});

test('a million images in days are laid out within a frame or two', () => {
  const million = Uint16Array.from({ length: 1_000_000 }, (_, index) => [6144, 4096, 2731, 7281][index % 4] ?? 4096);
  const buckets = bucketsOf(1_000_000, 700);
  layoutGrid(million.subarray(0, 100_000), [], OPTIONS);
  const times = Array.from({ length: 3 }, () => {
    const began = performance.now();
    layoutGrid(million, buckets, OPTIONS);
    return performance.now() - began;
  });
  console.log(`layout of 1,000,000: ${times.map((time) => time.toFixed(1)).join(', ')} ms`);
  const layout = layoutGrid(million, buckets, OPTIONS);
  expect(layout.starts[layout.rows]).toBe(1_000_000);
  expect(rowOf(layout, 999_999)).toBe(layout.rows - 1);
});
