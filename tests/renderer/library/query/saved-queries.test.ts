import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { ViewQuestion } from '../../../../electron/contract/entities/views.ts';
import NoMatches from '../../../../renderer/library/query/NoMatches.svelte';
import QueryNotes from '../../../../renderer/library/query/QueryNotes.svelte';
import SaveQuery from '../../../../renderer/library/query/SaveQuery.svelte';
import ViewMenu from '../../../../renderer/library/query/ViewMenu.svelte';
import { Question } from '../../../../renderer/state/library/question.svelte.ts';
import { scriptedStudio, uuid } from '../../state/scripted-studio.ts';
import { collection, tag, viewOf } from './search-harness.ts';

beforeEach(async () => {
  localStorage.clear();
  await page.viewport(1200, 800);
});

function questionOf(text: string): Question {
  const question = new Question();
  question.open('/library');
  question.show(text);
  return question;
}

const lists = (...collections: ReturnType<typeof collection>[]) => ({
  tags: [tag('wip')],
  collections,
  isLoaded: true,
  load: () => Promise.resolve(),
});

test('a search is saved as a smart collection, with its count', async () => {
  const script = scriptedStudio({
    'views.ask': ({ question }: { question: ViewQuestion }) =>
      viewOf({ total: { fox: 12, 'fox rating:>=4': 5 }[question.query] ?? 0 }),
    'collections.create': (sent: { name: string; query: string }) => collection(sent.name, { query: sent.query }),
  });
  const question = questionOf('fox');
  await render(SaveQuery, { question, lists: lists(collection('Taken')), studio: script.studio });
  await page.getByRole('button', { name: 'Save as smart collection' }).click();
  await expect.element(page.getByText('12 images')).toBeVisible();
  await page.getByRole('textbox', { name: 'Name' }).fill('taken');
  await expect.element(page.getByText('A collection with this name already exists.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Name' }).fill('Good foxes');
  await page.getByRole('textbox', { name: 'Search' }).fill(' fox  rating:>3 tag:gone');
  await expect.element(page.getByText('The tag “gone” doesn’t exist.', { exact: false })).toBeVisible();
  await page.getByRole('textbox', { name: 'Search' }).fill(' fox  rating:>3');
  await expect.element(page.getByText('5 images')).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
  expect(script.calls.filter(({ endpoint }) => endpoint === 'collections.create')).toEqual([
    { endpoint: 'collections.create', payload: { name: 'Good foxes', query: 'fox rating:>=4' } },
  ]);
});

test('an open smart collection is edited, or updated to what is shown', async () => {
  const saved = collection('Good foxes', { query: 'fox' });
  const script = scriptedStudio({
    'collections.change': ({ query }: { query: string }) => ({ ...saved, query }),
  });
  const question = questionOf('fox');
  await render(SaveQuery, { question, lists: lists(saved), studio: script.studio });
  await expect.element(page.getByRole('button', { name: 'Edit smart collection Good foxes' })).toBeVisible();
  question.add({ field: 'rating', from: '4', to: null, not: false });
  await page.getByRole('button', { name: 'Update smart collection Good foxes' }).click();
  await expect.element(page.getByRole('textbox', { name: 'Name' })).toHaveValue('Good foxes');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect
    .poll(() => script.calls.find(({ endpoint }) => endpoint === 'collections.change')?.payload)
    .toMatchObject({ name: 'Good foxes', query: 'fox rating:>=4' });
});

test('errors say where; a deleted tag is named; parts of words are said', async () => {
  const question = questionOf('fox rating:9 tag:gone,wip');
  const props = { question, lists: lists(), editing: false, byParts: true };
  const { rerender, container } = await render(QueryNotes, props);
  await expect.element(page.getByText('Ratings are 0 to 5.')).toBeVisible();
  expect(container.querySelector('mark')?.textContent).toBe('9');
  await expect
    .element(page.getByText('The tag “gone” doesn’t exist. It may have been renamed or removed.'))
    .toBeVisible();
  await expect.element(page.getByText('No exact matches. Showing partial matches.')).toBeVisible();
  question.show('fox rating:9');
  await rerender({ ...props, editing: true });
  await expect.element(page.getByText('Ratings are 0 to 5.')).not.toBeInTheDocument();
});

test('a search that finds nothing names the part to remove', async () => {
  const totals: Record<string, number> = { 'fox rating:>=4': 3, 'rating:>=4 op:edit': 0, 'fox op:edit': 1200 };
  const counted = Promise.withResolvers<undefined>();
  const script = scriptedStudio({
    'views.ask': async ({ question }: { question: ViewQuestion }) => {
      await counted.promise;
      return viewOf({ total: totals[question.query] ?? 0 });
    },
  });
  const question = questionOf('fox rating:>=4 op:edit');
  await render(NoMatches, { question, studio: script.studio });
  const clear = page.getByRole('button', { name: 'Clear search' });
  const before = clear.element().getBoundingClientRect().top;
  counted.resolve(undefined);
  await expect.element(page.getByRole('button', { name: 'Remove Edit 3 images' })).toBeVisible();
  await expect.element(page.getByRole('button', { name: /“fox”/u })).not.toBeInTheDocument();
  expect(clear.element().getBoundingClientRect().top).toBe(before);
  await page.getByRole('button', { name: 'Remove rating ≥ 4 1,200 images' }).click();
  expect(question.settled.query).toBe('fox op:edit');
  await clear.click();
  expect(question.isFiltered).toBe(false);
});

test('order, groups and stacks are chosen in one menu', async () => {
  const question = questionOf('in:"Casa Azul"');
  await render(ViewMenu, { question, lists: lists(collection('Casa Azul')) });
  await page.getByRole('button', { name: 'View' }).click();
  const item = (name: string) => page.getByRole('menuitemradio', { name });
  await item('Rating').click();
  await item('Lowest first').click();
  await item('Month').click();
  await item('One for each job').click();
  expect(question.settled).toMatchObject({
    sort: { by: 'rating', descending: false },
    grouping: 'month',
    stacking: 'jobs',
  });
  await item('Collection order').click();
  expect(question.sort).toEqual({ by: 'collection', descending: false, collectionId: uuid(9) });
  await expect.element(item('Similarity')).not.toBeInTheDocument();
  await item('Random').click();
  const { seed } = question.sort;
  await page.getByRole('menuitem', { name: 'Shuffle again' }).click();
  expect(question.sort.by).toBe('random');
  expect(question.sort.seed).not.toBe(seed);
});
