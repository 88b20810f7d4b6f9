import { expect, test } from 'vitest';
import { parsePromptTemplate } from '../../../../electron/contract/rules/batch.ts';
import type { Sha256 } from '../../../../electron/contract/entities/ids.ts';
import type { Input } from '../../../../electron/contract/entities/requests.ts';
import { withNotes } from '../../../../renderer/request/model/reference-notes.ts';

const sha = (letter: string): Sha256 => letter.repeat(64) as Sha256;
const image = (letter: string): Input => ({ role: 'image', sha256: sha(letter), image: null });
const literal = (text: string): { text: string; isTemplate: boolean } => ({ text, isTemplate: false });
const INPUTS: Input[] = [image('a'), image('b'), image('c'), { role: 'mask', sha256: sha('d'), image: null }];

test('each note goes out below the prompt, under the number that the model knows the image by', () => {
  const notes = {
    [sha('b')]: ' the glaze ',
    [sha('c')]: '',
    [sha('d')]: 'not of a mask',
    [sha('e')]: 'of none that goes',
  };
  expect(withNotes(literal('Glaze the bottle'), INPUTS, notes)).toBe('Glaze the bottle\n\nImage 2: the glaze');
});

test('without notes, or without a prompt, nothing is added', () => {
  expect(withNotes(literal('Glaze the bottle'), INPUTS, {})).toBe('Glaze the bottle');
  expect(withNotes(literal('  '), INPUTS, { [sha('b')]: 'the glaze' })).toBe('  ');
});

test('a note in a template is no variable', () => {
  const template = withNotes({ text: 'A {red|blue} bottle', isTemplate: true }, INPUTS, {
    [sha('a')]: 'braces {like|these}',
  });
  const variables = parsePromptTemplate(template).filter((part) => Array.isArray(part));
  expect(variables).toEqual([['red', 'blue']]);
});
