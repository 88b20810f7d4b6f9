import { expect, it } from 'vitest';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Selection, ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { reportOf } from '../test-library.ts';
import { indexOfRows } from './index-of-rows.ts';
import { ALL_IMAGES } from '../../all-images.ts';

const QUESTION: ViewQuestion = { ...ALL_IMAGES, sort: { by: 'date', descending: false } };
const view = (
  more: Partial<Extract<Selection, { kind: 'view' }>> = {},
  question: Partial<ViewQuestion> = {},
): Selection => ({
  kind: 'view',
  question: { ...QUESTION, ...question },
  ranges: 'all',
  except: [],
  also: [],
  until: Date.UTC(2030, 1),
  ...more,
});

it('resolves all images, ranges, exceptions and what is added, in the view’s order', async () => {
  const { core, library } = await indexOfRows(8);
  const ids = library.ids();
  const all = library.timelines();
  const resolve = (selection: Selection): number[] => [...core.answer('resolve', { selection })];
  expect(resolve(view())).toEqual(all);
  expect(resolve(view({}, { sort: { by: 'date', descending: true } }))).toEqual(all.toReversed());
  const range = { first: ids[4]!, last: ids[1]! };
  expect(resolve(view({ ranges: [range], except: [ids[2]!], also: [ids[7]!] }))).toEqual([
    all[1],
    all[3],
    all[4],
    all[7],
  ]);
  expect(resolve(view({ until: Math.floor(all[3]! / 1024) })).at(-1)).toBeLessThan(all.at(-1)!);
  expect(resolve({ kind: 'images', imageIds: [ids[3]!, ids[0]!] })).toEqual([all[0], all[3]]);
  expect(core.answer('selected', { selection: view(), limit: 2 })).toEqual(ids.slice(0, 2));
});

it('keeps a random order as long as its seed, and has each image once in it', async () => {
  const { core, library } = await indexOfRows(40);
  const all = library.timelines();
  const shuffled = (seed: number): number[] => [
    ...core.answer('resolve', { selection: view({}, { sort: { by: 'random', descending: true, seed } }) }),
  ];
  expect(shuffled(7)).not.toEqual(all);
  expect(shuffled(7)).not.toEqual(all.toReversed());
  expect(shuffled(7).toSorted((a, b) => a - b)).toEqual(all);
  expect(shuffled(7)).toEqual(shuffled(7));
  expect(shuffled(8)).not.toEqual(shuffled(7));
});

it('keeps a range by time when its end has left the view, and refuses where its place isn’t known', async () => {
  const { core, library } = await indexOfRows(8);
  const ids = library.ids();
  const all = library.timelines();
  library.db.prepare('UPDATE images SET deleted_at = 1 WHERE id = ?').run(ids[4]);
  const ranges = [{ first: ids[2]!, last: ids[4]! }];
  expect([...core.answer('resolve', { selection: view({ ranges }) })]).toEqual(all.slice(2, 4));
  const byRating = view({ ranges }, { sort: { by: 'rating', descending: true } });
  expect(await reportOf(() => core.answer('resolve', { selection: byRating }))).toMatchObject({ code: 'view-expired' });
  const gone = '01890000-0000-7000-8000-ffffffffffff' as ImageId;
  const selection = view({ ranges: [{ first: ids[0]!, last: gone }] });
  expect(await reportOf(() => core.answer('resolve', { selection }))).toMatchObject({ code: 'view-expired' });
  // A tag that is gone finds nothing, and isn't an error.
  expect([...core.answer('resolve', { selection: view({}, { query: 'tag:gone' }) })]).toEqual([]);
});

it('lets a stack stand for all of its images, under the cover that was chosen', async () => {
  const { core, library, reader, ask } = await indexOfRows(10);
  const jobs = reader.prepare<[], number>('SELECT count(DISTINCT job_id) FROM images').pluck().get();
  expect(ask('', { stacking: 'jobs' }).total).toBe(jobs);
  const selection = view({}, { stacking: 'jobs' });
  expect([...core.answer('resolve', { selection })].sort((a, b) => a - b)).toEqual(library.timelines());
  const sql = 'SELECT job_id FROM images GROUP BY job_id HAVING count(*) > 1 LIMIT 1';
  const job = reader.prepare<[], string>(sql).pluck().get()!;
  const members = reader
    .prepare<[string], ImageId>('SELECT id FROM images WHERE job_id = ? ORDER BY timeline')
    .pluck()
    .all(job);
  const cover = (): ImageId[] =>
    core
      .answer('rows', { viewId: ask('', { stacking: 'jobs' }).id, from: 0, count: 500 })
      .flatMap((row) => (row?.jobId === job ? [row.id] : []));
  expect(cover()).toEqual([members.at(-1)]);
  library.db.prepare('UPDATE images SET rating = 4 WHERE id = ?').run(members[0]);
  expect(cover()).toEqual([members[0]]);
  library.db.prepare('UPDATE images SET stack_cover = 1 WHERE id = ?').run(members.at(-1));
  expect(cover()).toEqual([members.at(-1)]);
  expect(ask(`job:${job}`, { stacking: 'jobs' }).total).toBe(members.length);
  const one = core.answer('resolve', {
    selection: view({ ranges: [{ first: members.at(-1)!, last: members.at(-1)! }] }, { stacking: 'jobs' }),
  });
  expect(one.length).toBe(members.length);
});

it('sums up what images have in common', async () => {
  const { core, library } = await indexOfRows(5);
  const [first, second] = library.timelines();
  const ids = library.ids().slice(0, 2);
  const selection: Selection = { kind: 'images', imageIds: ids };
  library.db.exec(
    `INSERT INTO image_tags VALUES (1, ${first}), (1, ${second}), (2, ${first}); UPDATE images SET note = 'same', rating = 2`,
  );
  library.db.prepare('UPDATE images SET favourite = 1, rating = 5, cost = 40000 WHERE timeline = ?').run(first);
  library.db.prepare('UPDATE images SET cost = NULL WHERE timeline = ?').run(second);
  const summary = core.answer('summarize', { selection });
  expect(summary).toMatchObject({ images: 2, ratings: [0, 0, 1, 0, 0, 1], favourites: 1, rejected: 0, note: 'same' });
  expect(summary.tags.map(({ images }) => images)).toEqual([2, 1]);
  expect(summary.cost).toEqual({ micros: 40_000, unknown: 1 });
  for (const [fact, column] of [
    ['model', 'g.model'],
    ['op', 'g.operation'],
    ['format', 'o.format'],
    ['size', "i.width || 'x' || i.height"],
  ] as const) {
    const sql = `SELECT ${column} FROM images i JOIN generations g ON g.id = i.generation_id JOIN originals o USING (sha256) WHERE i.timeline IN (?, ?) ORDER BY i.timeline`;
    const values = library.db.prepare(sql).pluck().all(first, second);
    expect(summary.facts[fact], fact).toEqual({ value: values[0], values: new Set(values).size });
  }
  library.db.prepare("UPDATE images SET note = 'other' WHERE timeline = ?").run(first);
  expect(core.answer('summarize', { selection }).note).toBeNull();
  library.db.exec('UPDATE images SET note = NULL');
  expect(core.answer('summarize', { selection }).note).toBe('');
});

it('keeps chosen values in a facet, lists 50 others, and says how many more there are', async () => {
  const { core, library, ask } = await indexOfRows(30);
  const tags = library.db.prepare('INSERT INTO tags (id, name, folded, created_at) VALUES (?, ?, ?, 1)');
  const timelines = library.timelines();
  library.db.transaction(() => {
    for (let tag = 0; tag < 10_000; tag += 1) {
      const { lastInsertRowid } = tags.run(
        `01890000-0000-7000-9000-${String(tag).padStart(12, '0')}`,
        `tag ${tag}`,
        `tag ${tag}`,
      );
      library.db
        .prepare('INSERT INTO image_tags VALUES (?, ?)')
        .run(lastInsertRowid, timelines[tag % timelines.length]);
    }
  })();
  const facet = (query: string): { values: { value: string; count: number }[]; more: number } =>
    core.answer('facets', { viewId: ask(query).id }).facets.find(({ field }) => field === 'tag')!;
  expect(facet('').values).toHaveLength(50);
  expect(facet('').more).toBe(9950);
  expect(facet('tag:"tag 9999"').values.map(({ value }) => value)).toContain('tag 9999');
  expect(facet('tag:gone').values).toContainEqual({ value: 'gone', label: 'gone', count: 0 });
  expect(ask('tag:"tag 9999"').total).toBe(1);
});

it('finds like images: the same look, near duplicates, and prompts of almost the same words', async () => {
  const { library, find, ask } = await indexOfRows(12, [
    'a red fox in the snow',
    'A red fox, in the snow!',
    'a red fox in deep snow',
    'harbour',
  ]);
  const [id] = library.ids();
  const [first, second, third, fourth] = library.timelines();
  expect(find(`prompt:${id}`)).toEqual([first, second, third]);
  const hash = Buffer.from('becFDwIdZmhch4dgaRmJd1iJ2CcFfWEB', 'base64');
  const set = library.db.prepare('UPDATE images SET thumbhash = ?, dhash = ? WHERE timeline = ?');
  library.db.exec('UPDATE images SET thumbhash = NULL, dhash = NULL');
  set.run(hash.toString('base64'), Buffer.alloc(8, 0xf0), first);
  hash[5] = hash[5]! ^ 3;
  set.run(hash.toString('base64'), Buffer.from([0xf1, 0xf1, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0]), second);
  set.run(Buffer.alloc(25).toString('base64'), Buffer.alloc(8, 0x0f), fourth);
  expect(find(`similar:${id}`, { sort: { by: 'likeness', descending: false } })).toEqual([first, second]);
  expect(find(`near:${id}`)).toEqual([first, second]);
  expect(ask('similar:01890000-0000-7000-8000-ffffffffffff').total).toBe(0);
  library.db.prepare('UPDATE images SET dhash = NULL WHERE timeline = ?').run(first);
  expect(find(`near:${id}`)).toEqual([first]);
});

it('asks a smart collection’s query, also one that names itself or a tag that is gone', async () => {
  const { library, find } = await indexOfRows(10);
  const [first] = library.timelines();
  const smart = library.db.prepare('UPDATE collections SET query = ? WHERE key = 2');
  library.db.prepare('UPDATE images SET rating = 5 WHERE timeline = ?').run(first);
  smart.run('rating:5');
  expect(find('in:"Red things"')).toEqual([first]);
  smart.run('tag:gone');
  expect(find('in:"Red things"')).toEqual([]);
  smart.run('in:"Red things"');
  expect(find('in:"Red things"')).toEqual([]);
});

it('has a view of a library that is all in the trash', async () => {
  const { library, ask, core } = await indexOfRows(6);
  library.db.exec('UPDATE images SET deleted_at = 1');
  expect(ask('')).toMatchObject({ total: 0, all: 0, buckets: [] });
  const trash = ask('', { place: 'trash' });
  expect(trash.total).toBe(library.timelines().length);
  expect(core.answer('facets', { viewId: ask('').id }).ranges.every(({ least }) => least === null)).toBe(true);
});

it('means in the trash what was moved there until then, however old the images are', async () => {
  const { core, library } = await indexOfRows(6);
  const ids = library.ids();
  const all = library.timelines();
  const move = library.db.prepare('UPDATE images SET deleted_at = ? WHERE id = ?');
  [0, 5].forEach((at) => move.run(1000, ids[at]));
  move.run(2000, ids[1]);
  const selection = view({ until: 1999 }, { place: 'trash' });
  expect([...core.answer('resolve', { selection })]).toEqual([all[0], all[5]]);
  expect(core.answer('summarize', { selection }).images).toBe(2);
});

it('means images of a clock that was ahead, in the library and in the trash, and not what came since', async () => {
  let now = 0;
  const { core, library } = await indexOfRows(6, [], () => now);
  const all = library.timelines();
  const timeOf = (at: number): number => Math.floor((all[at] ?? 0) / 1024);
  // The clock is set back to the time of the third image: those after the fourth were created while it was ahead.
  now = timeOf(3);
  const until = timeOf(2);
  const resolve = (selection: Selection): number[] => [...core.answer('resolve', { selection })];
  expect(resolve(view({ until }))).toEqual([...all.slice(0, 3), ...all.filter((_, at) => timeOf(at) > now)]);
  library.db.exec('UPDATE images SET deleted_at = created_at');
  const trash = view({ until }, { place: 'trash' });
  expect(resolve(trash)).toEqual([...all.slice(0, 3), ...all.filter((_, at) => timeOf(at) > now)]);
  expect(core.answer('summarize', { selection: trash }).images).toBe(resolve(trash).length);
});
