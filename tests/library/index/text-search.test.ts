import { expect, it } from 'vitest';
import { indexOfRows } from './index-of-rows.ts';
import { Random } from './random-library.ts';

const PROMPTS = [
  'A fox in a café',
  '猫と月の庭',
  'غروب فوق المدينة',
  '🦊 on ice',
  'Straße bei Nacht',
  'a red-glass bottle',
  'glass that is red',
  'überlichtgeschwindigkeit',
];

it('finds words folded, by character where no spaces are written, as phrases and by their beginning', async () => {
  const { find, library } = await indexOfRows(12, PROMPTS);
  const all = library.timelines();
  const found = (query: string): number[] =>
    find(query)
      .map((timeline) => all.indexOf(timeline))
      .filter((place) => place < PROMPTS.length);
  expect(found('CAFE')).toEqual([0]);
  expect(found('月')).toEqual([1]);
  expect(found('と月')).toEqual([1]);
  expect(found('月と')).toEqual([]);
  expect(found('المدينة')).toEqual([2]);
  expect(found('🦊')).toEqual([3]);
  expect(found('strasse')).toEqual([4]);
  expect(found('"red glass"')).toEqual([5]);
  expect(found('bott*')).toEqual([5]);
  expect(found('glass -"red glass" that')).toEqual([6]);
});

it('looks for parts of words where no word matches, and says so', async () => {
  const { ask, find, library } = await indexOfRows(12, PROMPTS);
  const view = ask('geschwindig');
  expect(view.byParts).toBe(true);
  expect(find('geschwindig')).toEqual([library.timelines()[7]]);
  expect(ask('fox').byParts).toBe(false);
  expect(ask('nothingatall')).toMatchObject({ total: 0, byParts: false });
});

it('finds words in the names of tags and collections', async () => {
  const { library, find } = await indexOfRows(6);
  const [first, second] = library.timelines();
  library.db.prepare('INSERT INTO image_tags VALUES (2, ?)').run(first);
  library.db.prepare('INSERT INTO collection_images VALUES (1, ?, 1, 1)').run(second);
  expect(find('acme')).toEqual([first]);
  expect(find('azul')).toEqual([second]);
  library.db.exec("UPDATE tags SET name = 'Umbrella', folded = 'umbrella' WHERE key = 2");
  expect(find('acme')).toEqual([]);
  expect(find('umbrella')).toEqual([first]);
});

it('takes anything for text: no operator, quote or bracket is an error, and long queries end', async () => {
  const { ask } = await indexOfRows(20, PROMPTS);
  const random = new Random(1);
  const pieces = [
    '"',
    "'",
    '(',
    ')',
    '*',
    '^',
    ':',
    '-',
    '+',
    ' ',
    'AND',
    'OR',
    'NOT',
    'NEAR(',
    '{',
    '}',
    '\\',
    'fox',
    '月',
    '🦊',
    '‏',
    '\u0000',
    'prompt:',
    'rowid',
    '%',
    '_',
    ';--',
    '\ud800',
    'é',
    '\u0301',
  ];
  for (let round = 0; round < 400; round += 1) {
    const query = Array.from({ length: random.below(12) }, () => random.of(pieces)).join(random.of(['', ' ']));
    expect(() => ask(query), JSON.stringify(query)).not.toThrow();
  }
  const started = performance.now();
  for (const query of [
    'fox '.repeat(2500),
    '"'.repeat(10_000),
    'a'.repeat(10_000),
    '月'.repeat(10_000),
    Array.from({ length: 2500 }, (_, n) => `w${n}`).join(' '),
    'x* '.repeat(3333),
  ])
    expect(() => ask(query)).not.toThrow();
  expect(performance.now() - started).toBeLessThan(20_000);
});
