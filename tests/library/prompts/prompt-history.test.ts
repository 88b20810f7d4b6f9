import { expect, it } from 'vitest';
import { indexUsedPrompts } from '../../../electron/library/prompts/index-prompts.ts';
import { readPromptHistory } from '../../../electron/library/prompts/prompt-history.ts';
import type { Library } from '../../../electron/library/library.ts';
import { recordIntent } from '../../../electron/library/jobs/jobs.ts';
import { intentFor, savedImage, testLibrary } from '../test-library.ts';

function use({ db }: Library, ...prompts: string[]): void {
  for (const prompt of prompts) recordIntent(db, intentFor(prompt));
}

async function found({ db }: Library, search: string): Promise<string[]> {
  await indexUsedPrompts(db);
  const { prompts } = await readPromptHistory(db, { search, after: null, limit: 10 });
  return prompts.map(({ prompt }) => prompt);
}

it('lists each prompt once, last used first, with its best image', async () => {
  const library = await testLibrary();
  const image = await savedImage(library, { prompt: 'a fox' });
  use(library, 'a boat', 'a fox', 'a house', 'a fox', '');
  expect(await found(library, '')).toEqual(['a fox', 'a house', 'a boat']);
  const { prompts } = await readPromptHistory(library.db, { search: '', after: null, limit: 1 });
  expect(prompts[0]?.image?.id).toBe(image.id);
});

it('is paged by key: a prompt used meanwhile neither repeats nor hides others', async () => {
  const library = await testLibrary();
  use(library, 'one', 'two', 'three', 'four');
  const first = await readPromptHistory(library.db, { search: '', after: null, limit: 2 });
  use(library, 'five', 'one');
  const second = await readPromptHistory(library.db, { search: '', after: first.next, limit: 2 });
  expect([first, second].map(({ prompts }) => prompts.map(({ prompt }) => prompt))).toEqual([
    ['four', 'three'],
    ['two'],
  ]);
  expect(second.next).toBeNull();
});

it('keeps prompts of the same millisecond apart, and the order of use where the clock was set back', async () => {
  const library = await testLibrary();
  for (const [prompt, createdAt] of [
    ['a', 5],
    ['b', 5],
    ['c', 2],
  ] as const)
    recordIntent(library.db, intentFor(prompt, { createdAt }));
  expect(await found(library, '')).toEqual(['c', 'b', 'a']);
});

it('finds words, folded, the last one by its beginning; also after a prompt was used again', async () => {
  const library = await testLibrary();
  use(library, 'Árbol rojo', '赤い狐', 'a red fox 🦊', 'a boat');
  expect(await found(library, 'arbol')).toEqual(['Árbol rojo']);
  expect(await found(library, '狐')).toEqual(['赤い狐']);
  expect(await found(library, 'r')).toEqual(['a red fox 🦊', 'Árbol rojo']);
  expect(await found(library, 'a -fox')).toEqual(['a boat']);
  expect(await found(library, '-fox')).toEqual(['a boat', '赤い狐', 'Árbol rojo']);
  use(library, 'Árbol rojo');
  expect(await found(library, 'r')).toEqual(['Árbol rojo', 'a red fox 🦊']);
});

it('takes operators, quotes and brackets as text', async () => {
  const library = await testLibrary();
  use(library, 'NEAR(fox)', 'fox AND boat');
  for (const search of [
    'NEAR(',
    '"',
    '""',
    '*',
    '^fox',
    'prompt:fox',
    'fox AND',
    '(((',
    '{}',
    ')',
    "'; DROP TABLE prompts",
  ])
    await expect(found(library, search)).resolves.toBeDefined();
  expect(await found(library, 'near(fox')).toEqual(['NEAR(fox)']);
  expect(await found(library, '()')).toEqual([]);
});

it('finds those without a word among very many with it, and lets others go first meanwhile', async () => {
  const library = await testLibrary();
  library.db.transaction(() => {
    use(library, 'a boat');
    for (let number = 0; number < 1200; number += 1)
      use(library, number % 500 === 30 ? `ship ${number}` : `fox ${number}`);
  })();
  await indexUsedPrompts(library.db);
  let turns = 0;
  let isCounting = true;
  const count = (): void => {
    turns += 1;
    if (isCounting) setImmediate(count);
  };
  setImmediate(count);
  expect(await found(library, '-fox')).toEqual(['ship 1030', 'ship 530', 'ship 30', 'a boat']);
  isCounting = false;
  expect(await found(library, '-fox -ship')).toEqual(['a boat']);
  expect(turns).toBeGreaterThan(1);
  const first = await readPromptHistory(library.db, { search: '-fox', after: null, limit: 2 });
  const rest = await readPromptHistory(library.db, { search: '-fox', after: first.next, limit: 9 });
  expect(rest.prompts.map(({ prompt }) => prompt)).toEqual(['ship 30', 'a boat']);
});
