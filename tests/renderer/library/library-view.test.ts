import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Image, ImagePage } from '../../../electron/contract/entities/images.ts';
import { mountView } from '../state/mounted-view.ts';
import { image, scriptedStudio, SETTINGS } from '../state/scripted-studio.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.style.height = '800px';
  await page.viewport(1200, 800);
});

type Ask = { search: string; after: ImagePage['next']; limit: number };

function libraryOf(images: Image[]) {
  const newest = [...images].reverse();
  return ({ search, after, limit }: Ask): ImagePage => {
    const matching = newest.filter(({ prompt }) => prompt.toLowerCase().includes(search.toLowerCase()));
    const start = after ? matching.findIndex(({ id }) => id === after.id) + 1 : 0;
    const found = matching.slice(start, start + limit);
    const last = found.at(-1);
    const more = start + limit < matching.length && last;
    return { images: found, total: matching.length, next: more ? { createdAt: last.createdAt, id: last.id } : null };
  };
}

const pears = image(2, { prompt: 'Two pears on a table' });
const hut = image(1, { prompt: 'An alpine hut' });

test('each image is a link named by its prompt, newest first; without a prompt it is untitled', async () => {
  const script = scriptedStudio({ 'library.page': libraryOf([hut, pears, image(3, { prompt: '' })]) });
  const { route } = await mountView('library', script);
  await expect.element(page.getByRole('link', { name: 'An alpine hut' })).toBeVisible();
  const names = page
    .getByRole('link')
    .elements()
    .map((link) => link.getAttribute('aria-label'));
  expect(names).toEqual(['Untitled', 'Two pears on a table', 'An alpine hut']);
  await page.getByRole('link', { name: 'An alpine hut' }).click();
  expect([route.view, route.imageId]).toEqual(['viewer', hut.id]);
});

test('search finds words, reports no matches and can be cleared', async () => {
  const settings = { ...SETTINGS, library: { ...SETTINGS.library, images: 2 } };
  await mountView(
    'library',
    scriptedStudio({ 'library.page': libraryOf([hut, pears]), 'settings.get': () => settings }),
  );
  const search = page.getByRole('searchbox', { name: 'Search' });
  await search.fill('pears');
  await expect.element(page.getByRole('link', { name: 'An alpine hut' })).not.toBeInTheDocument();
  await expect.element(page.getByText('1 of 2')).toBeVisible();
  await search.fill('zebra');
  await expect.element(page.getByRole('heading', { name: 'No images match “zebra”' })).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Clear search' }).click();
  await expect.element(page.getByRole('link', { name: 'An alpine hut' })).toBeVisible();
  await expect.element(search).toHaveFocus();
});

test('the grid works by keyboard and restores its position', async () => {
  const script = scriptedStudio({ 'library.page': libraryOf([hut, pears]) });
  const { route, container } = await mountView('library', script);
  await expect.element(page.getByRole('link', { name: 'Two pears on a table' })).toBeVisible();
  page.getByRole('link', { name: 'Two pears on a table' }).element().focus();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(page.getByRole('link', { name: 'An alpine hut' })).toHaveFocus();
  await userEvent.keyboard(' ');
  expect([route.view, route.imageId]).toEqual(['viewer', hut.id]);
  expect(container.querySelectorAll('[tabindex="0"]').length).toBe(1);
});

test('thousands of images need few elements; more load near the end', async () => {
  const many = Array.from({ length: 1000 }, (_, index) => image(index + 1));
  const script = scriptedStudio({ 'library.page': libraryOf(many) });
  const { state } = await mountView('library', script);
  await expect.element(page.getByText('1,000 images')).toBeVisible();
  const links = page.getByRole('link').elements();
  expect(links.length).toBeLessThan(150);
  const scroller = links[0]?.closest('[role="list"]')?.parentElement?.parentElement;
  await expect
    .poll(() => {
      if (scroller) scroller.scrollTop = scroller.scrollHeight;
      return state.gallery.images.length;
    })
    .toBe(1000);
});

test('an empty library shows how to start', async () => {
  const { route } = await mountView('library', scriptedStudio());
  await expect.element(page.getByRole('heading', { name: 'Your images will appear here' })).toBeVisible();
  await page.getByRole('button', { name: 'Create your first image' }).click();
  expect(route.view).toBe('create');
});

test('a library that can’t be read says why and can be retried', async () => {
  let broken = true;
  const refusal = { code: 'library-damaged', message: 'The library’s database cannot be read.', billing: 'none' };
  const script = scriptedStudio({ 'library.page': (ask: Ask) => (broken ? { refusal } : libraryOf([hut])(ask)) });
  await mountView('library', script);
  await expect.element(page.getByRole('alert').getByText('The library’s database cannot be read.')).toBeVisible();
  broken = false;
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect.element(page.getByRole('link', { name: 'An alpine hut' })).toBeVisible();
});

const moving = (container: HTMLElement) =>
  [...container.querySelectorAll<HTMLImageElement>('img.moving')].map((image) => new URL(image.src).pathname);

test('an animation plays on hover or focus, one at a time', async () => {
  const boat = image(3, { prompt: 'A paper boat', format: 'gif', thumbhash: 'AAAA' });
  const wave = image(4, { prompt: 'A wave', format: 'gif' });
  const { container } = await mountView('library', scriptedStudio({ 'library.page': libraryOf([hut, boat, wave]) }));
  const link = (name: string) => page.getByRole('link', { name });
  await expect.element(link('A paper boat').getByText('GIF')).toBeInTheDocument();
  expect(moving(container)).toEqual([]);
  // One that has no thumbnail yet stands still too.
  expect(link('A wave').element().querySelector('img')?.src).toContain(`/png/${wave.id}`);
  await link('A paper boat').hover();
  await expect.poll(() => moving(container)).toEqual([`/images/original/${boat.id}`]);
  await link('A wave').hover();
  await expect.poll(() => moving(container)).toEqual([`/images/original/${wave.id}`]);
  await link('An alpine hut').hover();
  await expect.poll(() => moving(container)).toEqual([]);
  link('An alpine hut').element().focus();
  await userEvent.keyboard('{ArrowLeft}');
  await expect.poll(() => moving(container)).toEqual([`/images/original/${boat.id}`]);
});

test('nothing plays by itself with reduced motion', async () => {
  const real = window.matchMedia.bind(window);
  const asked = vi.spyOn(window, 'matchMedia').mockImplementation((query) =>
    // A query that holds everywhere, in place of one that does not here.
    real(query === '(prefers-reduced-motion: reduce)' ? 'all' : query),
  );
  onTestFinished(() => {
    asked.mockRestore();
  });
  const boat = image(3, { prompt: 'A paper boat', format: 'gif' });
  const { container } = await mountView('library', scriptedStudio({ 'library.page': libraryOf([hut, boat]) }));
  await page.getByRole('link', { name: 'A paper boat' }).hover();
  await expect.poll(() => asked.mock.calls.some(([query]) => query.includes('reduced-motion'))).toBe(true);
  await page.getByRole('link', { name: 'An alpine hut' }).hover();
  expect(moving(container)).toEqual([]);
});
