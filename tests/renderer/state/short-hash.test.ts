import { expect, test } from 'vitest';
import { shortHash } from '../../../renderer/state/short-hash.ts';

test.each([
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['foobar', '85944171f73967e8'],
])('the hash of %j is that of the published FNV-1a vectors', (text, hash) => {
  expect(shortHash(text)).toBe(hash);
});

test('one changed character of a long prompt changes the hash', () => {
  const prompt = 'A fox – ünïcode '.repeat(2000);
  expect(shortHash(prompt)).not.toBe(shortHash(`${prompt.slice(0, -1)}.`));
});
