import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { StudioApi } from '../../electron/contract/api.ts';
import type { Change } from '../../electron/contract/entities/changes.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import type { ImageId } from '../../electron/contract/entities/ids.ts';
import { MAX_QUERY_LENGTH } from '../../electron/contract/entities/query.ts';
import type { View, ViewQuestion } from '../../electron/contract/entities/views.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { changeId, insertImages } from '../library/order/order-fixtures.ts';
import { sharedDecoding } from '../library/shared-decoding.ts';
import { savedImage } from '../library/test-library.ts';
import { emptyFolder, openTestStudio, until, whenIndexed, type TestStudio } from './test-studio.ts';

/* Bad input and faults of the library, asked as the page asks: through the dispatch, of the index's thread, over a SQLite file. */

/** A studio whose index is ready. @param fill what is in its library */
async function open(fill: (library: Library) => unknown): Promise<TestStudio> {
  const folder = await emptyFolder();
  const library = await openLibrary(join(folder, 'library'), { ...sharedDecoding, close: () => undefined });
  await fill(library);
  library.close();
  const test = await openTestStudio({ folder });
  await whenIndexed(test.api);
  return test;
}

const question = (query: string, place: ViewQuestion['place'] = 'library'): ViewQuestion => ({
  query,
  sort: { by: 'date', descending: false },
  grouping: 'none',
  stacking: 'none',
  place,
});
const ask = (api: StudioApi, query: string, place?: 'trash'): Promise<View> =>
  api.views.ask({ question: question(query, place) });
async function ids(api: StudioApi, query: string): Promise<(ImageId | undefined)[]> {
  const view = await ask(api, query);
  return (await api.views.rows({ viewId: view.id, from: 0, count: 200 })).map((row) => row?.id);
}

const TEXTS: [prompt: string, query: string][] = [
  ['a fox AND a boat', '"fox AND a"'],
  ['either OR or', 'OR either'],
  ['NOT this one', 'NOT'],
  ['NEAR(glass moss, 3)', 'NEAR(glass'],
  ['{prompt} : template', '{prompt}'],
  ['prompt: a cat', 'prompt\\: cat'],
  ['rowid = 5', 'rowid = 5'],
  ["it's; DROP TABLE images; --", "it's; DROP TABLE images; \\--"],
  ['star* and caret^ plus+minus', 'caret^ plus+minus'],
  ['“curly” ‘quotes’ «guillemets» „low“', '„low“ «guillemets»'],
  ['[square] (round) <angle> 「corner」', '「corner」 <angle> (round)'],
  ['back\\slash \\" quote', 'back\\\\slash'],
  ['100% _under_ ~tilde', '100% _under_'],
  ['שועל אדום בשלג', 'אדום'],
  ['שׁוּעָל with points', 'שועל points'],
  ['غروب فوق المدينة', 'المدينة'],
  ['قِطَّة سوداء', 'قطة'],
  ['گربه‌ی سیاه', 'سیاه'],
  ['雪の中の赤い狐', '赤い'],
  ['夕暮れのガラス', 'ガラス'],
  ['눈 속의 여우', '여우'],
  ['月亮下的狐狸', '狐狸'],
  ['สุนัขจิ้งจอกในหิมะ', 'สุนัขจิ้งจอกในหิมะ'],
  ['बर्फ में लोमड़ी', 'लोमड़ी'],
  ['🦊 in snow', '🦊'],
  ['👩🏽‍🚀 on the moon', '👩🏽‍🚀'],
  ['family 👨‍👩‍👧‍👦 day', '👨‍👩‍👧‍👦'],
  ['flag 🇯🇵 and 🏳️‍🌈', '🇯🇵'],
  ['keycap 1️⃣ heart ❤️', '❤'],
  ['ＦＵＬＬ　ＷＩＤＴＨ', 'full width'],
  ['ﬁne ﬂowers', 'fine flowers'],
  ['Ångström İstanbul Straße', 'angstrom istanbul strasse'],
  ['Łódź Øre Þór', 'lodz ore'],
  ['zero\u200bwidth space', 'zero width'],
  ['\u202eoverride\u202c', 'override'],
];

it('finds each text by what looks like an operator, a quote or a bracket, in every script', async () => {
  const { api } = await open(async (library) => {
    for (const [at, [prompt]] of TEXTS.entries()) await savedImage(library, { prompt, at: 1000 + at });
  });
  const all = await ids(api, '');
  expect(all).toHaveLength(TEXTS.length);
  for (const [at, [prompt, query]] of TEXTS.entries()) {
    expect(await ids(api, query), `${query} in ${prompt}`).toContain(all[at]);
    const excluded = query
      .split(' ')
      .map((word) => `-${word}`)
      .join(' ');
    expect((await ask(api, excluded)).all, excluded).toBe(TEXTS.length);
  }
});

const ERRORS: [query: string, at: number, length: number][] = [
  ['fox rating:nine', 11, 4],
  ['rating:4 rating:6', 16, 1],
  ['🦊 rating:x', 10, 1],
  ['שלום rating:x', 12, 1],
  ['  date:2026-02-30', 7, 10],
  ['date:yesterweek fox', 5, 10],
  ['-cost:free', 6, 4],
  ['is:favorit,rated', 3, 7],
  ['has:', 0, 4],
  ['tag:', 0, 4],
  ['width:3..x', 6, 4],
  ['bytes:-1', 6, 2],
  ['op:draw', 3, 4],
  ['similar:this', 8, 4],
  ['rating:3,4', 9, 1],
  ['modle:gpt', 0, 5],
  ['"a b" -ratng:5', 7, 5],
  ['is:"so\u202e"', 3, 5],
];

it('says where an error in a query is, and goes on with the rest', async () => {
  const { api } = await open((library) => insertImages(library.db, 2));
  for (const [query, at, length] of ERRORS) {
    const view = await ask(api, query);
    expect(view.errors, query).toHaveLength(1);
    expect(view.errors[0], query).toMatchObject({ at, length });
    expect(view.errors[0]?.message).toMatch(/^\S.*[.?]$/u);
    expect(view.all).toBe(2);
  }
});

it('ends with every query of 10,000 characters', async () => {
  const { api } = await open((library) => insertImages(library.db, 20));
  const fill = (piece: string): string =>
    piece.repeat(Math.ceil(MAX_QUERY_LENGTH / piece.length)).slice(0, MAX_QUERY_LENGTH);
  for (const query of [
    ...[
      '" ',
      '"a" ',
      'a* ',
      '-a* ',
      'in:x ',
      'tag:x,y ',
      '-tag:"x ',
      'is:rated ',
      'rating:3 ',
      'date:today ',
      '🦊 ',
      '🦊',
    ],
    ...[
      '\\',
      '\\ ',
      ':',
      'a:',
      'x:y ',
      '(',
      '* ',
      '\u0301',
      '\ud800',
      '\u202e',
      'ب',
      '字',
      ',',
      'tag:,',
      'similar:x ',
      'near: ',
    ],
    ...['lighthouse ', '"lighthouse number" ', 'number* -lighthouse ', 'light'],
  ].map(fill))
    expect((await ask(api, query)).all, query.slice(0, 12)).toBe(20);
});

it('a filter that matches nothing is an empty view with all its answers', async () => {
  const { api } = await open((library) => insertImages(library.db, 5));
  for (const query of [
    'tag:gone',
    'in:gone',
    'rating:5',
    'date:1999',
    'cost:>100',
    'model:none',
    'size:1x1',
    'has:markup',
    'zzz',
    '-a* -lighthouse',
    'stack:gone',
    'is:stacked rating:2',
  ]) {
    const view = await ask(api, query);
    expect(view, query).toMatchObject({ total: 0, all: 5, buckets: [] });
    expect(await api.views.rows({ viewId: view.id, from: 0, count: 50 })).toEqual([]);
    expect((await api.views.facets({ viewId: view.id })).facets.length).toBeGreaterThan(0);
    const selection = {
      kind: 'view' as const,
      question: question(query),
      ranges: 'all' as const,
      except: [],
      also: [],
      until: 1e15,
    };
    expect((await api.views.summarize({ selection })).images).toBe(0);
    await expect(
      api.changes.apply({ id: changeId(), selection, edit: { kind: 'rate', rating: 1 } }),
    ).rejects.toMatchObject({ code: 'not-found' });
  }
});

it('a smart collection goes on when its tag is renamed, and is empty when it is deleted, until that is undone', async () => {
  const { api } = await open((library) => insertImages(library.db, 4));
  const [first, second] = (await ids(api, '')) as [ImageId, ImageId];
  const selection = { kind: 'images' as const, imageIds: [first, second] };
  await api.changes.apply({ id: changeId(), selection, edit: { kind: 'tag', add: ['client/acme'], remove: [] } });
  const smart = await api.collections.create({ name: 'Smart', query: 'tag:client/acme' });
  const outer = await api.collections.create({ name: 'Outer', query: 'in:Smart' });
  const found = async (): Promise<unknown> => [await ids(api, 'in:Smart'), await ids(api, 'in:Outer')];
  const both = [
    [first, second],
    [first, second],
  ];
  expect(await found()).toEqual(both);
  const tags = await api.tags.list({});
  const tagId = tags.find(({ path }) => path === 'client')?.id;
  if (!tagId) throw new Error('No tag.');
  await api.tags.rename({ id: changeId(), tagId, name: 'Kunden, neu' });
  expect(await found()).toEqual(both);
  expect((await api.collections.list({}))[0]).toMatchObject({ query: 'tag:"Kunden, neu/acme"' });
  const removed = await api.tags.remove({ id: changeId(), tagId });
  expect(await found()).toEqual([[], []]);
  await api.changes.undo({ id: removed.id });
  expect(await found()).toEqual(both);
  await api.collections.change({ id: changeId(), collectionId: smart.id, name: 'Clever' });
  expect(await ids(api, 'in:Outer')).toEqual([first, second]);
  await api.collections.change({ id: changeId(), collectionId: smart.id, query: 'in:Outer' });
  expect(await ids(api, 'in:Outer')).toEqual([]);
  expect((await api.collections.list({})).find(({ id }) => id === outer.id)).toMatchObject({ query: 'in:Clever' });
});

it('creates a collection once, also where two pages create it at the same time under two spellings', async () => {
  const { api } = await open(() => undefined);
  const made = await Promise.all(
    ['Café', 'CAFE', 'cafe\u0301', 'Ｃａｆｅ'].map((name) => api.collections.create({ name })),
  );
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect(await api.collections.list({})).toHaveLength(1);
});

it('tells both pages of what either changes, and of undoing it', async () => {
  const test = await open((library) => insertImages(library.db, 1));
  const [imageId] = (await ids(test.api, '')) as [ImageId];
  const heard: [StudioEvent[], StudioEvent[]] = [[], []];
  for (const page of heard) test.studio.subscribe((event) => void page.push(event));
  const selection = { kind: 'images' as const, imageIds: [imageId] };
  const changes = await Promise.all([
    test.api.changes.apply({ id: changeId(), selection, edit: { kind: 'rate', rating: 4 } }),
    test.api.changes.apply({ id: changeId(), selection, edit: { kind: 'note', note: 'there' } }),
    test.api.changes.apply({ id: changeId(), selection, edit: { kind: 'favourite', on: true } }),
  ]);
  const image = await test.api.library.image({ imageId });
  expect(image).toMatchObject({ marks: { rating: 4, favourite: true }, note: 'there' });
  for (const { id } of changes) await test.api.changes.undo({ id });
  expect(await test.api.library.image({ imageId })).toMatchObject({ marks: { rating: 0, favourite: false }, note: '' });
  const states = (page: StudioEvent[]): string[] =>
    page.flatMap((event) => (event.type === 'change' ? [`${event.change.edit.kind} ${event.change.state}`] : []));
  expect(states(heard[0])).toEqual([
    'rate done',
    'note done',
    'favourite done',
    'rate undone',
    'note undone',
    'favourite undone',
  ]);
  expect(states(heard[1])).toEqual(states(heard[0]));
});

it('empties the trash of images that were moved there, and created, while the clock was ahead', async () => {
  const ahead = Date.now() + 400 * 86_400_000;
  const { api } = await open(async (library) => {
    await savedImage(library, { at: ahead });
    await savedImage(library, { at: Date.now() - 60_000 });
    library.db.prepare('UPDATE images SET deleted_at = ?').run(ahead);
  });
  const selection = {
    kind: 'view' as const,
    question: question('', 'trash'),
    ranges: 'all' as const,
    except: [],
    also: [],
    until: Date.now(),
  };
  expect((await api.views.summarize({ selection })).images).toBe(2);
  await api.changes.apply({ id: changeId(), selection, edit: { kind: 'empty' } });
  const last = async (): Promise<Change | undefined> => (await api.changes.list({ after: null, limit: 1 })).changes[0];
  await until(async () => (await last())?.state === 'final');
  expect(await last()).toMatchObject({ images: 2 });
  expect(await api.trash.get({})).toEqual({ images: 0, bytes: 0 });
});
