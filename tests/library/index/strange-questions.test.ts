import { describe, expect, it } from 'vitest';
import { printFilter } from '../../../electron/contract/query/print-query.ts';
import type { Selection } from '../../../electron/contract/entities/views.ts';
import { StudioError } from '../../../electron/contract/errors/errors.ts';
import { IndexCore } from '../../../electron/library/index/index-core.ts';
import { planCollection } from '../../../electron/library/order/collection-changes.ts';
import { listCollections } from '../../../electron/library/order/read-collections.ts';
import { listTags } from '../../../electron/library/order/read-tags.ts';
import { changeId, openOrder } from '../order/order-fixtures.ts';
import { indexOfRows, loadIndex, type IndexOfRows } from './index-of-rows.ts';

describe('smart collections', () => {
  const smart = async (...queries: string[]): Promise<IndexOfRows> => {
    const rows = await indexOfRows(10);
    const insert = rows.library.db.prepare(
      'INSERT INTO collections (id, name, position, query, created_at) VALUES (?, ?, 1, ?, 1)',
    );
    for (const [at, query] of queries.entries()) insert.run(String(at).padStart(36, '0'), `s${at}`, query);
    return rows;
  };

  it('that name each other, in a circle or often, are asked once each', async () => {
    const { library, find } = await smart('in:s1 '.repeat(1500), '-in:s2 '.repeat(1400), 'in:s0,s1,s2 '.repeat(800));
    expect(find('in:s0 '.repeat(1600))).toEqual(find('in:s0'));
    for (const query of ['in:s0', 'in:s1', 'in:s2'])
      expect(library.timelines()).toEqual(expect.arrayContaining(find(query)));
  });

  it('that name others, each another one, find what the last one finds', async () => {
    const { library, find } = await smart(
      ...Array.from({ length: 60 }, (_, at) => (at < 59 ? `in:s${at + 1}` : 'rating:5')),
    );
    const [first = -1] = library.timelines();
    library.db.exec('UPDATE images SET rating = 1');
    library.db.prepare('UPDATE images SET rating = 5 WHERE timeline = ?').run(first);
    expect(find('in:s0')).toEqual([first]);
    expect(find('-in:s0')).not.toContain(first);
  });

  it.each([
    'tag:gone',
    'in:gone',
    'in:s0',
    '-in:s0 in:s0',
    'similar:01890000-0000-7000-8000-ffffffffffff',
    'job:gone',
    'stack:gone',
    'date:9999',
    'rating:5 -rating:5',
    'cost:9999999',
    'bytes:>9999999',
    'in:none tag:none is:rated rating:0',
    'model:gone server:gone',
    'size:1x1',
  ])('whose query is %s find nothing, and the question isn’t an error', async (query) => {
    const { ask, find } = await smart(query);
    expect(find('in:s0')).toEqual([]);
    expect(ask('in:s0').errors).toEqual([]);
  });
});

it('stack: finds a chain of edits by any of its images, has:markup what markup was sent with; both can be excluded', async () => {
  const { library, reader } = await indexOfRows(12);
  const { db } = library;
  db.exec("DELETE FROM inputs; UPDATE generations SET operation = 'edit'");
  const [ids, all] = [library.ids(), library.timelines()];
  const requestOf = db.prepare<[string], string>('SELECT generation_id FROM images WHERE id = ?').pluck();
  const link = db.prepare(
    'INSERT INTO inputs (generation_id, position, role, sha256, image_id) SELECT ?, ?, ?, sha256, ? FROM originals LIMIT 1',
  );
  // The third image of different requests each was made from the one before.
  const chain = [0, 4, 9].map((at) => ids[at] ?? '');
  link.run(requestOf.get(chain[1] ?? ''), 0, 'image', chain[0]);
  link.run(requestOf.get(chain[2] ?? ''), 0, 'image', chain[1]);
  link.run(requestOf.get(chain[2] ?? ''), 1, 'markup', null);
  const core = new IndexCore(reader, loadIndex(reader), { prefix: 'b', now: Date.now });
  const find = (query: string): number[] => {
    const sort = { by: 'date', descending: false } as const;
    const question = { query, sort, grouping: 'none', stacking: 'none', place: 'library' } as const;
    const selection: Selection = { kind: 'view', question, ranges: 'all', except: [], also: [], until: Infinity };
    return [...core.answer('resolve', { selection })];
  };
  const found = find(`stack:${chain[0]}`);
  for (const id of chain) {
    expect(find(`stack:${id}`)).toEqual(found);
    expect(found).toContain(all[ids.indexOf(id as never)]);
  }
  expect(find(`stack:${(chain[2] ?? '').toUpperCase()}`)).toEqual(found);
  expect(find(`-stack:${chain[1]}`)).toEqual(all.filter((timeline) => !found.includes(timeline)));
  expect(find('stack:gone')).toEqual([]);
  expect(find(`stack:gone,${chain[0]}`)).toEqual(found);
  const ofLast = db
    .prepare<[string], number>('SELECT timeline FROM images WHERE generation_id = ? ORDER BY timeline')
    .pluck()
    .all(requestOf.get(chain[2] ?? '') ?? '');
  expect(find('has:markup')).toEqual(ofLast);
  expect(find('-has:markup')).toEqual(all.filter((timeline) => !ofLast.includes(timeline)));
});

const NAMES = [
  ...[
    '-dash',
    '--',
    '-',
    'a,b',
    ',',
    'say "so"',
    '"',
    "'",
    '""',
    'back\\slash',
    '\\',
    '\\"',
    'a:b',
    'tag:x',
    ':',
    '*',
    'a*',
    '(',
    ')',
    '[x]',
  ],
  ...[
    '{y}',
    '^z',
    'OR',
    'NOT',
    'AND',
    'NEAR(a b)',
    '%',
    '_',
    '#1',
    '@me',
    '&',
    '<b>',
    '..',
    '>=3',
    '=1',
    'nonesuch',
    'ｎｏｎｅ',
    'no\u0301ne',
  ],
  ...[
    '🦊',
    '👩🏽‍🚀',
    '👨‍👩‍👧',
    '🏳️‍🌈',
    '❤️',
    '1️⃣',
    '🇯🇵',
    'שלום',
    'שָׁלוֹם!',
    'مرحبا',
    'مَرْحَبًا?',
    '雪',
    '雪の中',
    'が',
    '한글',
    'हिन्दी',
    'ไทย',
  ],
  ...[
    'Straße',
    'İstanbul',
    'ﬁn',
    '①',
    'Å',
    'e\u0301',
    '½',
    'a \u0301 b',
    'tab\tbed',
    'new\nline',
    'nbsp\u00a0here',
    'ideo\u3000space',
  ],
  ...[
    'x'.repeat(120),
    '🦊'.repeat(60),
    '\u202eabc',
    'ab\u200bcd',
    'ab\u200dcd',
    '0',
    'null',
    '__proto__',
    'constructor',
    'toString',
  ],
];

it('finds tags and collections of any name by the query that is written for it', async () => {
  const { library, find } = await indexOfRows(6);
  const [id = ''] = library.ids();
  const [timeline = -1] = library.timelines();
  library.db.exec('DELETE FROM image_tags; DELETE FROM collection_images');
  const { apply, changes } = openOrder({ db: library.db, folder: '' } as never);
  const refused: string[] = [];
  for (const name of NAMES) {
    const tagged = await apply([id as never], { kind: 'tag', add: [name], remove: [] }).catch((thrown: unknown) => {
      if (!(thrown instanceof StudioError)) throw thrown;
      refused.push(name);
      return null;
    });
    if (!tagged) continue;
    const [path = ''] = tagged.names;
    expect(find(printFilter({ field: 'tag', values: [path], not: false })), JSON.stringify(name)).toEqual([timeline]);
    expect((await listTags(library.db)).map((tag) => tag.path)).toContain(path);
    await changes.undo(tagged.id);
    expect(find(printFilter({ field: 'tag', values: [path], not: false }))).toEqual([]);

    const none = (): Promise<number[]> => Promise.resolve([]);
    const made = await changes.perform(changeId(), none, () =>
      planCollection(library.db, { name, parentId: null, query: null }, 1),
    );
    const collection = listCollections(library.db).at(-1);
    if (!collection) throw new Error('No collection.');
    await apply([id as never], { kind: 'collect', collectionId: collection.id, on: true, before: null });
    expect(find(printFilter({ field: 'in', values: [collection.name], not: false })), JSON.stringify(name)).toEqual([
      timeline,
    ]);
    await apply([id as never], { kind: 'collect', collectionId: collection.id, on: false, before: null });
    await changes.undo(made.id);
  }
  expect(refused).toEqual([]);
});

it.each([
  '℅',
  '／',
  'a／b',
  '℀',
  'a/b',
  '//',
  'x'.repeat(121),
  'x'.repeat(1000),
  '\u0301',
  '\ufe0f',
  '\u200b\u202e',
  'NONE',
  ' none ',
])('refuses %j as the name of a tag', async (name) => {
  const { library } = await indexOfRows(2);
  const { apply } = openOrder({ db: library.db, folder: '' } as never);
  const before = library.db.prepare('SELECT * FROM tags').all();
  const tag = (): Promise<unknown> => apply(library.ids(), { kind: 'tag', add: [name], remove: [] });
  if (name === 'a/b') await tag();
  else {
    await expect(tag()).rejects.toMatchObject({ code: 'parameter-invalid' });
    expect(library.db.prepare('SELECT * FROM tags').all()).toEqual(before);
  }
});

it.each([
  ['Café', 'CAFE'],
  ['e\u0301té', 'Ete'],
  ['Ａｃｍｅ', 'acme'],
  ['ﬁlm', 'FILM'],
  ['Straße', 'STRASSE'],
  ['①', '1'],
  ['ガラス', 'がらす'],
  ['Å', 'A\u030a'],
  ['a  b', 'A B'],
  ['ё', 'е'],
  ['\u202eabc', 'abc'],
])('%j and %j are one tag and one collection', async (one, other) => {
  const { library } = await indexOfRows(2);
  const { apply, changes } = openOrder({ db: library.db, folder: '' } as never);
  library.db.exec('DELETE FROM image_tags; DELETE FROM tags');
  await apply(library.ids().slice(0, 1), { kind: 'tag', add: [one], remove: [] });
  await apply(library.ids().slice(1, 2), { kind: 'tag', add: [other], remove: [] });
  expect((await listTags(library.db)).map(({ images }) => images)).toEqual([2]);
  const none = (): Promise<number[]> => Promise.resolve([]);
  const create = (name: string): Promise<unknown> =>
    changes.perform(changeId(), none, () => planCollection(library.db, { name, parentId: null, query: null }, 1));
  await create(one);
  await expect(create(other)).rejects.toMatchObject({ code: 'parameter-invalid' });
});
