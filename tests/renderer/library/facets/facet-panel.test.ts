import axe from 'axe-core';
import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { Facets } from '../../../../electron/contract/entities/views.ts';
import FacetPanel from '../../../../renderer/library/facets/FacetPanel.svelte';
import { facetRows } from '../../../../renderer/library/facets/facet-rows.ts';
import { PanelState } from '../../../../renderer/library/sidebar/panel-state.svelte.ts';
import { setClock } from '../../../../renderer/page/clock.ts';
import { FacetCounts } from '../../../../renderer/state/library/facet-counts.svelte.ts';
import { Question } from '../../../../renderer/state/library/question.svelte.ts';
import { scriptedStudio } from '../../state/scripted-studio.ts';
import { collection, FACETS, renderSearch, tag, viewOf } from '../query/search-harness.ts';

beforeEach(async () => {
  localStorage.clear();
  await page.viewport(1400, 900);
  setClock(() => new Date(2026, 11, 1, 12).getTime());
  return () => setClock(null);
});

async function renderPanel(tags = FACETS.facets[1]?.values.map(({ value }) => tag(value)) ?? []) {
  const question = new Question();
  question.open('/library');
  const counts = new FacetCounts(scriptedStudio({ 'views.facets': () => FACETS }).studio);
  counts.facets = FACETS;
  const lists = { tags, collections: [collection('Casa Azul')], isLoaded: true };
  await render(FacetPanel, { question, lists, counts, panel: new PanelState() });
  return { question, counts };
}

const box = (name: string) => page.getByRole('checkbox', { name, exact: true });

test('values are chosen and excluded by mouse and by keys; several are one of them', async () => {
  const { question } = await renderPanel();
  await box('gpt-image-2.6').click();
  await box('gpt-image-1.5').click();
  expect(question.text).toBe('model:gpt-image-2.6,gpt-image-1.5');
  await expect.element(box('gpt-image-2.6')).toHaveAttribute('aria-checked', 'true');
  await page.getByRole('button', { name: 'Tags' }).click();
  await page.getByRole('button', { name: 'Exclude wip' }).click();
  await expect.element(box('wip, excluded')).toBeVisible();
  box('acme').element().focus();
  await userEvent.keyboard('-');
  expect(question.text).toBe('model:gpt-image-2.6,gpt-image-1.5 -tag:wip,client/acme');
  await box('wip, excluded').click();
  expect(question.text).toBe('model:gpt-image-2.6,gpt-image-1.5 -tag:client/acme tag:wip');
  await box('wip').click();
  await box('No tag').click({ modifiers: ['Alt'] });
  expect(question.text).toBe('model:gpt-image-2.6,gpt-image-1.5 -tag:client/acme,none');
});

test('rating, date and cost are ranges', async () => {
  const { question } = await renderPanel();
  await page.getByRole('button', { name: '4 stars and up' }).click();
  expect(question.text).toBe('rating:>=4');
  await expect.element(page.getByText('and up')).toBeVisible();
  await page.getByRole('button', { name: '4 stars and up' }).click();
  await box('Unrated').click();
  expect(question.text).toBe('rating:0');
  await page.getByRole('button', { name: 'Exclude Unrated' }).click();
  expect(question.text).toBe('-rating:0');
  question.clear();

  await page.getByRole('button', { name: 'Date' }).click();
  await page.getByRole('button', { name: '7 days' }).click();
  expect(question.text).toBe('date:7-days');
  await expect.element(page.getByLabelText('From')).toHaveValue('2026-11-25');
  await page.getByLabelText('To', { exact: true }).fill('2026-11-28');
  expect(question.text).toBe('date:2026-11-25..2026-11-28');
  question.clear();

  await page.getByRole('button', { name: 'Cost' }).click();
  await page.getByRole('textbox', { name: 'Lowest cost' }).fill('.05');
  await userEvent.keyboard('{Tab}');
  expect(question.text).toBe('cost:>=0.05');
  await page.getByRole('textbox', { name: 'Highest cost' }).fill('abc');
  await userEvent.keyboard('{Tab}');
  await expect.element(page.getByText('Enter an amount in dollars, such as 0.05.')).toBeVisible();
  expect(question.text).toBe('cost:>=0.05');
  await box('Cost unknown').click();
  expect(question.text).toBe('-cost:>=0');
});

test('10,000 tags are searched, and a chosen one without images stays', async () => {
  const tags = Array.from({ length: 10_000 }, (_, index) => tag(`t${index}`));
  const { question, counts } = await renderPanel(tags);
  await page.getByRole('button', { name: 'Tags' }).click();
  await page.getByRole('textbox', { name: 'Search tags' }).fill('t9999');
  await box('t9999').click();
  expect(question.text).toBe('tag:t9999');
  counts.facets = { facets: [], ranges: [] } satisfies Facets;
  await page.getByRole('textbox', { name: 'Search tags' }).fill('');
  await expect.element(box('t9999')).toHaveAttribute('aria-checked', 'true');
});

test('folded sections are remembered', async () => {
  await renderPanel();
  await page.getByRole('button', { name: 'Model' }).click();
  await expect.element(box('gpt-image-2.6')).not.toBeInTheDocument();
  expect(new PanelState().isOpen('model', true)).toBe(false);
});

test('tags are listed below their parents, "none" last', () => {
  const values = ['b', 'a/x/y', 'a', 'a b', 'a/x'].map((value) => ({ value, label: value, count: 1 }));
  const rows = facetRows('tag', { field: 'tag', values, more: 0, none: 5 }, { text: [], filters: [] });
  expect(rows.map(({ label, depth }) => [label, depth])).toEqual([
    ['a', 0],
    ['x', 1],
    ['y', 2],
    ['a b', 0],
    ['b', 0],
    ['No tag', 0],
  ]);
});

test('counts are asked one at a time, of the newest view, while someone looks', async () => {
  const asked: string[] = [];
  let answer: (() => void) | null = null;
  const script = scriptedStudio({
    'views.facets': ({ viewId }: { viewId: string }) => {
      asked.push(viewId);
      return new Promise((resolve) => {
        answer = () => resolve({ ...FACETS, ranges: [] });
      });
    },
  });
  const counts = new FacetCounts(script.studio);
  counts.show(viewOf({ id: 'unseen' }));
  const end = counts.look();
  for (const id of ['a', 'b', 'c']) counts.show(viewOf({ id }));
  expect([asked, counts.busy, counts.facets]).toEqual([['a'], true, null]);
  answer!();
  await expect.poll(() => asked).toEqual(['a', 'c']);
  expect(counts.facets).toBeNull();
  answer!();
  await expect.poll(() => counts.busy).toBe(false);
  expect(counts.facets).not.toBeNull();
  end();
  counts.show(viewOf({ id: 'd' }));
  expect(asked).toEqual(['a', 'c']);
});

test('axe finds nothing in the panel and in the search box with its list', async () => {
  const { question } = await renderPanel();
  for (const name of ['Tags', 'Date', 'Cost']) await page.getByRole('button', { name, exact: true }).click();
  await renderSearch();
  await page.getByRole('combobox', { name: 'Search' }).fill('tag:client rating:>=4 mod');
  await expect.element(page.getByRole('option', { name: /^model:/u })).toBeVisible();
  question.show('-tag:wip');
  await expect.element(box('wip, excluded')).toBeVisible();
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
});
