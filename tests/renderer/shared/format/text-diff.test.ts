import fc from '../../../fast-check.ts';
import { expect, test } from 'vitest';
import { diffWords } from '../../../../renderer/shared/format/text-diff.ts';

const told = (before: string, after: string): string =>
  (diffWords(before, after) ?? [])
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'added' ? `[+${text}]` : `[-${text}]`))
    .join('');

test('added and removed words', () => {
  expect(told('a fox in snow', 'a red fox in deep snow')).toBe('a [+red ]fox in [+deep ]snow');
  expect(told('a fox in snow', 'a fox')).toBe('a fox[-in snow]');
  expect(told('a fox', 'two hares')).toBe('[-a fox][+two hares]');
  expect(told('', 'a fox')).toBe('[+a fox]');
  expect(told('a  fox\n', 'a fox')).toBe('a fox');
});

test('same and added pieces are the newer text, same and removed ones the older text’s words', () => {
  const text = fc.array(fc.constantFrom('a', 'fox', 'in', 'the', 'snow', 'b', '\n'), { maxLength: 20 });
  fc.assert(
    fc.property(text, text, (left, right) => {
      const [before, after] = [left.join(' '), right.join(' ')];
      const pieces = diffWords(before, after) ?? [];
      const of = (gone: string) => pieces.filter(({ kind }) => kind !== gone).map(({ text: piece }) => piece);
      expect(of('removed').join('')).toBe(after);
      expect(of('added').join(' ').split(/\s+/u).filter(Boolean)).toEqual(before.split(/\s+/u).filter(Boolean));
    }),
  );
});

test('very long, different texts are not compared', () => {
  const words = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word}${index}`).join(' ');
  expect(diffWords(words('a'), words('b'))).toBeNull();
  expect(diffWords(words('a'), `${words('a')} more`)).not.toBeNull();
});
