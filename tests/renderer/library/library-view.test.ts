import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { mountView } from '../state/mounted-view.ts';
import { image, scriptedStudio, viewsOf } from '../state/scripted-studio.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.style.height = '800px';
  await page.viewport(1200, 800);
});

const pears = image(2, { prompt: 'Two pears on a table' });
const hut = image(1, { prompt: 'An alpine hut' });
const cell = (name: string) => page.getByRole('gridcell', { name, exact: false });

test('each image is a cell named by prompt, day and marks; it opens by a double click', async () => {
  const marks = { rating: 4 as const, favourite: true, rejected: false };
  const { route } = await mountView(
    'library',
    scriptedStudio(viewsOf([image(3, { prompt: '' }), { ...pears, marks } as typeof pears, hut])),
  );
  await expect.element(cell('An alpine hut')).toBeVisible();
  const names = page
    .getByRole('gridcell')
    .elements()
    .map((element) => element.getAttribute('aria-label'));
  expect(names).toEqual([
    expect.stringMatching(/^Untitled, /u),
    expect.stringMatching(/^Two pears on a table, .*, 4 stars, favourite$/u),
    expect.stringMatching(/^An alpine hut, /u),
  ]);
  await cell('An alpine hut').click();
  expect(route.view).toBe('library');
  await expect.element(cell('An alpine hut')).toHaveAttribute('aria-selected', 'true');
  await cell('An alpine hut').dblClick();
  expect([route.view, route.imageId]).toEqual(['viewer', hut.id]);
});

test('a cell’s marks fit the bar that they are in', async () => {
  const marks = { rating: 4 as const, favourite: true, rejected: true };
  await mountView('library', scriptedStudio(viewsOf([{ ...image(1), marks } as ReturnType<typeof image>])));
  const icons = () => [...document.querySelectorAll('[role="gridcell"] .marks svg')];
  await expect.poll(() => icons().length).toBe(3);
  expect(icons().map((icon) => icon.getBoundingClientRect().height)).toEqual([10, 10, 10]);
});

test('search asks the library, reports no matches and can be cleared', async () => {
  const script = scriptedStudio(viewsOf([pears, hut]));
  script.answers['views.ask'] = ({ question }: { question: ViewQuestion }) => {
    const found = [pears, hut].filter(({ prompt }) => prompt.includes(question.query));
    const answers = viewsOf(found, { id: `view-${question.query}`, all: 2 });
    Object.assign(script.answers, { 'views.rows': answers['views.rows'] });
    return answers['views.ask']?.({} as never);
  };
  const shape = () => Promise.resolve(new Uint16Array(2).fill(6144));
  await mountView('library', { ...script, shape });
  const search = page.getByRole('combobox', { name: 'Search' });
  await expect.element(cell('An alpine hut')).toBeVisible();
  await search.fill('pears');
  await expect.element(page.getByText('1 of 2')).toBeVisible();
  await expect.element(cell('Two pears on a table')).toBeVisible();
  await search.fill('zebra');
  await expect.element(page.getByRole('heading', { name: 'No images match' })).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Clear search' }).click();
  await expect.element(cell('An alpine hut')).toBeVisible();
  await expect.element(search).toHaveFocus();
});

test('the grid works by keyboard, and shows the image that was open last', async () => {
  const script = scriptedStudio(viewsOf([pears, hut]));
  const { route, container } = await mountView('library', script);
  await expect.element(cell('Two pears on a table')).toBeVisible();
  cell('Two pears on a table').element().focus();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(cell('An alpine hut')).toHaveFocus();
  await userEvent.keyboard(' ');
  expect([route.view, route.imageId]).toEqual(['viewer', hut.id]);
  expect(container.querySelectorAll('[role="grid"] [tabindex="0"]').length).toBe(1);
});

test('an empty library shows how to start', async () => {
  const { route } = await mountView('library', scriptedStudio());
  await expect.element(page.getByRole('heading', { name: 'Your images will appear here' })).toBeVisible();
  await page.getByRole('button', { name: 'Create your first image' }).click();
  expect(route.view).toBe('create');
});

test('a library that can’t be read says why and can be retried', async () => {
  const refusal = { code: 'library-damaged', message: 'The library’s database cannot be read.', billing: 'none' };
  const script = scriptedStudio({ 'views.ask': () => ({ refusal }) });
  await mountView('library', script);
  await expect.element(page.getByRole('alert').getByText('The library’s database cannot be read.')).toBeVisible();
  Object.assign(script.answers, viewsOf([hut]));
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect.element(cell('An alpine hut')).toBeVisible();
});

test('the newest images are there before the index is ready, which is said quietly', async () => {
  const script = scriptedStudio({
    'views.ask': () => ({ refusal: { code: 'index-loading', message: 'Loading.', billing: 'none' } }),
    'views.status': () => ({ ready: false, revision: 0, loaded: 4, images: 10 }),
    'library.newest': () => ({ images: [pears, hut], all: 10 }),
  });
  await mountView('library', script);
  await expect.element(cell('Two pears on a table')).toBeVisible();
  await expect.element(page.getByText('2 of 10', { exact: true })).toBeInTheDocument();
  await expect.element(page.getByText('Preparing filters… 40%')).toBeVisible();
  Object.assign(script.answers, viewsOf([pears, hut]));
  script.push({ type: 'index', status: { ready: true, revision: 1, loaded: 10, images: 10 } });
  await expect.element(page.getByText(/^Preparing/u)).not.toBeInTheDocument();
});

const moving = (container: HTMLElement) =>
  [...container.querySelectorAll<HTMLImageElement>('img.moving')].map((image) => new URL(image.src).pathname);

test('an animation plays on hover or focus, one at a time', async () => {
  const boat = image(3, { prompt: 'A paper boat', format: 'gif', thumbhash: 'AAAA' });
  const wave = image(4, { prompt: 'A wave', format: 'gif' });
  const { container } = await mountView('library', scriptedStudio(viewsOf([wave, boat, hut])));
  const link = (name: string) => cell(name);
  await expect.element(link('A paper boat').getByText('GIF')).toBeInTheDocument();
  expect(moving(container)).toEqual([]);
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
  const { container } = await mountView('library', scriptedStudio(viewsOf([boat, hut])));
  await cell('A paper boat').hover();
  await expect.poll(() => asked.mock.calls.some(([query]) => query.includes('reduced-motion'))).toBe(true);
  await cell('An alpine hut').hover();
  expect(moving(container)).toEqual([]);
});
