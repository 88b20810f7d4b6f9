import fc from '../../../fast-check.ts';
import { expect, test } from 'vitest';
import {
  layoutJustified,
  adjacentTile,
  rowsInRange,
  type JustifiedLayout,
  type JustifiedOptions,
  type Tile,
} from '../../../../renderer/shared/layout/justified-layout.ts';

const options: JustifiedOptions = { width: 1000, rowHeight: 150, gap: 4, headingHeight: 32, groupGap: 8 };
const ratio = fc.oneof(fc.constantFrom(1.5, 1, 2 / 3, 16 / 9, 9 / 16), fc.double({ min: 0.34, max: 3, noNaN: true }));
const tilesOf = (groups: readonly string[], ratios: readonly number[]): Tile[] =>
  ratios.map((value, index) => ({
    ratio: value,
    group: groups[Math.floor((index * groups.length) / ratios.length)] ?? '',
  }));
const tiles = fc
  .tuple(
    fc.constantFrom([''], ['Today'], ['Today', 'Yesterday', 'Friday']),
    fc.array(ratio, { minLength: 1, maxLength: 120 }),
  )
  .map(([groups, ratios]) => tilesOf(groups, ratios));
const settings = fc.record({
  width: fc.integer({ min: 300, max: 2400 }),
  rowHeight: fc.integer({ min: 60, max: 320 }),
});

test('tiles are in order, don’t overlap and stay within the width', () => {
  fc.assert(
    fc.property(tiles, settings, (given, { width, rowHeight }) => {
      const { rows, height } = layoutJustified(given, { ...options, width, rowHeight });
      let next = 0;
      let bottom = -options.gap;
      for (const row of rows) {
        expect(row.start).toBe(next);
        expect(row.end).toBeGreaterThan(row.start);
        expect(row.top).toBeGreaterThanOrEqual(bottom + options.gap);
        expect(row.edges).toHaveLength(row.end - row.start + 1);
        row.edges.reduce((left, right) => (expect(right).toBeGreaterThan(left), right));
        expect(row.edges.at(-1)).toBeLessThanOrEqual(width + 1);
        next = row.end;
        bottom = row.top + row.height;
      }
      expect(next).toBe(given.length);
      expect(height).toBe(bottom);
    }),
  );
});

test('full rows reach the right edge near the target height', () => {
  fc.assert(
    fc.property(tiles, settings, (given, { width, rowHeight }) => {
      const { rows, groups } = layoutJustified(given, { ...options, width, rowHeight });
      for (const row of rows) {
        expect(row.height).toBeLessThanOrEqual(Math.ceil(rowHeight * 1.33));
        if (row.end !== groups[row.group]?.end)
          expect(Math.abs((row.edges.at(-1) ?? 0) - width)).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('appended tiles change only the last row', () => {
  fc.assert(
    fc.property(tiles, fc.array(ratio, { minLength: 1, maxLength: 40 }), (before, added) => {
      const group = before.at(-1)?.group ?? '';
      const first = layoutJustified(before, options).rows;
      const then = layoutJustified([...before, ...added.map((value) => ({ ratio: value, group }))], options).rows;
      expect(then.slice(0, first.length - 1)).toEqual(first.slice(0, -1));
      expect(then[first.length - 1]?.top).toBe(first.at(-1)?.top);
    }),
  );
});

test('consecutive tiles of a group share a heading, and a new group begins a row', () => {
  const { groups, rows } = layoutJustified(tilesOf(['Today', 'Yesterday'], Array<number>(14).fill(1.5)), options);
  expect(groups.map(({ name, start, end }) => [name, start, end])).toEqual([
    ['Today', 0, 7],
    ['Yesterday', 7, 14],
  ]);
  const first = rows.find((row) => row.group === 1);
  expect(first?.start).toBe(7);
  expect(first?.top).toBe((groups[1]?.top ?? 0) + options.headingHeight);
});

test('an invalid ratio does not break the layout', () => {
  const { rows } = layoutJustified(
    [Number.NaN, 0, -1, Infinity].map((value) => ({ ratio: value, group: '' })),
    options,
  );
  expect(rows.flatMap((row) => row.edges).every(Number.isFinite)).toBe(true);
});

test('the rows in a range are exactly those that overlap it', () => {
  fc.assert(
    fc.property(tiles, fc.integer({ min: -500, max: 6000 }), fc.integer({ min: 0, max: 2000 }), (given, top, tall) => {
      const { rows } = layoutJustified(given, options);
      const { start, end } = rowsInRange(rows, top, top + tall);
      const touching = rows.filter((row) => row.top + row.height >= top && row.top <= top + tall);
      expect(rows.slice(start, end)).toEqual(touching);
    }),
  );
});

test('arrow keys go to the next tile and to the nearest one above and below', () => {
  const layout: JustifiedLayout = layoutJustified(tilesOf([''], Array<number>(13).fill(1.5)), options);
  const perRow = layout.rows[0]?.end ?? 0;
  expect(adjacentTile(layout, 1, 'ArrowRight')).toBe(2);
  expect(adjacentTile(layout, 0, 'ArrowLeft')).toBe(0);
  expect(adjacentTile(layout, 12, 'ArrowRight')).toBe(12);
  expect(adjacentTile(layout, 1, 'ArrowDown')).toBe(1 + perRow);
  expect(adjacentTile(layout, 1 + perRow, 'ArrowUp')).toBe(1);
  expect(adjacentTile(layout, 1, 'ArrowUp')).toBe(1);
});
