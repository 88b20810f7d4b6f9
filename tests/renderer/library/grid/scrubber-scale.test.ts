import { expect, test } from 'vitest';
import { monthAt, monthOfPosition, monthsOf, scrubberMarks } from '../../../../renderer/library/grid/scrubber-scale.ts';

/** A day in each of `count` months before 2026-12, with more images in later ones. */
function days(count: number) {
  let first = 0;
  return Array.from({ length: count }, (_, index) => {
    const month = new Date(2026, 11 - index, 1);
    const key = `${month.getFullYear()}-${String(month.getMonth() + 1).padStart(2, '0')}-14`;
    const bucket = { key, first, count: 1 + 400 * (count - index), cost: null };
    first += bucket.count;
    return bucket;
  });
}

test('days become months, each with a place of its own, one image too', () => {
  const months = monthsOf([
    { key: '2026-03-14', first: 0, count: 90_000, cost: null },
    { key: '2026-03-02', first: 90_000, count: 1, cost: null },
    { key: '2026-01-31', first: 90_001, count: 1, cost: null },
  ]);
  expect(months.map(({ key, first, count }) => [key, first, count])).toEqual([
    ['2026-03', 0, 90_001],
    ['2026-01', 90_001, 1],
  ]);
  expect(months.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(months[1]?.share).toBeGreaterThan(0.1);
});

test('places and months belong together', () => {
  const months = monthsOf(days(70));
  for (const [index, { at, share, first, count }] of months.entries()) {
    expect(monthAt(months, at + share / 2)).toBe(index);
    expect(monthOfPosition(months, first + count - 1)).toBe(index);
  }
  expect([monthAt(months, 0), monthAt(months, 1), monthAt([], 0.5)]).toEqual([0, 69, -1]);
});

test('years are labelled where there is room, and marks never crowd', () => {
  const months = monthsOf(days(200));
  for (const height of [120, 400, 900]) {
    const marks = scrubberMarks(months, height);
    const labels = marks.filter(({ label }) => label !== null).map(({ y }) => y);
    labels.slice(1).forEach((y, index) => expect(y - (labels[index] ?? 0)).toBeGreaterThanOrEqual(20));
    marks.slice(1).forEach(({ y }, index) => expect(y - (marks[index]?.y ?? 0)).toBeGreaterThanOrEqual(5));
    expect(labels.length).toBeGreaterThan(2);
  }
});

test('an order without dates has no months', () => {
  expect(monthsOf([{ key: '', first: 0, count: 10, cost: null }])).toEqual([]);
  expect(monthsOf([])).toEqual([]);
});
