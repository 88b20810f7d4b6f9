import { flushSync } from 'svelte';
import { beforeEach, expect, test } from 'vitest';
import type { ProfileId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { Input } from '../../../electron/contract/entities/requests.ts';
import { Draft } from '../../../renderer/state/draft.svelte.ts';
import { readForm } from '../../../renderer/state/request-form.ts';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

/** Ends one page's draft and opens the next page's. */
function reload(draft: Draft): Draft {
  flushSync();
  draft.stop();
  return new Draft();
}

test('what is typed outlives a reload, with every choice', () => {
  const draft = new Draft();
  draft.form.prompt = 'A lighthouse above a slate sea';
  draft.form.count = 4;
  const after = reload(draft);
  expect(after.form).toMatchObject({ prompt: 'A lighthouse above a slate sea', count: 4 });
  after.stop();
});

test('loading another request keeps the present one for a step back, over a reload too', () => {
  const draft = new Draft();
  draft.form.prompt = 'Mine';
  draft.replace(readForm({ prompt: 'Theirs', count: 2 }));
  expect(draft.form.prompt).toBe('Theirs');
  const after = reload(draft);
  after.restore();
  expect([after.form.prompt, after.form.count, after.previous]).toEqual(['Mine', 1, null]);
  after.stop();
});

test('in another library, the request keeps its words and leaves what isn’t there', () => {
  const inputs: Input[] = [{ role: 'image', sha256: 'a'.repeat(64) as Sha256, image: null }];
  const draft = new Draft();
  draft.open('/pictures/one');
  draft.replace(readForm({ prompt: 'Mine' }));
  draft.replace(readForm({ prompt: 'Bluer', count: 3, inputs }));
  const same = reload(draft);
  same.open('/pictures/one');
  expect([same.form.inputs, same.previous?.prompt]).toEqual([inputs, 'Mine']);
  const other = reload(same);
  other.open('/pictures/two');
  expect(other.form).toMatchObject({ prompt: 'Bluer', count: 3, inputs: [] });
  expect(other.previous).toBeNull();
  other.stop();
});

test('an empty draft is not worth a step back and does not push out one that is', () => {
  const draft = new Draft();
  draft.form.prompt = 'Mine';
  draft.replace(readForm({ prompt: 'First' }));
  draft.form.prompt = '  ';
  draft.replace(readForm({ prompt: 'Second' }));
  expect(draft.previous?.prompt).toBe('Mine');
  draft.stop();
});

test('a request is loaded whole, its inputs too, and so is the draft before it kept', () => {
  const inputs: Input[] = [{ role: 'image', sha256: 'a'.repeat(64) as Sha256, image: null }];
  const draft = new Draft();
  draft.form.inputs = inputs;
  draft.load({
    operation: 'edit',
    profileId: 'demo' as ProfileId,
    parameters: { prompt: 'Bluer', model: 'gpt-image-2', n: 3 },
    inputs: [],
    variation: true,
  });
  expect(draft.form).toMatchObject({ varying: true, variationPrompt: 'Bluer', prompt: '', count: 3, inputs: [] });
  const after = reload(draft);
  // Images alone are worth a step back.
  after.restore();
  expect(after.form.inputs).toEqual(inputs);
  after.stop();
});

test('a variation of an image begins with the rest of the form as it is', () => {
  const draft = new Draft();
  Object.assign(draft.form, { prompt: 'Mine', count: 3 });
  draft.begin([{ role: 'image', sha256: 'b'.repeat(64) as Sha256, image: null }], 'variation');
  expect(draft.form).toMatchObject({ prompt: 'Mine', count: 3, varying: true, inputs: [{ sha256: 'b'.repeat(64) }] });
  draft.restore();
  expect(draft.form).toMatchObject({ prompt: 'Mine', varying: false, inputs: [] });
  draft.stop();
});

test('a damaged store is an empty draft', () => {
  localStorage.setItem('emulsion.draft', '{"form":');
  const draft = new Draft();
  expect(draft.form.prompt).toBe('');
  draft.stop();
});

test('a tab whose own store is damaged starts with the shared draft', () => {
  sessionStorage.setItem('emulsion.draft', '{"form":');
  localStorage.setItem('emulsion.draft', JSON.stringify({ form: { prompt: 'Mine', variables: false } }));
  const draft = new Draft();
  expect(draft.form.prompt).toBe('Mine');
  draft.stop();
});

/** The storage of another tab, which shares nothing but `localStorage` with this one. */
function otherTab(): Storage {
  const kept = new Map<string, string>();
  return {
    length: 0,
    clear: () => kept.clear(),
    key: () => null,
    getItem: (name) => kept.get(name) ?? null,
    removeItem: (name) => void kept.delete(name),
    setItem: (name, text) => void kept.set(name, text),
  };
}

test('two tabs write two drafts; a new one begins with what was written last', () => {
  const mine = new Draft();
  mine.form.prompt = 'Mine';
  flushSync();
  const storage = otherTab();
  const theirs = new Draft(storage);
  expect(theirs.form.prompt).toBe('Mine');
  theirs.form.prompt = 'Theirs';
  flushSync();
  const after = reload(mine);
  expect(after.form.prompt).toBe('Mine');
  theirs.stop();
  after.stop();
});
