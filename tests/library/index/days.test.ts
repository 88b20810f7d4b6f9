import { expect, it, onTestFinished } from 'vitest';
import { IndexCore } from '../../../electron/library/index/index-core.ts';
import { dayKey, localDays } from '../../../electron/library/index/local-days.ts';
import { readStoredIndex, storeIndex } from '../../../electron/library/index/stored-index.ts';
import { emptyFolder } from '../test-library.ts';
import { indexOfRows, loadIndex } from './index-of-rows.ts';
import { Random, type RandomLibrary } from './random-library.ts';

/** Half hours, quarters, summer times of half an hour and of two hours, a day that was left out, and both ends of the world. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
];

function useZone(zone: string): void {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  onTestFinished(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });
}

it.each(ZONES)('a day is that of the calendar in %s, over every change of the clocks', (zone) => {
  useZone(zone);
  const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  const dayOf = localDays();
  const random = new Random(7);
  const times = Array.from({ length: 400 }, () => Date.UTC(2008, 0, 1) + random.below(22 * 365 * 1440) * 60_000);
  // Each hour around the changes of 2026, and around the day that Samoa left out.
  for (const middle of [Date.UTC(2026, 2, 29), Date.UTC(2026, 9, 25), Date.UTC(2026, 3, 5), Date.UTC(2011, 11, 30)])
    for (let half = -80; half < 80; half += 1) times.push(middle + half * 1_800_000 - 1, middle + half * 1_800_000);
  for (const time of times)
    expect(dayKey(dayOf(time * 1024)), new Date(time).toISOString()).toBe(calendar.format(time));
});

it('days have 23 and 25 hours when the clocks change, and searches find all of each', async () => {
  useZone('Europe/Berlin');
  const at = [
    '2026-03-28T22:59:59.999Z',
    '2026-03-28T23:00:00Z',
    '2026-03-29T01:00:00Z',
    '2026-03-29T21:59:59.999Z',
    '2026-03-29T22:00:00Z',
    '2026-10-24T22:00:00Z',
    '2026-10-25T00:30:00Z',
    '2026-10-25T01:30:00Z',
    '2026-10-25T22:59:59.999Z',
    '2026-10-25T23:00:00Z',
  ].map((time) => Date.parse(time) * 1024);
  const { ask, find } = await indexOfRows(12, [], undefined, (library) => moveTo(library, at));
  expect(find('date:2026-03-28')).toEqual(at.slice(0, 1));
  expect(find('date:2026-03-29')).toEqual(at.slice(1, 4));
  expect(find('date:2026-10-25')).toEqual(at.slice(5, 9));
  expect(find('date:>2026-10-25')).toEqual(at.slice(9));
  expect(ask('', { grouping: 'day' }).buckets.map(({ key, count }) => [key, count])).toEqual([
    ['2026-03-28', 1],
    ['2026-03-29', 3],
    ['2026-03-30', 1],
    ['2026-10-25', 4],
    ['2026-10-26', 1],
  ]);
  expect(ask('', { grouping: 'month' }).buckets.map(({ key, count }) => [key, count])).toEqual([
    ['2026-03', 5],
    ['2026-10', 5],
  ]);
});

/** Gives images other times, and moves the rest to the trash. */
function moveTo(library: RandomLibrary, at: readonly number[]): void {
  const { db } = library;
  const move = db.prepare('UPDATE images SET timeline = ?, created_at = ? WHERE timeline = ?');
  db.exec('UPDATE images SET deleted_at = 1');
  const all = library.timelines();
  for (const [index, timeline] of at.entries()) move.run(timeline, Math.floor(timeline / 1024), all[index]);
  for (const timeline of at) db.prepare('UPDATE images SET deleted_at = NULL WHERE timeline = ?').run(timeline);
}

it('an index that was stored in one time zone has the days of the other one after a move', async () => {
  useZone('Pacific/Kiritimati');
  const { core, reader } = await indexOfRows(30);
  const folder = await emptyFolder();
  storeIndex(folder, reader, core.data);
  const months = (one: IndexCore): unknown => {
    const sort = { by: 'date', descending: true } as const;
    const question = { query: '', sort, grouping: 'day', stacking: 'none', place: 'library' } as const;
    return one.answer('ask', { question }).buckets;
  };
  const there = months(core);
  process.env['TZ'] = 'Pacific/Pago_Pago';
  const stored = readStoredIndex(folder, reader);
  if (!stored) throw new Error('No stored index.');
  const [again, anew] = [stored, loadIndex(reader)].map(
    (data) => new IndexCore(reader, data, { prefix: 'b', now: () => Date.UTC(2026, 7, 1, 12) }),
  ) as [IndexCore, IndexCore];
  expect(months(again)).toEqual(months(anew));
  expect(months(again)).not.toEqual(there);
});

it('words for days mean another day after midnight, also where nothing else has changed', async () => {
  useZone('Europe/Berlin');
  let now = Date.UTC(2028, 1, 28, 22, 59);
  const times = [Date.UTC(2028, 1, 28, 12) * 1024, Date.UTC(2028, 1, 28, 23, 30) * 1024] as const;
  const { find } = await indexOfRows(
    4,
    [],
    () => now,
    (library) => moveTo(library, times),
  );
  expect(find('date:today')).toEqual([times[0]]);
  expect(find('date:this-month')).toEqual([...times]);
  now += 60_000;
  // 29 February 2028.
  expect(find('date:today')).toEqual([times[1]]);
  expect(find('date:yesterday')).toEqual([times[0]]);
  now += 86_400_000;
  expect(find('date:yesterday')).toEqual([times[1]]);
  expect(find('date:this-month')).toEqual([]);
  expect(find('date:last-month')).toEqual([...times]);
});
