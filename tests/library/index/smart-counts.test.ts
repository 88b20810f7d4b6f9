import { v7 as uuid } from 'uuid';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { CollectionId } from '../../../electron/contract/entities/ids.ts';
import { StudioError } from '../../../electron/contract/errors/errors.ts';
import type { SmartCounts } from '../../../electron/library/index/smart-counts.ts';
import { SmartTotals } from '../../../electron/library/index/smart-totals.ts';
import { indexOfRows, type IndexOfRows } from './index-of-rows.ts';
import { plainAnswer } from './plain-sql.ts';

const QUERIES = ['rating:>=3', '-is:favourite model:gpt-image-1', 'fox', 'has:note', 'date:2026-05..2026-07', ''];

function addSmart({ library: { db } }: IndexOfRows, name: string, query: string): CollectionId {
  const id = uuid() as CollectionId;
  db.prepare('INSERT INTO collections (id, name, position, query, created_at) VALUES (?, ?, 1, ?, 1)').run(
    id,
    name,
    query,
  );
  return id;
}

const asked = (query: string) =>
  ({ query, sort: { by: 'date', descending: true }, grouping: 'none', stacking: 'none', place: 'library' }) as const;

/** As the host asks: until all are counted. */
function countAll({ core }: IndexOfRows): Map<CollectionId, number> {
  for (;;) {
    const { counts, isComplete } = core.answer('smartCounts', {});
    if (isComplete) return new Map(counts.map(({ id, images }) => [id, images]));
  }
}

it('counts what plain SQL counts, after any edits', async () => {
  const index = await indexOfRows(60);
  const ids = QUERIES.map((query, at) => addSmart(index, `Smart ${at}`, query));
  for (let round = 0; round < 5; round += 1) {
    const counts = countAll(index);
    const expected = QUERIES.map((query) => plainAnswer(index.reader, asked(query)).length);
    expect(ids.map((id) => counts.get(id))).toEqual(expected);
    expect(counts.size).toBe(ids.length);
    index.library.db.transaction(() => {
      for (let edit = 0; edit < 20; edit += 1) index.library.edit();
    })();
  }
});

it('counts a query that was changed, and forgets what was removed', async () => {
  const index = await indexOfRows(20);
  const { db } = index.library;
  const [first, second] = [addSmart(index, 'One', 'rating:5'), addSmart(index, 'Two', 'rating:0')];
  expect([...countAll(index).keys()].sort()).toEqual([first, second].sort());
  db.prepare('UPDATE collections SET query = ? WHERE id = ?').run('rating:>=0', first);
  db.prepare('DELETE FROM collections WHERE id = ?').run(second);
  expect(countAll(index)).toEqual(new Map([[first, plainAnswer(index.reader, asked('rating:>=0')).length]]));
});

it('counts a circle of collections as nothing, and many of them some at a time', async () => {
  const index = await indexOfRows(20);
  const circle = addSmart(index, 'Circle', 'in:Circle');
  for (let number = 0; number < 40; number += 1)
    addSmart(index, `Rated ${number}`, `rating:>=${number % 6} width:>${number}`);
  let clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (clock += 4));
  onTestFinished(() => void vi.restoreAllMocks());
  const first = index.core.answer('smartCounts', {});
  expect(first.isComplete).toBe(false);
  expect(first.counts.length).toBeGreaterThan(0);
  expect(first.counts.length).toBeLessThan(10);
  expect(countAll(index).size).toBe(41);
  expect(countAll(index).get(circle)).toBe(0);
});

it('facets count smart collections too, and those above them, without counting an image twice', async () => {
  const index = await indexOfRows(40);
  // There is time for all of them.
  vi.spyOn(performance, 'now').mockReturnValue(0);
  onTestFinished(() => void vi.restoreAllMocks());
  const { db } = index.library;
  db.transaction(() => {
    for (let edit = 0; edit < 200; edit += 1) index.library.edit();
  })();
  db.exec('UPDATE images SET rating = timeline % 6');
  addSmart(index, 'Rated well', 'rating:>=3');
  const parent = db
    .prepare<[], { key: number; name: string }>('SELECT key, name FROM collections WHERE query IS NULL')
    .get()!;
  db.prepare('UPDATE collections SET parent = ? WHERE name = ?').run(parent.key, 'Rated well');
  const facetOf = (query: string): Map<string, number> => {
    const { facets } = index.core.answer('facets', { viewId: index.ask(query).id });
    return new Map(facets.find(({ field }) => field === 'in')!.values.map(({ value, count }) => [value, count]));
  };
  for (const query of ['', 'op:create', 'in:"Rated well" op:create']) {
    const counts = facetOf(query);
    const others = query.replace('in:"Rated well" ', '');
    for (const name of ['Rated well', parent.name])
      expect(counts.get(name) ?? 0, `${name} ${query}`).toBe(index.find(`${others} in:"${name}"`.trim()).length);
    expect(counts.get('Rated well')).toBeGreaterThan(0);
  }
});

/** A clock whose timers run when it is told to. */
function dayClock(start: number) {
  let now = start;
  let timers: { at: number; act: () => void }[] = [];
  return {
    now: () => now,
    after(ms: number, act: () => void) {
      const timer = { at: now + ms, act };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
    moveTo(time: number) {
      now = time;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { act } of due) act();
    },
  };
}
const NOON = new Date(2026, 2, 28, 12).getTime();

it('smart collections are counted again when a day begins, without a change', async () => {
  const clock = dayClock(NOON);
  const id = uuid() as CollectionId;
  let images = 4;
  const changed = vi.fn();
  const ask = (): Promise<never> => Promise.resolve({ counts: [{ id, images }], isComplete: true } as never);
  const totals = new SmartTotals({ index: { ask }, clock, changed, failed: vi.fn() });
  onTestFinished(() => totals.close());
  totals.update();
  await expect.poll(() => totals.images(id)).toBe(4);
  images = 0;
  for (let minutes = 5; minutes < 720; minutes += 5) clock.moveTo(NOON + minutes * 60_000);
  expect(changed).toHaveBeenCalledTimes(1);
  clock.moveTo(new Date(2026, 2, 29).getTime());
  await expect.poll(() => totals.images(id)).toBe(0);
  expect(changed).toHaveBeenCalledTimes(2);
});

it('the host asks until all are counted, announces what is new, and waits where the index is being loaded', async () => {
  const id = uuid() as CollectionId;
  const answers: (SmartCounts | Error)[] = [
    new StudioError({ code: 'index-loading', message: 'Not yet.' }),
    { counts: [], isComplete: false },
    { counts: [{ id, images: 3 }], isComplete: true },
    { counts: [{ id, images: 3 }], isComplete: true },
  ];
  const asks: number[] = [];
  const changed = vi.fn();
  const failed = vi.fn();
  const ask = (): Promise<never> => {
    const answer = answers.shift()!;
    asks.push(answers.length);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as never);
  };
  const totals = new SmartTotals({ index: { ask }, clock: dayClock(NOON), changed, failed });
  expect(totals.images(id)).toBeNull();
  totals.update();
  await expect.poll(() => asks).toEqual([3]);
  totals.update();
  await expect.poll(() => asks).toEqual([3, 2, 1]);
  await expect.poll(() => totals.images(id)).toBe(3);
  expect(changed).toHaveBeenCalledTimes(1);
  totals.update();
  totals.update();
  await expect.poll(() => asks).toEqual([3, 2, 1, 0]);
  expect(changed).toHaveBeenCalledTimes(1);
  expect(failed).not.toHaveBeenCalled();
  totals.close();
});
