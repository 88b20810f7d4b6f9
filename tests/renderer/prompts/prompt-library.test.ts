import axe from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { SavedPrompt } from '../../../electron/contract/entities/saved-prompts.ts';
import { scriptedStudio } from '../state/scripted-studio.ts';
import { mountPrompts } from './mount-prompts.ts';
import { savedPrompt } from './saved-prompt.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
});
afterEach(() => {
  delete document.documentElement.dataset['theme'];
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const rows = () => page.getByRole('list', { name: 'Saved prompts' }).getByRole('button');

/** The library's saved prompts, changed as the studio would. */
async function open(all: SavedPrompt[]) {
  const script = scriptedStudio({
    'prompts.list': () => all,
    'prompts.history': () => ({ prompts: [], next: null }),
    'prompts.versions': () => [
      { version: 2, text: 'a red fox', createdAt: 2 },
      { version: 1, text: 'a blue fox', createdAt: 1 },
    ],
    'prompts.save': ({ promptId, ...edit }: { promptId: SavedPrompt['id'] } & SavedPrompt) => {
      const old = all.find(({ id }) => id === promptId);
      const saved = {
        ...savedPrompt(9),
        ...old,
        ...edit,
        id: promptId,
        version: (old?.version ?? 0) + 1,
        changedAt: 99,
      };
      all = [saved, ...all.filter(({ id }) => id !== promptId)];
      return saved;
    },
    'prompts.remove': () => null,
    'prompts.restore': ({ promptId }: { promptId: SavedPrompt['id'] }) => all.find(({ id }) => id === promptId),
  });
  const state = await mountPrompts(script);
  await button('Saved prompts').click();
  await expect.element(rows().first()).toBeVisible();
  return { ...script, state };
}

const two = (): SavedPrompt[] => [
  savedPrompt(2, { name: 'Fox', tags: ['animals'], text: 'a red fox', version: 2 }),
  savedPrompt(1, { name: 'Boat', text: 'a boat' }),
];

test('is searched, filtered by tag, and moved through by keys', async () => {
  await open(two());
  await expect.element(rows()).toHaveLength(2);
  expect((await axe.run(document.body)).violations.map(({ id }) => id)).toEqual([]);
  await button('animals').click();
  await expect.element(rows()).toHaveLength(1);
  await button('animals').click();
  await page.getByRole('textbox', { name: 'Search saved prompts' }).fill('boat');
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(page.getByRole('textbox', { name: 'Saved text' })).toHaveValue('a boat');
});

test('versions show the words that changed, and are restored as a new version', async () => {
  const { calls } = await open(two());
  await page.getByRole('button', { name: /^Version 2/u }).click();
  await expect.element(page.getByText('red', { exact: true })).toBeVisible();
  expect(document.querySelector('ins')?.textContent.trim()).toBe('red');
  expect(document.querySelector('del')?.textContent.trim()).toBe('blue');
  await button('Restore version 1').click();
  await expect.poll(() => calls.filter(({ endpoint }) => endpoint === 'prompts.save').length).toBe(1);
  expect(calls.find(({ endpoint }) => endpoint === 'prompts.save')?.payload).toMatchObject({
    name: 'Fox',
    text: 'a blue fox',
  });
});

test('a prompt is renamed, duplicated, removed and brought back', async () => {
  const { calls } = await open(two());
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('Red fox');
  await button('Save').click();
  await expect.element(rows().first()).toHaveTextContent('Red fox a red fox');
  await button('Prompt actions').click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect.element(rows()).toHaveLength(3);
  await rows().nth(2).click();
  await button('Prompt actions').click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await expect.element(rows()).toHaveLength(2);
  await button('Undo').click();
  await expect.poll(() => calls.some(({ endpoint }) => endpoint === 'prompts.restore')).toBe(true);
  await expect.element(rows()).toHaveLength(3);
});

test('a changed text is saved before it is used', async () => {
  const { calls, state } = await open(two());
  await page.getByRole('textbox', { name: 'Saved text' }).fill('a green fox');
  await button('Replace prompt').click();
  await expect.element(page.getByRole('textbox', { name: 'Prompt', exact: true })).toHaveValue('a green fox');
  expect(calls.find(({ endpoint }) => endpoint === 'prompts.save')?.payload).toMatchObject({ text: 'a green fox' });
  expect(state.draft.form.savedPrompt).toMatchObject({
    id: savedPrompt(2).id,
    version: 3,
    text: 'a green fox',
  });
});

test('a text that is being written stays when another window saves a prompt', async () => {
  const { answers, push } = await open(two());
  const text = page.getByRole('textbox', { name: 'Saved text' });
  await text.fill('a green fox');
  answers['prompts.list'] = () => [savedPrompt(3, { name: 'Theirs', text: 'a whale' }), ...two()];
  push({ type: 'order' });
  await expect.element(rows().first()).toHaveTextContent('Theirs a whale');
  await expect.element(text).toHaveValue('a green fox');
  await expect.element(page.getByRole('textbox', { name: 'Name' })).toHaveValue('Fox');
});

test('without a prompt field it is used in Create', async () => {
  const script = scriptedStudio({ 'prompts.list': two, 'prompts.versions': () => [] });
  const state = await mountPrompts(script, '#/spending');
  state.prompts.open();
  await button('Use in Create').click();
  await expect.element(page.getByRole('textbox', { name: 'Prompt', exact: true })).toHaveValue('a red fox');
});
