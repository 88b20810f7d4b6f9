import { expect, test } from 'vitest';
import { isComposing } from '../../../../renderer/shared/keyboard/composing.ts';

test.each([
  ['the Enter that accepts a composed word', { isComposing: true, keyCode: 13 }, true],
  ['the same in a browser that ends the composition first', { isComposing: false, keyCode: 229 }, true],
  ['an ordinary Enter', { isComposing: false, keyCode: 13 }, false],
])('%s', (_name, event, composing) => {
  expect(isComposing(event)).toBe(composing);
});
