import { expect, test } from 'vitest';
import { lowercaseFirst } from '../../../../renderer/shared/format/lowercase-first.ts';

test.each([
  ['Input fidelity', 'input fidelity'],
  ['SVG model', 'SVG model'],
  ['An image came', 'an image came'],
  ['HD', 'HD'],
  ['', ''],
])('“%s” inside a sentence', (words, inside) => {
  expect(lowercaseFirst(words)).toBe(inside);
});
