import { expect, test } from 'vitest';
import { filterPrompts, tagsOf } from '../../../renderer/prompts/filter-prompts.ts';
import { nameFor, resembles, tagsFrom } from '../../../renderer/prompts/prompt-name.ts';
import { fillVariables, variableNames } from '../../../renderer/prompts/prompt-variables.ts';
import { unfilledSentence } from '../../../renderer/prompts/unfilled-sentence.ts';
import { savedPrompt } from './saved-prompt.ts';

test('variables are names in braces, each once', () => {
  expect(variableNames('A {subject} and { art style }, again {subject}, in {année}, {主題}')).toEqual([
    'subject',
    'art style',
    'année',
    '主題',
  ]);
});

test('JSON, Vary’s values, escaped braces and commands are no variables', () => {
  for (const text of [
    '{"scene": "a fox"}',
    '{}',
    '{ }',
    '{a|b}',
    '\\{subject}',
    '\\frac{a}{b}',
    '{1}',
    '{a: b}',
    '{{',
    '{\nx}',
  ])
    expect(variableNames(text), text).toEqual([]);
});

test('variables without a value stay as they are', () => {
  expect(fillVariables('{a} {b} {a}', { a: '$& {b}', constructor: 'x' })).toBe('$& {b} {b} $& {b}');
  expect(fillVariables('{a}{constructor}', { a: ' ' })).toBe('{a}{constructor}');
});

test('what is said names three at most', () => {
  expect(unfilledSentence(['a'])).toBe('{a} isn’t filled in and is sent as written.');
  expect(unfilledSentence(['a', 'b', 'c', 'd'])).toBe(
    '{a}, {b}, {c} and 1 more aren’t filled in and are sent as written.',
  );
});

test('a name is the first words, of any script', () => {
  expect(nameFor('  A red fox,\nin the snow')).toBe('A red fox, in the snow');
  expect(nameFor('x'.repeat(500))).toHaveLength(48);
  expect(nameFor('A fox in the deepest snow of the year, with a lantern and more')).toBe(
    'A fox in the deepest snow of the year, with a',
  );
  expect(tagsFrom(' a, B ,b,, c')).toEqual(['a', 'b', 'c']);
});

test('saved prompts are found by words of name, tags and text, without case and accents, and by tag', () => {
  const all = [
    savedPrompt(1, { name: 'Café', tags: ['Paris'], text: 'at night' }),
    savedPrompt(2, { name: 'Fox', tags: ['paris', 'animals'], text: 'in a cafe' }),
  ];
  const names = (search: string, tag: string | null = null): string[] =>
    filterPrompts(all, search, tag).map(({ name }) => name);
  expect(names('cafe')).toEqual(['Café', 'Fox']);
  expect(names('CAFE night')).toEqual(['Café']);
  expect(names('(fox')).toEqual([]);
  expect(names('', 'PARIS')).toEqual(['Café', 'Fox']);
  expect(names('', 'animals')).toEqual(['Fox']);
  expect(tagsOf(all)).toEqual(['Paris', 'animals']);
});

test('a changed text resembles its origin, another one doesn’t', () => {
  expect(resembles('a red fox in the snow', 'A blue fox in the deep snow')).toBe(true);
  expect(resembles('a red fox in the snow', 'a lighthouse at dusk')).toBe(false);
  expect(resembles('', '')).toBe(false);
});
