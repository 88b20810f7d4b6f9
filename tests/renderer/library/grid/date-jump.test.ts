import { expect, test } from 'vitest';
import { dateKey, positionOfDate } from '../../../../renderer/library/grid/date-jump.ts';

const YEARS = ['2026', '2025', '2023'];

test.each([
  ['2026-03', '2026-03'],
  ['j2026-03', '2026-03'],
  ['j 2026/3', '2026-03'],
  ['2025', '2025'],
  ['2026-03-4', '2026-03-04'],
  ['mar 2025', '2025-03'],
  ['March', '2026-03'],
  ['jan', '2026-01'],
  ['jjune 2023', '2023-06'],
  ['jfeb 2023', '2023-02'],
  ['3.2026', '2026-03'],
])('“%s” means %s', (typed, key) => {
  expect(dateKey(typed, YEARS)).toBe(key);
});

test.each(['', 'j', 'ma', '20', '202', 'nothing', '13'])('“%s” isn’t a date yet', (typed) => {
  expect(dateKey(typed, YEARS)).toBeNull();
});

test('a date without images leads to the next older ones, or newer in the other order', () => {
  const newest = [
    { key: '2026-11-30', first: 0 },
    { key: '2026-03-02', first: 40 },
    { key: '2025-12-24', first: 90 },
  ];
  expect(positionOfDate(newest, '2026-11')).toBe(0);
  expect(positionOfDate(newest, '2026-03')).toBe(40);
  expect(positionOfDate(newest, '2026-01')).toBe(90);
  expect(positionOfDate(newest, '2020')).toBe(90);
  const oldest = [
    { key: '2025-12', first: 0 },
    { key: '2026-03', first: 10 },
  ];
  expect(positionOfDate(oldest, '2026-01')).toBe(10);
  expect(positionOfDate([], '2026-01')).toBeNull();
});
