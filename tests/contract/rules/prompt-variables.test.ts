import fc from '../../fast-check.ts';
import { expect, test } from 'vitest';
import { findPromptVariables, parsePromptTemplate } from '../../../electron/contract/rules/batch.ts';

test('finds a variable’s position, including its braces', () => {
  const prompt = 'a {red|blue} kite over \\{the|sea} of {a|{ice | snow}';
  const found = findPromptVariables(prompt);
  expect(found.map(({ from, end }) => prompt.slice(from, end))).toEqual(['{red|blue}', '{ice | snow}']);
  expect(found.map(({ choices }) => choices)).toEqual([
    ['red', 'blue'],
    ['ice', 'snow'],
  ]);
  expect(findPromptVariables('a {kite|kite}, {one}, {')).toEqual([]);
});

test('finds the same variables as the template parser, in order', () => {
  const text = fc.string({ unit: fc.constantFrom('{', '|', '}', '\\', 'a', 'b', ' ') });
  fc.assert(
    fc.property(text, (prompt) => {
      const read = parsePromptTemplate(prompt).filter((part) => Array.isArray(part));
      expect(findPromptVariables(prompt).map(({ choices }) => choices)).toEqual(read);
    }),
    { numRuns: 2000 },
  );
});
