import { join } from 'node:path';
import { channel } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import type { StudioApi } from '../../electron/contract/api.ts';
import type { Edit } from '../../electron/contract/entities/changes.ts';
import type { ImageId } from '../../electron/contract/entities/ids.ts';
import type { View } from '../../electron/contract/entities/views.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { failThread } from '../library/failed-thread.ts';
import { changeId, insertImages } from '../library/order/order-fixtures.ts';
import { sharedDecoding } from '../library/shared-decoding.ts';
import { savedImage } from '../library/test-library.ts';
import { emptyFolder, openTestStudio, until, whenIndexed, type TestStudio } from './test-studio.ts';

/* What can go wrong with the index and with what it shows: gaps in its log, ends of its thread, images of odd sizes, thousands of tags. */

const INDEX_THREAD = 'image-index';

type Opened = TestStudio & { threads: Worker[]; path: string };

async function open(fill: (library: Library) => unknown): Promise<Opened> {
  const folder = await emptyFolder();
  const library = await openLibrary(join(folder, 'library'), { ...sharedDecoding, close: () => undefined });
  await fill(library);
  library.close();
  const threads: Worker[] = [];
  const note = (message: unknown): void => {
    const { worker } = message as { worker: Worker };
    if (worker.threadName === INDEX_THREAD) threads.push(worker);
  };
  const made = channel('worker_threads');
  made.subscribe(note);
  onTestFinished(() => {
    made.unsubscribe(note);
  });
  const test = await openTestStudio({ folder });
  await whenIndexed(test.api);
  return { ...test, threads, path: join(folder, 'library', 'library.db') };
}

const ask = (api: StudioApi, query: string): Promise<View> =>
  api.views.ask({
    question: { query, sort: { by: 'date', descending: false }, grouping: 'none', stacking: 'none', place: 'library' },
  });

/** Asks until the index is there again: it may be read anew. */
const total = (api: StudioApi, query: string): Promise<number | null> =>
  ask(api, query).then(
    (view) => view.total,
    (thrown: unknown) => {
      expect(thrown).toMatchObject({ code: 'index-loading' });
      return null;
    },
  );

const RATED = 'UPDATE images SET rating = 5 WHERE timeline IN (SELECT timeline FROM images LIMIT 3)';
it.each([
  ['all of its rows are gone', `${RATED}; DELETE FROM index_log`],
  ['only the newest is left', `${RATED}; DELETE FROM index_log WHERE revision < (SELECT max(revision) FROM index_log)`],
  [
    'only the first one is gone',
    `${RATED}; DELETE FROM index_log WHERE revision = (SELECT min(revision) FROM index_log)`,
  ],
  [
    'its counter has jumped ahead',
    `${RATED}; DELETE FROM index_log; UPDATE sqlite_sequence SET seq = seq + 1e9 WHERE name = 'index_log'`,
  ],
  [
    'its counter was set back',
    `${RATED}; DELETE FROM index_log; UPDATE sqlite_sequence SET seq = 0 WHERE name = 'index_log'`,
  ],
  ['its counter is gone', `${RATED}; DELETE FROM index_log; DELETE FROM sqlite_sequence WHERE name = 'index_log'`],
  [
    'images were deleted without it',
    `${RATED}; DELETE FROM images WHERE timeline = (SELECT max(timeline) FROM images); DELETE FROM index_log`,
  ],
  [
    'tags were given without it',
    `${RATED}; INSERT INTO tags (id, name, folded, created_at) VALUES ('${'0'.repeat(36)}', 'a', 'a', 1); INSERT INTO image_tags SELECT 1, timeline FROM images; DELETE FROM index_log`,
  ],
  ['nothing else has changed', `DELETE FROM index_log`],
  [
    'it names images and tags that aren’t there',
    `${RATED}; INSERT INTO index_log (timeline, part, key) VALUES (-1, 4, NULL), (77, 0, NULL), (77, 1, NULL), (77, 2, 99), (77, 3, 99)`,
  ],
  ['it has a part that isn’t one', `${RATED}; INSERT INTO index_log (timeline, part, key) VALUES (1024, 99, 1)`],
])('is right again after a gap in its log: %s', async (_name, sql) => {
  const { api, path } = await open((library) => insertImages(library.db, 8));
  const other = new Database(path);
  onTestFinished(() => {
    other.close();
  });
  other.transaction(() => other.exec(sql))();
  const count = (where: string): unknown => other.prepare(`SELECT count(*) FROM images WHERE ${where}`).pluck().get();
  const tagged = count('timeline IN (SELECT timeline FROM image_tags)');
  for (const [query, expected] of [
    ['', count('TRUE')],
    ['rating:5', count('rating = 5')],
    ['tag:a', tagged],
    ['has:tag', tagged],
  ] as const)
    await until(async () => (await total(api, query)) === expected);
  // And it hears of what comes next.
  const view = await ask(api, '');
  const [row] = await api.views.rows({ viewId: view.id, from: 0, count: 1 });
  const selection = { kind: 'images' as const, imageIds: [row?.id as ImageId] };
  await api.changes.apply({ id: changeId(), selection, edit: { kind: 'rate', rating: 2 } });
  expect(await total(api, 'rating:2')).toBe(1);
});

type Moment = (api: StudioApi) => Promise<unknown>;

it.each<[string, Moment]>([
  ['words are looked for', (api) => ask(api, 'lighthouse')],
  ['three questions wait', (api) => Promise.all([ask(api, 'a*'), ask(api, '-number'), ask(api, 'rating:0')])],
  ['facets are counted', async (api) => api.views.facets({ viewId: (await ask(api, '')).id })],
  ['rows are read', async (api) => api.views.rows({ viewId: (await ask(api, '')).id, from: 0, count: 200 })],
  ['a selection is summed up', (api) => api.views.summarize({ selection: all() })],
  ['all images are rated', (api) => edit(api, { kind: 'rate', rating: 3 })],
  ['all images are tagged', (api) => edit(api, { kind: 'tag', add: ['failed'], remove: [] })],
  ['tags are listed', (api) => api.tags.list({})],
  ['nothing is asked', () => Promise.resolve()],
])('goes on when its thread fails while %s, before and after it is asked', async (_name, moment) => {
  const { api, threads } = await open((library) => insertImages(library.db, 300));
  // A third end within seconds would make it wait ten of them.
  for (const isAskedFirst of [false, true]) {
    const before = threads.length;
    const asked = isAskedFirst ? moment(api) : null;
    void failThread(threads.at(-1)!);
    for (const outcome of await Promise.allSettled([asked ?? moment(api)]))
      if (outcome.status === 'rejected')
        expect(['index-loading', 'view-expired']).toContain((outcome.reason as { code: string }).code);
    await until(() => threads.length > before);
    await whenIndexed(api);
    expect(await total(api, '')).toBe(300);
  }
  // What was asked for is done as a whole or not at all.
  for (const query of ['rating:3', 'tag:failed'])
    await until(async () => [0, 300].includes((await total(api, query)) ?? -1));
});

const edit = (api: StudioApi, change: Edit): Promise<unknown> =>
  api.changes.apply({ id: changeId(), selection: all(), edit: change });

const all = () => ({
  kind: 'view' as const,
  question: {
    query: '',
    sort: { by: 'date' as const, descending: true },
    grouping: 'none' as const,
    stacking: 'none' as const,
    place: 'library' as const,
  },
  ranges: 'all' as const,
  except: [],
  also: [],
  until: Number.MAX_SAFE_INTEGER,
});

it('shows images of 1 × 16384 pixels and their kind: each has a thumbnail, a shape and its filters', async () => {
  const sizes = [
    ...[
      [1, 16_384],
      [16_384, 1],
      [2, 16_384],
      [16_384, 3],
      [1, 1],
      [1, 2],
      [1, 9000],
      [4096, 1],
      [1, 100],
      [7, 8191],
    ],
    ...[
      [16_383, 2],
      [3, 3],
    ],
  ] as [number, number][];
  const { api, studio } = await open(async (library) => {
    for (const [at, [width, height]] of sizes.entries()) {
      const bytes = await sharp({ create: { width, height, channels: 3, background: 'teal' } })
        .png()
        .toBuffer();
      await savedImage(library, { bytes, at: 1000 + at, prompt: `${width} by ${height}` });
    }
  });
  const view = await ask(api, '');
  const rows = await api.views.rows({ viewId: view.id, from: 0, count: 50 });
  expect(rows.map((row) => [row?.width, row?.height])).toEqual(sizes);
  const shape = await studio.serveViewShape(new Request(`http://studio/index/${view.id}/shape`));
  expect(new Uint16Array(await shape.arrayBuffer()).every((ratio) => ratio > 0)).toBe(true);
  for (const [at, [width, height]] of sizes.entries()) {
    const id = rows[at]?.id as ImageId;
    await until(async () => (await api.library.image({ imageId: id })).thumbhash !== null);
    expect((await api.library.image({ imageId: id })).flaw).toBeUndefined();
    const found = await ask(api, `size:${width}x${height} width:${width} height:${height}`);
    expect(found.total, `${width} × ${height}`).toBe(1);
  }
});

it('counts, lists, finds, renames and removes among 10,000 tags', async () => {
  const { api } = await open((library) => {
    insertImages(library.db, 50);
    const insert = library.db.prepare(
      'INSERT INTO tags (key, id, parent, name, folded, created_at) VALUES (?, ?, ?, ?, ?, 1)',
    );
    library.db.transaction(() => {
      for (let key = 1; key <= 10_000; key += 1)
        insert.run(
          key,
          `00000000-0000-7000-8000-${String(key).padStart(12, '0')}`,
          key > 100 ? (key % 100) + 1 : null,
          `tag ${key}`,
          `tag ${key}`,
        );
      library.db.exec(
        'INSERT INTO image_tags SELECT t.key, i.timeline FROM tags t JOIN images i ON i.created_at = t.key % 50 + 1',
      );
    })();
  });
  const tags = await api.tags.list({});
  expect(tags).toHaveLength(10_000);
  expect(await total(api, 'tag:"tag 2"')).toBeGreaterThan(0);
  expect(await total(api, 'tag:"tag 2/tag 101"')).toBe(1);
  expect(
    await total(
      api,
      `tag:${tags
        .slice(0, 300)
        .map(({ path }) => `"${path}"`)
        .join(',')}`,
    ),
  ).toBeGreaterThan(0);
  expect(await total(api, '"tag 9999"')).toBe(1);
  const { facets } = await api.views.facets({ viewId: (await ask(api, '')).id });
  expect(facets.find(({ field }) => field === 'tag')?.values.length).toBeGreaterThan(10);
  const [first] = tags;
  if (!first) throw new Error('No tag.');
  const renamed = await api.tags.rename({ id: changeId(), tagId: first.id, name: 'first' });
  expect(await total(api, 'tag:first')).toBe(first.images);
  await api.changes.undo({ id: renamed.id });
  const removed = await api.tags.remove({ id: changeId(), tagId: first.id });
  expect((await api.tags.list({})).length).toBeLessThan(10_000);
  await api.changes.undo({ id: removed.id });
  expect(await api.tags.list({})).toEqual(tags);
});
