import axe from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { UsedPrompt } from '../../../electron/contract/entities/saved-prompts.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import type { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { job, scriptedStudio, type ScriptedStudio } from '../state/scripted-studio.ts';
import { drawn } from '../stage/real-pointer.ts';
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

const ALL = ['newest', 'two\nlines', 'oldest'];
const prompt = () => page.getByRole('textbox', { name: 'Prompt', exact: true });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = (name: string) => page.getByRole('dialog', { name, exact: true });

/** Two pages of history. */
function history({ search, after }: { search: string; after: number | null }): {
  prompts: UsedPrompt[];
  next: number | null;
} {
  const found = ALL.filter((text) => text.includes(search)).map((text) => ({ prompt: text, usedAt: 1, image: null }));
  return after === null
    ? { prompts: found.slice(0, 2), next: found.length > 2 ? 7 : null }
    : { prompts: found.slice(2), next: null };
}

async function open(
  answers: Parameters<typeof scriptedStudio>[0] = {},
): Promise<ScriptedStudio & { state: StudioState }> {
  const script = scriptedStudio({ 'prompts.history': history, 'prompts.list': () => [], ...answers });
  const state = await mountPrompts(script);
  await prompt().click();
  return { ...script, state };
}

test('ArrowUp in an empty prompt walks back, over pages; ArrowDown forward to what was typed', async () => {
  await open();
  await prompt().fill(' ');
  for (const expected of ['newest', 'two\nlines', 'oldest', 'oldest']) {
    await userEvent.keyboard('{ArrowUp}');
    await expect.element(prompt()).toHaveValue(expected);
  }
  await expect.element(page.getByText('From history')).toBeVisible();
  for (const expected of ['two\nlines', 'newest', ' ', ' ']) {
    await userEvent.keyboard('{ArrowDown}');
    await expect.element(prompt()).toHaveValue(expected);
  }
});

test('a prompt from history that comes late doesn’t overwrite what was typed meanwhile', async () => {
  const late = Promise.withResolvers<null>();
  const { calls } = await open({
    'prompts.history': async (asked: Parameters<typeof history>[0]) => {
      await late.promise;
      return history(asked);
    },
  });
  await userEvent.keyboard('{ArrowUp}');
  await expect.poll(() => calls.some(({ endpoint }) => endpoint === 'prompts.history')).toBe(true);
  await userEvent.keyboard('mine');
  late.resolve(null);
  await drawn();
  await expect.element(prompt()).toHaveValue('mine');
});

test('arrows move the caret in a prompt that was typed or edited', async () => {
  await open();
  await userEvent.keyboard('{ArrowUp}');
  await expect.element(prompt()).toHaveValue('newest');
  await userEvent.keyboard('!{ArrowUp}');
  await expect.element(prompt()).toHaveValue('newest!');
  await userEvent.keyboard('{Control>}z{/Control}{Control>}z{/Control}');
  await expect.element(prompt()).toHaveValue('');
});

test('a key of an input method doesn’t walk', async () => {
  await open();
  const field = prompt().element() as HTMLTextAreaElement;
  field.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'ArrowUp', isComposing: true, bubbles: true, cancelable: true }),
  );
  await userEvent.keyboard('{ArrowUp}');
  await expect.element(prompt()).toHaveValue('newest');
});

test('Ctrl ArrowUp opens the history: searched, chosen by keys, undone in the field', async () => {
  await open();
  await prompt().fill('mine');
  await userEvent.keyboard('{Control>}{ArrowUp}{/Control}');
  await expect.element(dialog('Prompt history')).toBeVisible();
  await page.getByRole('textbox', { name: 'Search prompts you’ve used' }).fill('lin');
  await expect.element(page.getByRole('list', { name: 'Prompts you’ve used' }).getByRole('listitem')).toHaveLength(1);
  expect((await axe.run(document.body)).violations.map(({ id }) => id)).toEqual([]);
  await userEvent.keyboard('{ArrowDown}{Enter}');
  await expect.element(prompt()).toHaveValue('two\nlines');
  await expect.element(prompt()).toHaveFocus();
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.element(prompt()).toHaveValue('mine');
});

test('Enter in the history’s search takes the first of what was typed, also where that comes late', async () => {
  const late = Promise.withResolvers<null>();
  await open({
    'prompts.history': async (asked: Parameters<typeof history>[0]) => {
      if (asked.search !== '') await late.promise;
      return history(asked);
    },
  });
  await userEvent.keyboard('{Control>}{ArrowUp}{/Control}');
  await expect.element(page.getByRole('list', { name: 'Prompts you’ve used' }).getByRole('listitem')).toHaveLength(2);
  await page.getByRole('textbox', { name: 'Search prompts you’ve used' }).fill('old');
  await userEvent.keyboard('{Enter}');
  late.resolve(null);
  await expect.element(prompt()).toHaveValue('oldest');
});

test('a saved prompt replaces the prompt or is inserted at the caret, and the request names its version', async () => {
  const sent: JobRequest[] = [];
  const { state } = await open({
    'prompts.list': () => [savedPrompt(1, { name: 'Dusk', text: 'a {subject} at dusk', version: 3 })],
    'prompts.versions': () => [],
    'jobs.create': ({ request }: { request: JobRequest }) => {
      sent.push(request);
      return job(1);
    },
  });
  await prompt().fill('Start, end');
  (prompt().element() as HTMLTextAreaElement).setSelectionRange(7, 7);
  await button('Saved prompts').click();
  await page.getByRole('textbox', { name: 'subject' }).fill('fox');
  await expect.element(page.getByLabelText('Prompt with variables')).toHaveTextContent('a fox at dusk');
  await button('Insert').click();
  await expect.element(prompt()).toHaveValue('Start, a fox at duskend');
  await expect.element(prompt()).toHaveFocus();
  await button('Create 1 image').click();
  await expect.poll(() => sent[0]?.savedPrompt).toEqual({ id: savedPrompt(1).id, version: 3 });
  await prompt().click();
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.element(prompt()).toHaveValue('Start, end');
  expect(state.draft.form.savedPrompt).toBeNull();
});

test('variables that aren’t filled in are said before sending, filled in on the spot, and never block', async () => {
  await open();
  await prompt().fill('A {subject} at {time}');
  await expect
    .element(page.getByText('{subject} and {time} aren’t filled in and are sent as written.').first())
    .toBeVisible();
  await expect.element(button('Create 1 image')).toBeEnabled();
  await button('Fill in').click();
  await page.getByRole('textbox', { name: 'subject' }).fill('fox');
  await userEvent.keyboard('{Enter}');
  await expect.element(prompt()).toHaveValue('A fox at {time}');
  await prompt().fill('{"scene": "a fox"}');
  await expect.element(button('Fill in')).not.toBeInTheDocument();
});

test('a prompt is saved with a name and tags; the next text as its next version', async () => {
  const saved: unknown[] = [];
  const known = savedPrompt(1, { name: 'Fox', tags: ['animals'], text: 'a fox' });
  await open({
    'prompts.list': () => (saved.length > 0 ? [known] : []),
    'prompts.save': (edit: { promptId: string }) => {
      saved.push(edit);
      return { ...known, ...edit, id: known.id, version: saved.length };
    },
  });
  await prompt().fill('a fox');
  await button('Save prompt').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Fox');
  await page.getByRole('textbox', { name: 'Tags' }).fill('animals, snow');
  expect((await axe.run(document.body)).violations.map(({ id }) => id)).toEqual([]);
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText(/Saved “Fox”/u)).toBeVisible();
  expect(saved[0]).toMatchObject({ name: 'Fox', tags: ['animals', 'snow'], text: 'a fox' });
});

test('a failed save says so and keeps what was typed', async () => {
  await open({
    'prompts.save': () => ({ refusal: { code: 'disk-full', message: 'The disk is full.', billing: 'none' } }),
  });
  await prompt().fill('a fox');
  await button('Save prompt').click();
  await button('Save').click();
  await expect.element(page.getByText('The disk is full.')).toBeVisible();
  await expect.element(page.getByRole('textbox', { name: 'Name' })).toHaveValue('a fox');
});
