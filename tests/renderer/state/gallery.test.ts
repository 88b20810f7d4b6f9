import { expect, test } from 'vitest';
import type { Image, ImagePage } from '../../../electron/contract/entities/images.ts';
import { Gallery } from '../../../renderer/state/gallery.svelte.ts';
import { image, scriptedStudio } from './scripted-studio.ts';

type Ask = { search: string; after: ImagePage['next']; limit: number };

/** A library of images that answers pages as the real one does: newest first, by key, by words of the prompt. */
function libraryOf(images: Image[]): (ask: Ask) => ImagePage {
  return ({ search, after, limit }) => {
    const matching = images.filter(({ prompt }) => prompt.includes(search)).sort((a, b) => b.createdAt - a.createdAt);
    const rest = matching.filter(({ createdAt }) => after === null || createdAt < after.createdAt);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    const next = rest.length > limit && last ? { createdAt: last.createdAt, id: last.id } : null;
    return { images: page, total: matching.length, next };
  };
}

const numbers = (gallery: Gallery): string[] => gallery.images.map(({ prompt }) => prompt);
const many = (from: number, to: number): Image[] =>
  Array.from({ length: to - from + 1 }, (_, index) => image(from + index));

test('pages follow each other to the end, without an image twice', async () => {
  const { studio } = scriptedStudio({ 'library.page': libraryOf(many(1, 450)) });
  const gallery = new Gallery(studio);
  expect(gallery.state).toBe('loading');
  await gallery.refresh();
  expect([gallery.state, gallery.images.length, gallery.total, gallery.hasMore]).toEqual(['ready', 200, 450, true]);
  await gallery.loadMore();
  await gallery.loadMore();
  expect(gallery.hasMore).toBe(false);
  expect(numbers(gallery)).toEqual(
    many(1, 450)
      .reverse()
      .map(({ prompt }) => prompt),
  );
});

test('new images come in at the head and everything that was loaded stays', async () => {
  const images = many(1, 450);
  const { studio } = scriptedStudio({ 'library.page': (ask: Ask) => libraryOf(images)(ask) });
  const gallery = new Gallery(studio);
  await gallery.refresh();
  await gallery.loadMore();
  images.push(...many(451, 453));
  await gallery.refresh();
  expect(gallery.images.length).toBe(403);
  expect(numbers(gallery).slice(0, 4)).toEqual(['Image 453', 'Image 452', 'Image 451', 'Image 450']);
  await gallery.loadMore();
  expect(gallery.images.length).toBe(453);
});

test('an image that is gone from the library goes from the screen', async () => {
  const images = many(1, 5);
  const { studio } = scriptedStudio({ 'library.page': (ask: Ask) => libraryOf(images)(ask) });
  const gallery = new Gallery(studio);
  await gallery.refresh();
  images.splice(2, 1);
  await gallery.refresh();
  expect(numbers(gallery)).toEqual(['Image 5', 'Image 4', 'Image 2', 'Image 1']);
});

test('more new images than a page holds start the list over instead of leaving a gap', async () => {
  const images = many(1, 300);
  const { studio } = scriptedStudio({ 'library.page': (ask: Ask) => libraryOf(images)(ask) });
  const gallery = new Gallery(studio);
  await gallery.refresh();
  images.push(...many(301, 650));
  await gallery.refresh();
  expect(gallery.images.length).toBe(200);
  while (gallery.hasMore) await gallery.loadMore();
  expect(gallery.images.length).toBe(650);
});

test('the answer of an older search is ignored, however late it comes', async () => {
  let release: ((page: ImagePage) => void) | undefined;
  const library = libraryOf([image(1, { prompt: 'olive' }), image(2, { prompt: 'lemon' })]);
  const { studio } = scriptedStudio({
    'library.page': (ask: Ask) =>
      ask.search === 'ol' ? new Promise<ImagePage>((done) => (release = done)) : library(ask),
  });
  const gallery = new Gallery(studio);
  await gallery.refresh();
  gallery.search = 'ol';
  await expect.poll(() => release).toBeDefined();
  gallery.search = 'lemon';
  await expect.poll(() => gallery.shown).toBe('lemon');
  release?.(library({ search: 'ol', after: null, limit: 200 }));
  await Promise.resolve();
  expect(numbers(gallery)).toEqual(['lemon']);
  expect(gallery.total).toBe(1);
});

test('typing asks once, when it pauses', async () => {
  const { studio, calls } = scriptedStudio();
  const gallery = new Gallery(studio);
  await gallery.refresh();
  for (const text of ['o', 'ol', 'oli', 'oliv', 'olive']) gallery.search = text;
  await expect.poll(() => gallery.shown).toBe('olive');
  expect(calls.map(({ payload }) => (payload as Ask).search)).toEqual(['', 'olive']);
});

test('a library that cannot be read is an error until it can', async () => {
  let broken = true;
  const message = 'The library cannot be read.';
  const { studio } = scriptedStudio({
    'library.page': () =>
      broken
        ? { refusal: { code: 'library-damaged', message, billing: 'none' } }
        : libraryOf(many(1, 2))({ search: '', after: null, limit: 200 }),
  });
  const gallery = new Gallery(studio);
  await gallery.refresh();
  expect([gallery.state, gallery.error?.message]).toEqual(['error', message]);
  broken = false;
  await gallery.refresh();
  expect([gallery.state, gallery.error, gallery.images.length]).toEqual(['ready', null, 2]);
});

test('a failure while more is loaded keeps what is there and can be tried again', async () => {
  let broken = false;
  const library = libraryOf(many(1, 300));
  const { studio } = scriptedStudio({
    'library.page': (ask: Ask) =>
      broken ? { refusal: { code: 'internal', message: 'No.', billing: 'none' } } : library(ask),
  });
  const gallery = new Gallery(studio);
  await gallery.refresh();
  broken = true;
  await gallery.loadMore();
  expect([gallery.state, gallery.images.length, gallery.error?.message]).toEqual(['ready', 200, 'No.']);
  broken = false;
  await gallery.loadMore();
  expect([gallery.images.length, gallery.error]).toEqual([300, null]);
});
