import fc from '../../fast-check.ts';
import { growth, STEEP } from '../../growth.ts';
import { describe, expect, test } from 'vitest';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import {
  HAS_VALUES,
  IS_VALUES,
  LIKENESS_FIELDS,
  VALUE_FIELDS,
  type Filter,
  type Query,
  type TextTerm,
} from '../../../electron/contract/entities/query.ts';
import { dayBounds } from '../../../electron/contract/query/days.ts';
import {
  valuesOf,
  withFilter,
  withoutFilters,
  withoutValue,
  withValue,
} from '../../../electron/contract/query/edit-query.ts';
import { parseParts, parseQuery } from '../../../electron/contract/query/parse-query.ts';
import { printQuery } from '../../../electron/contract/query/print-query.ts';

const ID = '00000000-0000-7000-8000-000000000001' as ImageId;
const word = (text: string, not = false): TextTerm => ({ kind: 'word', text, not });

/** Text with many characters that mean something. */
const awkward = fc.string({
  unit: fc.constantFrom(
    '"',
    '\\',
    ':',
    '：',
    '*',
    '-',
    ',',
    ' ',
    '\n',
    '\u3000',
    '.',
    '>',
    'a',
    'é',
    '狐',
    'ש',
    '🦊',
    'tag:',
  ),
  minLength: 1,
  maxLength: 10,
});
const free = VALUE_FIELDS.filter((field) => !['is', 'has', 'op', 'size', 'asked'].includes(field));
const term: fc.Arbitrary<TextTerm> = fc.oneof(
  fc.record({ kind: fc.constantFrom('word' as const, 'prefix' as const), text: awkward, not: fc.boolean() }),
  fc.record({
    kind: fc.constant('phrase' as const),
    text: awkward.filter((text) => text.trim() !== ''),
    not: fc.boolean(),
  }),
);
const values = (of: fc.Arbitrary<string>) => fc.uniqueArray(of, { minLength: 1, maxLength: 4 });
const numbers = fc
  .uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 2 })
  .map((list) => list.sort());
const micros = fc
  .integer({ min: 0, max: 9_000_000 })
  .map((value) => String(value / 1_000_000).replace(/^.*e.*$/u, '0.5'));
const dates = fc.constantFrom(
  '2026',
  '2024-02-29',
  '2026-11',
  'today',
  'this-week',
  '30-days',
  '0001-01-01',
  '9999-12',
);
const range = (
  field: 'rating' | 'cost' | 'date',
  ends: fc.Arbitrary<{ from: string | null; to: string | null }>,
): fc.Arbitrary<Filter> => fc.tuple(ends, fc.boolean()).map(([{ from, to }, not]) => ({ field, from, to, not }));
const ends = (of: fc.Arbitrary<string>) =>
  fc.oneof(
    of.map((from) => ({ from, to: null })),
    of.map((to) => ({ from: null, to })),
    of.map((both) => ({ from: both, to: both })),
  );
const filter: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ field: fc.constantFrom(...free), values: values(awkward), not: fc.boolean() }),
  fc.record({ field: fc.constant('is' as const), values: values(fc.constantFrom(...IS_VALUES)), not: fc.boolean() }),
  fc.record({ field: fc.constant('has' as const), values: values(fc.constantFrom(...HAS_VALUES)), not: fc.boolean() }),
  fc.record({ field: fc.constantFrom(...LIKENESS_FIELDS), image: fc.constant(ID), not: fc.boolean() }),
  range(
    'rating',
    numbers.map(([from, to]) => ({ from: String(from), to: String(to) })),
  ),
  range('cost', ends(micros)),
  range('date', ends(dates)),
);
const query: fc.Arbitrary<Query> = fc.record({
  text: fc.array(term, { maxLength: 5 }),
  filters: fc.array(filter, { maxLength: 5 }),
});

describe('a query', () => {
  test('is the same after printing and parsing', () => {
    fc.assert(
      fc.property(query, (asked) => {
        expect(parseQuery(printQuery(asked))).toEqual({ query: asked, errors: [] });
      }),
      { numRuns: 2000 },
    );
  });

  test('of any text prints as a text that stays; its errors lie inside it', () => {
    const pieces = fc.array(
      fc.oneof(awkward, fc.string({ unit: 'binary' }), fc.constantFrom('rating:', 'op:', '(', 'NEAR/3')),
    );
    fc.assert(
      fc.property(
        pieces.map((list) => list.join('')),
        (text) => {
          const { query: read, errors } = parseQuery(text);
          for (const { at, length } of errors) {
            expect(at).toBeGreaterThanOrEqual(0);
            expect(length).toBeGreaterThan(0);
            expect(at + length).toBeLessThanOrEqual(text.length);
          }
          const printed = printQuery(read);
          expect(parseQuery(printed).query).toEqual(read);
          expect(printQuery(parseQuery(printed).query)).toBe(printed);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('as documented is understood', () => {
    const text = `fox "red glass" ligh* -draft model:gpt-image-2.6 op:edit size:3840×2160 rating:>=4 tag:client/acme -tag:wip in:"Casa Azul" has:mask date:2026-10..2026-11 cost:>0.05 is:favourite similar:${ID}`;
    expect(parseQuery(text)).toEqual({
      query: {
        text: [
          word('fox'),
          { kind: 'phrase', text: 'red glass', not: false },
          { kind: 'prefix', text: 'ligh', not: false },
          word('draft', true),
        ],
        filters: [
          { field: 'model', values: ['gpt-image-2.6'], not: false },
          { field: 'op', values: ['edit'], not: false },
          { field: 'size', values: ['3840x2160'], not: false },
          { field: 'rating', from: '4', to: null, not: false },
          { field: 'tag', values: ['client/acme'], not: false },
          { field: 'tag', values: ['wip'], not: true },
          { field: 'in', values: ['Casa Azul'], not: false },
          { field: 'has', values: ['mask'], not: false },
          { field: 'date', from: '2026-10', to: '2026-11', not: false },
          { field: 'cost', from: '0.050001', to: null, not: false },
          { field: 'is', values: ['favourite'], not: false },
          { field: 'similar', image: ID, not: false },
        ],
      },
      errors: [],
    });
  });

  test.each([
    ['AND OR NOT NEAR(a b) ^x {y} a+b', ['AND', 'OR', 'NOT', 'NEAR(a', 'b)', '^x', '{y}', 'a+b']],
    ['"unbalanced quote', ['"unbalanced', 'quote']],
    ['- -- * "" 12:30 https://a.b/c', ['-', '--', '*', '12:30', 'https://a.b/c']],
    ['--ar 16:9 －－v －', ['--ar', '16:9', '－－v', '－']],
    [String.raw`\－red`, ['－red']],
    [String.raw`model\:x C:\path`, ['model:x', String.raw`C:\path`]],
    ['赤い狐 شمس 🦊 Ａ：Ｂ', ['赤い狐', 'شمس', '🦊', 'Ａ：Ｂ']],
  ])('%s is plain text', (text, words) => {
    const { query: read, errors } = parseQuery(text);
    expect([read.text.map((each) => each.text), read.filters, errors]).toEqual([words, [], []]);
  });

  test.each<[string, string | null, string | null]>([
    ['4', '4', '4'],
    ['>4', '5', null],
    ['<4', null, '3'],
    ['<=4', null, '4'],
    ['≥4', '4', null],
    ['3..5', '3', '5'],
    ['5..3', '3', '5'],
    ['3..', '3', null],
    ['..5', null, '5'],
    ['none', '0', '0'],
  ])('rating:%s', (typed, from, to) => {
    expect(parseQuery(`RATING：${typed}`).query.filters).toEqual([{ field: 'rating', from, to, not: false }]);
  });

  test.each([
    ['date:2026-2-3', 'date:2026-02-03'],
    ['date:>2026-12', 'date:>=2027-01'],
    ['date:<2026-03-01', 'date:<=2026-02-28'],
    ['date:<today', 'date:<=yesterday'],
    ['date:2026-11..2025', 'date:2025..2026-11'],
    ['date:2026-11..2026', 'date:2026-11..2026'],
    ['cost:none', '-cost:>=0'],
    ['cost:$.5..', 'cost:>=0.5'],
    ['cost:10', 'cost:10'],
    ['bytes:<2.5MB', 'bytes:<=2.499999'],
    ['source:A1111,draw-things,ComfyUI', 'source:Automatic1111,"Draw Things",ComfyUI'],
    ['is:favorite Operation:EDIT collection:a,"b, c",,a', 'is:favourite op:edit in:a,"b, c"'],
  ])('%s is written as %s', (typed, written) => {
    expect(printQuery(parseQuery(typed).query)).toBe(written);
  });

  test.each([
    ['fox foo:bar', 4, 3, 'Unknown filter “foo”. Searching for it as text.'],
    ['formt:png', 0, 5, 'Unknown filter “formt”. Did you mean “format”?'],
    ['a -rating:9', 10, 1, 'Ratings are 0 to 5.'],
    ['op:edit,paint', 8, 5, '“op:” has no value “paint”. Use create, edit or variation.'],
    ['is:favourit', 3, 8, '“is:” has no value “favourit”. Did you mean “favourite”?'],
    ['model: x', 0, 6, '“model:” needs a value.'],
    ['similar:fox', 8, 3, '“similar:” needs an image’s ID.'],
    ['date:2026-02-30', 5, 10, 'Write a date as 2026, 2026-11 or 2026-11-30, or as today, this-week or 7-days.'],
    ['rating:1,2', 9, 1, '“rating:” takes one value or range.'],
  ])('%s: the error says where', (text, at, length, message) => {
    expect(parseQuery(text).errors).toEqual([{ at, length, message }]);
  });

  test('an unknown filter stays text, and a wrong value of several is left out', () => {
    expect(parseQuery('foo:bar').query.text).toEqual([word('foo:bar')]);
    expect(parseQuery('op:edit,paint').query.filters).toEqual([{ field: 'op', values: ['edit'], not: false }]);
  });

  test.each(['"', '\\"', 'a:', 'ab:c ', 'tag:"', 'tag:",', '-', ', ', 'rating:9 ', '🦊'])(
    '10,000 characters of %s are parsed at once',
    (piece) => {
      const textOf = (length: number): string => piece.repeat(length).slice(0, length);
      expect(growth(textOf, parseQuery, 156)).toBeLessThan(STEEP);
      const text = textOf(10_000);
      expect(parseQuery(text).errors.length).toBeLessThanOrEqual(20);
      expect(parseQuery(`${text}xx`).errors.at(0)?.message).toBe(
        'A search can have up to 10,000 characters. The rest is left out.',
      );
    },
  );
});

test.each([
  ['today', '2026-12-01', '2026-12-01'],
  ['yesterday', '2026-11-30', '2026-11-30'],
  ['this-week', '2026-11-30', '2026-12-06'],
  ['last-week', '2026-11-23', '2026-11-29'],
  ['this-month', '2026-12-01', '2026-12-31'],
  ['last-month', '2026-11-01', '2026-11-30'],
  ['this-year', '2026-01-01', '2026-12-31'],
  ['7-days', '2026-11-25', '2026-12-01'],
  ['2024-02', '2024-02-01', '2024-02-29'],
  ['2026', '2026-01-01', '2026-12-31'],
])('%s on 1 December 2026', (value, first, last) => {
  expect(dayBounds(value, '2026-12-01')).toEqual({ first, last });
  expect(dayBounds('2026-13', '2026-12-01')).toBeNull();
});

describe('editing a text', () => {
  const tag = (value: string, not = false) => ({ field: 'tag' as const, values: [value], not });

  test('keeps what was typed', () => {
    const text = 'red   "glass" tag:a  rating:>4 fox';
    expect(withValue(text, tag('b c'))).toBe('red   "glass" tag:a,"b c"  rating:>4 fox');
    expect(withValue(text, tag('a', true))).toBe('red   "glass" rating:>4 fox -tag:a');
    expect(withFilter(text, { field: 'rating', from: null, to: '2', not: false })).toBe(
      'red   "glass" tag:a  rating:<=2 fox',
    );
    expect(withoutFilters(text, ({ field }) => field === 'tag')).toBe('red   "glass" rating:>4 fox');
    expect(withoutValue('tag:a', tag('a'))).toBe('');
    expect(withFilter('  ', { field: 'cost', from: '1', to: null, not: false })).toBe('cost:>=1');
  });

  test('merges filters on one field', () => {
    expect(withValue('tag:a fox tag:b', tag('c'))).toBe('tag:a,b,c fox');
    expect(valuesOf('tag:a fox tag:b -tag:c', 'tag', false)).toEqual(['a', 'b']);
  });
});

test('parts have their places', () => {
  const { parts } = parseParts(' fox -tag:"a b" foo: ');
  expect(parts.map(({ at, length }) => [at, length])).toEqual([
    [1, 3],
    [5, 10],
    [16, 4],
  ]);
});
