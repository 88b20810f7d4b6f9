import { channel } from 'node:diagnostics_channel';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { v7 as uuid } from 'uuid';
import { expect, it, onTestFinished } from 'vitest';
import type { StudioApi } from '../../electron/contract/api.ts';
import type { ImageId } from '../../electron/contract/entities/ids.ts';
import { MAX_QUERY_LENGTH } from '../../electron/contract/entities/query.ts';
import type { View, ViewQuestion } from '../../electron/contract/entities/views.ts';
import { openLibrary } from '../../electron/library/library.ts';
import { failThread } from '../library/failed-thread.ts';
import { savedImage } from '../library/test-library.ts';
import { sharedDecoding } from '../library/shared-decoding.ts';
import { emptyFolder, openTestStudio, type TestStudio } from './test-studio.ts';

const PROMPTS = [
  'a red fox AND a boat',
  'NEAR(glass, 5) "quoted" [brackets] {braces} (round)',
  'שועל אדום בשלג',
  '雪の中の赤い狐',
  '🦊 in the snow 👩🏽‍🚀',
  'path\\to * wild^card col:umn',
];

/** A studio with one image of each prompt, whose index is ready; and the threads that it started. */
async function open(): Promise<TestStudio & { threads: Worker[] }> {
  const folder = await emptyFolder();
  const library = await openLibrary(join(folder, 'library'), { ...sharedDecoding, close: () => undefined });
  for (const [index, prompt] of PROMPTS.entries()) await savedImage(library, { prompt, at: 1000 + index });
  library.close();
  const threads: Worker[] = [];
  const note = (message: unknown): void => {
    threads.push((message as { worker: Worker }).worker);
  };
  const made = channel('worker_threads');
  made.subscribe(note);
  onTestFinished(() => {
    made.unsubscribe(note);
  });
  const test = await openTestStudio({ folder });
  await whenReady(test.api);
  return { ...test, threads };
}

async function whenReady(api: StudioApi): Promise<void> {
  await expect.poll(async () => (await api.views.status({})).ready).toBe(true);
}

const asked = (query: string): ViewQuestion => ({
  query,
  sort: { by: 'date', descending: true },
  grouping: 'none',
  stacking: 'none',
  place: 'library',
});

const ask = (api: StudioApi, query: string): Promise<View> => api.views.ask({ question: asked(query) });

async function prompts(api: StudioApi, query: string): Promise<string[]> {
  const view = await ask(api, query);
  const rows = await api.views.rows({ viewId: view.id, from: 0, count: 50 });
  return rows.flatMap((row) => (row ? [row.prompt] : []));
}

it('takes operators, quotes and brackets of every kind as plain text, and says where a query language error is', async () => {
  const { api } = await open();
  const all = PROMPTS.length;
  expect(await prompts(api, 'fox AND boat')).toEqual([PROMPTS[0]]);
  expect(await prompts(api, 'NEAR(glass')).toEqual([PROMPTS[1]]);
  expect(await prompts(api, '[brackets] {braces} (round)')).toEqual([PROMPTS[1]]);
  expect(await prompts(api, '"red fox"')).toEqual([PROMPTS[0]]);
  expect(await prompts(api, 'שועל')).toEqual([PROMPTS[2]]);
  expect(await prompts(api, '狐')).toEqual([PROMPTS[3]]);
  expect(await prompts(api, '🦊')).toEqual([PROMPTS[4]]);
  for (const query of [
    '"',
    '""',
    '*',
    '^',
    '(',
    ')))',
    '-',
    '--',
    '-"',
    'NOT',
    'OR OR',
    'NEAR/2',
    '{a b}',
    "'; --",
    '\\',
    ':',
    'a:b:c',
    'tag:',
    'rating:>=',
    'rating:9',
    'date:2026-13-45',
    'size:x',
    'cost:<',
    'is:',
    'nonsense:1',
    '\u0000',
    '\ud800',
    '\u202eabc',
    ' \t\n',
  ]) {
    const view = await ask(api, query);
    expect(view.all, query).toBe(all);
    for (const { at, length, message } of view.errors) {
      expect(at + length, query).toBeLessThanOrEqual(query.length);
      expect(message, query).toMatch(/\.$/u);
    }
  }
  expect((await ask(api, 'rating:nine')).errors).toHaveLength(1);
});

it('answers a query of 10,000 characters, and refuses a longer one in a sentence', async () => {
  const { api } = await open();
  for (const query of [
    'fox '.repeat(2500),
    'x'.repeat(MAX_QUERY_LENGTH),
    '"'.repeat(MAX_QUERY_LENGTH),
    '-a '.repeat(3333),
    '狐'.repeat(MAX_QUERY_LENGTH),
    'tag:a,'.repeat(1666),
  ])
    expect((await ask(api, query)).all).toBe(PROMPTS.length);
  expect(await prompts(api, 'fox '.repeat(2500))).toContain(PROMPTS[0]);
  await expect(ask(api, 'x'.repeat(MAX_QUERY_LENGTH + 1))).rejects.toMatchObject({ code: 'bad-payload' });
});

it('keeps both edits of two pages in its journal; undoing both gives the image back as it was', async () => {
  const { api } = await open();
  const [image] = (await api.library.newest({ limit: 1 })).images;
  const imageId = image?.id as ImageId;
  const rate = (rating: 3 | 5): ReturnType<StudioApi['changes']['apply']> =>
    api.changes.apply({
      id: uuid(),
      selection: { kind: 'images', imageIds: [imageId] },
      edit: { kind: 'rate', rating },
    });
  const rating = async (): Promise<number> => (await api.library.image({ imageId })).marks.rating;
  const [first, second] = await Promise.all([rate(3), rate(5)]);
  expect(await rating()).toBe(5);
  await api.changes.undo({ id: second.id });
  expect(await rating()).toBe(3);
  await api.changes.undo({ id: first.id });
  expect(await rating()).toBe(0);
});

it('goes on after its index thread has ended by itself: what was asked meanwhile is refused, what is asked later answered', async () => {
  const { api, threads } = await open();
  const before = threads.length;
  expect(before).toBeGreaterThan(0);
  const asking = Promise.allSettled([ask(api, 'boat')]);
  await Promise.all(threads.map(failThread));
  for (const { status, ...answer } of await asking)
    if (status === 'rejected') expect(answer).toMatchObject({ reason: { code: 'index-loading' } });
  await expect.poll(() => threads.length).toBeGreaterThan(before);
  await whenReady(api);
  expect((await ask(api, 'fox AND')).total).toBe(1);
});
