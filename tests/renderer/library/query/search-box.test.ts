import { flushSync } from 'svelte';
import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { focusOn } from '../../../../renderer/shared/keyboard/focus-targets.svelte.ts';
import { growth, STEEP } from '../../../growth.ts';
import { renderSearch } from './search-harness.ts';

beforeEach(async () => {
  localStorage.clear();
  await page.viewport(1200, 800);
});

const field = page.getByRole('combobox', { name: 'Search' });
const chip = (name: string) => page.getByRole('button', { name: `Edit filter ${name}` });

test('a finished filter becomes a chip; text stays in the field', async () => {
  const { question } = await renderSearch();
  await field.click();
  await userEvent.keyboard('model:gpt-image-2.6 -tag:wip fox');
  await expect.element(chip('model gpt-image-2.6')).toBeVisible();
  await expect.element(chip('not tag wip')).toBeVisible();
  await expect.element(field).toHaveValue('fox');
  expect(question.text).toBe('model:gpt-image-2.6 -tag:wip fox');
  await userEvent.keyboard(' rating:>=4{Enter}');
  await expect.element(chip('rating ≥ 4')).toBeVisible();
  expect(question.settled.query).toBe('fox model:gpt-image-2.6 -tag:wip rating:>=4');
});

test('a chip is removed by mouse, Backspace and Delete, and edited by a click', async () => {
  const { question } = await renderSearch();
  question.show('op:edit rating:>=4 has:mask is:favourite fox');
  await page.getByRole('button', { name: 'Remove filter operation Edit' }).click();
  expect(question.text).toBe('rating:>=4 has:mask is:favourite fox');
  await field.click();
  await userEvent.keyboard('{Home}{Backspace}');
  expect(question.text).toBe('rating:>=4 has:mask fox');
  await userEvent.keyboard('{Home}{ArrowLeft}{ArrowLeft}');
  await expect.element(chip('rating ≥ 4')).toHaveFocus();
  await userEvent.keyboard('{Delete}');
  expect(question.text).toBe('has:mask fox');
  await chip('has Mask').click();
  await expect.element(field).toHaveFocus();
  await expect.element(field).toHaveValue('has:mask fox');
  await userEvent.keyboard('{Backspace}{Backspace}{Backspace}{Backspace}note{Enter}');
  await expect.element(chip('has Note')).toBeVisible();
  expect(question.text).toBe('has:note fox');
});

test('a text that is changed elsewhere is shown as chips', async () => {
  const { question } = await renderSearch();
  question.show('red tag:client/acme fox');
  await expect.element(chip('tag client/acme')).toBeVisible();
  await expect.element(field).toHaveValue('red fox');
  question.add({ field: 'tag', values: ['wip'], not: false });
  await expect.element(chip('tag client/acme or wip')).toBeVisible();
});

test('fields and values are completed by keys, with counts', async () => {
  const { question } = await renderSearch();
  await field.click();
  await userEvent.keyboard('mod');
  await expect.element(page.getByRole('option', { name: /^model:/u })).toBeVisible();
  await userEvent.keyboard('{ArrowDown}{Enter}');
  await expect.element(field).toHaveValue('model:');
  await expect.element(page.getByRole('option', { name: 'gpt-image-1.5 1,910' })).toBeVisible();
  await userEvent.keyboard('2.6{ArrowDown}');
  await expect
    .element(page.getByRole('option', { name: 'gpt-image-2.6 611' }))
    .toHaveAttribute('aria-selected', 'true');
  await userEvent.keyboard('{Enter}');
  await expect.element(chip('model gpt-image-2.6')).toBeVisible();
  expect(question.settled.query).toBe('model:gpt-image-2.6');
  await userEvent.keyboard('azul');
  await page.getByRole('option', { name: /Casa Azul/u }).click();
  expect(question.settled.query).toBe('model:gpt-image-2.6 in:"Casa Azul"');
});

test('the suggestion that is highlighted stays so when counts put others before it', async () => {
  const { question, counts } = await renderSearch();
  counts.facets = null;
  await field.click();
  await userEvent.keyboard('tag:{ArrowDown}{ArrowDown}');
  const acme = page.getByRole('option', { name: /^client\/acme/u });
  await expect.element(acme).toHaveAttribute('aria-selected', 'true');
  const values = [{ value: 'wip', label: 'wip', count: 9 }];
  counts.facets = { facets: [{ field: 'tag', values, more: 0, none: 0 }], ranges: [] };
  await expect.element(page.getByRole('option', { name: /^wip 9/u })).toBeVisible();
  await expect.element(acme).toHaveAttribute('aria-selected', 'true');
  await userEvent.keyboard('{Enter}');
  await expect.element(chip('tag client/acme')).toBeVisible();
  expect(question.settled.query).toBe('tag:client/acme');
});

test('what is being typed is no suggestion, although the counts have it as a value that is searched for', async () => {
  const { counts } = await renderSearch();
  const values = [
    { value: 'wip', label: 'wip', count: 9 },
    { value: 'wi', label: 'wi', count: 0 },
  ];
  counts.facets = { facets: [{ field: 'tag', values, more: 0, none: 0 }], ranges: [] };
  await field.click();
  await userEvent.keyboard('tag:wi');
  await expect.element(page.getByRole('option', { name: /^wip 9/u })).toBeVisible();
  expect(page.getByRole('option').elements()).toHaveLength(1);
});

test('Escape clears, then leaves; the count and Clear are always there', async () => {
  const { question } = await renderSearch();
  await expect.element(page.getByText('12 images')).toBeVisible();
  question.show('fox op:edit');
  await expect.element(page.getByText('12 of 90,000')).toBeVisible();
  focusOn('search');
  await expect.element(field).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  expect([question.text, question.isFiltered]).toEqual(['', false]);
  await userEvent.keyboard('{Escape}');
  await expect.element(field).not.toHaveFocus();
  question.show('fox');
  await page.getByRole('button', { name: 'Clear search' }).click();
  expect(question.text).toBe('');
  await expect.element(field).toHaveFocus();
});

test('recent searches are kept, asked again and removed', async () => {
  const { question, recent } = await renderSearch();
  await field.click();
  await userEvent.keyboard('fox{Enter}');
  await userEvent.keyboard('{Escape}red glass{Enter}{Escape}');
  expect(recent.list).toEqual(['red glass', 'fox']);
  await field.click();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
  expect(question.settled.query).toBe('fox');
  await userEvent.keyboard('{Escape}');
  await field.click();
  await userEvent.keyboard('{ArrowDown}{Delete}');
  expect(recent.list).toEqual(['red glass']);
});

test('the help explains the language and asks its examples', async () => {
  const { question } = await renderSearch();
  await page.getByRole('button', { name: 'Search help' }).click();
  await page.getByRole('button', { name: 'Search for tag:client/acme' }).click();
  expect(question.settled.query).toBe('tag:client/acme');
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
});

test('10,000 pasted characters don’t block', async () => {
  const { question } = await renderSearch();
  await field.click();
  const textOf = (length: number) => 'fox "red glass" ligh* foo:bar NEAR( '.repeat(280).slice(0, length);
  const input = field.element() as HTMLInputElement;
  const type = (text: string) => {
    input.value = text;
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    flushSync();
  };
  const paste = (text: string) => {
    type('');
    type(text);
  };
  expect(growth(textOf, paste, 156)).toBeLessThan(STEEP);
  await field.fill(textOf(10_000));
  await userEvent.keyboard('{Enter}');
  expect(question.query.text.length).toBeGreaterThan(1000);
});
