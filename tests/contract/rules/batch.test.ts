import fc from '../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import {
  batchAxes,
  countCombinations,
  escapePromptTemplate,
  expandBatch,
  expandPromptTemplate,
  hasPromptVariables,
  parsePromptTemplate,
  type BatchRequest,
} from '../../../electron/contract/rules/batch.ts';
import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import type { Quality } from '../../../electron/contract/catalogue/parameters.ts';

/** Text with many special characters. */
const awkward = fc.string({
  unit: fc.constantFrom('{', '|', '}', '\\', ' ', '\n', 'a', 'b', 'é', '🌊'),
  maxLength: 12,
});
/** A choice after parsing: trimmed. */
const choice = awkward.map((text) => text.trim());
const variable = fc.uniqueArray(choice, { minLength: 2, maxLength: 4 });

function write(parts: readonly (string | string[])[]): string {
  return parts
    .map((part) =>
      Array.isArray(part) ? `{${part.map(escapePromptTemplate).join(' | ')}}` : escapePromptTemplate(part),
    )
    .join('');
}

/** Joins adjacent texts. */
function joined(parts: readonly (string | string[])[]): (string | string[])[] {
  const list: (string | string[])[] = [];
  for (const part of parts) {
    const last = list.at(-1);
    if (typeof part === 'string' && typeof last === 'string') list[list.length - 1] = last + part;
    else if (part !== '') list.push(part);
  }
  return list;
}

describe('prompt template', () => {
  test('round-trips any characters', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(awkward, variable), { maxLength: 6 }), (parts) => {
        expect(parsePromptTemplate(write(parts))).toEqual(joined(parts));
      }),
      { numRuns: 2000 },
    );
  });

  test('equals the prompt if it contains nothing special', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        fc.pre(!/[{\\]/u.test(text));
        expect(parsePromptTemplate(text)).toEqual([text]);
        expect(hasPromptVariables(text)).toBe(false);
      }),
    );
  });

  test('never throws, never loses a letter, and parses long random text', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        const letters = (from: string): string => from.replaceAll(/[^abé🌊]/gu, '');
        const parts = parsePromptTemplate(text);
        if (!parts.some((part) => Array.isArray(part)) && !text.includes('|'))
          expect(letters(parts.join(''))).toBe(letters(text));
      }),
      { numRuns: 2000 },
    );
    for (const nonsense of ['{', '{|', '\\', '{a|', '|}', '{a|b\\}']) parsePromptTemplate(nonsense.repeat(8000));
  });

  test.each<[string, (string | string[])[]]>([
    ['a {red|green} door', ['a ', ['red', 'green'], ' door']],
    ['a {|red} door', ['a ', ['', 'red'], ' door']],
    ['{ morning | night }', [['morning', 'night']]],
    ['{a|a|b}', [['a', 'b']]],
    ['the {only|only} one', ['the only one']],
    ['{no bar}', ['{no bar}']],
    ['{a|{b|c}}', ['{a|', ['b', 'c'], '}']],
    ['{a|b', ['{a|b']],
    ['a|b}', ['a|b}']],
    ['\\{a|b\\}', ['{a|b}']],
    ['{a\\|b}', ['{a|b}']],
    ['{a\\}|b}', [['a}', 'b']]],
    ['\\\\{a|b}', ['\\', ['a', 'b']]],
    ['C:\\new', ['C:\\new']],
    ['', []],
  ])('%j reads as %j', (prompt, parts) => {
    expect(parsePromptTemplate(prompt)).toEqual(parts);
  });
});

function batch(prompt: string, models: string[] = [], qualities: Quality[] = []): BatchRequest {
  const base: JobRequest = {
    operation: 'create',
    profileId: 'demo' as ProfileId,
    parameters: { prompt, model: 'gpt-image-2', n: 2, quality: 'low' },
  };
  return { base, models, qualities };
}

const prompts = (batchRequest: BatchRequest): string[] =>
  expandBatch(batchRequest).map(({ request }) => ('prompt' in request.parameters ? request.parameters.prompt : ''));

describe('batch', () => {
  test('contains every combination once, the last axis fastest', () => {
    const batchRequest = batch('{dusk|dawn} over {sea|sand}', ['gpt-image-2', 'dall-e-3'], ['low', 'high']);
    const cells = expandBatch(batchRequest);
    expect(batchAxes(batchRequest).map(({ kind, values }) => [kind, values.length])).toEqual([
      ['variable', 2],
      ['variable', 2],
      ['model', 2],
      ['quality', 2],
    ]);
    expect(cells.map(({ at }) => at.join(''))).toEqual(
      Array.from({ length: 16 }, (_, index) => index.toString(2).padStart(4, '0')),
    );
    expect(cells[5]).toMatchObject({
      at: [0, 1, 0, 1],
      request: { parameters: { prompt: 'dusk over sand', model: 'gpt-image-2', quality: 'high', n: 2 } },
    });
  });

  test('has as many distinct indexes and requests as counted', () => {
    const lists = fc.record({
      parts: fc.array(fc.oneof(fc.constantFrom('x ', 'y'), variable), { maxLength: 3 }),
      models: fc.array(fc.constantFrom('gpt-image-2', 'gpt-image-1.5', 'my-model'), { maxLength: 4 }),
      qualities: fc.array(fc.constantFrom<Quality>('auto', 'low', 'high'), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(lists, ({ parts, models, qualities }) => {
        const batchRequest = batch(write(parts), models, qualities);
        const cells = expandBatch(batchRequest);
        expect(cells).toHaveLength(countCombinations(batchRequest));
        expect(new Set(cells.map(({ at }) => at.join())).size).toBe(cells.length);
        const axes = batchAxes(batchRequest);
        expect(axes.every(({ values }) => values.length > 1)).toBe(true);
        for (const { at, request } of cells) {
          expect(at).toHaveLength(axes.length);
          const chosen = axes.map(({ values }, axis) => values[at[axis] ?? -1]);
          const variables = chosen.filter((_, axis) => axes[axis]?.kind === 'variable');
          const filled = joined(parts).map((part) => (Array.isArray(part) ? variables.shift() : part));
          expect('prompt' in request.parameters && request.parameters.prompt).toBe(filled.join(''));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('without axes is its base, or the only model and quality of the lists', () => {
    expect(expandBatch(batch('a kite'))).toEqual([{ at: [], request: batch('a kite').base }]);
    const [only] = expandBatch(batch('a kite', ['dall-e-3', 'dall-e-3'], ['hd']));
    expect(only?.request.parameters).toMatchObject({ model: 'dall-e-3', quality: 'hd' });
    expect(prompts(batch('a {kite|kite}'))).toEqual(['a kite']);
  });

  test('has a prompt without variables where it says so, even with braces', () => {
    const literal = { ...batch('{a|b} \\\\', ['gpt-image-2', 'dall-e-3']), variables: false };
    expect(countCombinations(literal)).toBe(2);
    expect(prompts(literal)).toEqual(['{a|b} \\\\', '{a|b} \\\\']);
  });

  test('the first prompts of a template are those of its batch', () => {
    const template = '{dusk|dawn} over {sea|sand|snow}';
    expect(expandPromptTemplate(template, 4)).toEqual(prompts(batch(template)).slice(0, 4));
    expect(expandPromptTemplate(template, 100)).toEqual(prompts(batch(template)));
    expect(expandPromptTemplate('{a|b}'.repeat(2000), 3)).toHaveLength(3);
    expect(expandPromptTemplate('\\{x', 3)).toEqual(['{x']);
  });

  test('varies only the model of variations', () => {
    const base: JobRequest = {
      operation: 'variation',
      profileId: 'demo' as ProfileId,
      parameters: { model: 'dall-e-2', n: 1 },
      inputs: [],
    };
    const cells = expandBatch({ base, models: ['dall-e-2', 'mine'], qualities: ['low', 'high'] });
    expect(cells.map(({ request }) => request.parameters)).toEqual([
      { model: 'dall-e-2', n: 1 },
      { model: 'mine', n: 1 },
    ]);
  });
});
