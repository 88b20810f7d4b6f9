import fc from '../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { CSV_HEAD, toCsv } from '../../../renderer/spending/csv.ts';
import { PROMPTS } from '../../prompts-as-typed.ts';
import { spendingLine as line } from './spending-line.ts';

/** A reader of RFC 4180, as plain as the format. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let rest = text;
  while (rest !== '') {
    const match = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/u.exec(rest);
    if (!match) throw new Error(`Not a cell: ${rest.slice(0, 40)}`);
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') rows.push([]);
    rest = rest.slice(match[0].length);
  }
  return rows.slice(0, -1);
}

describe('the CSV file', () => {
  test('holds a prompt as it was typed, behind the apostrophe of a formula', () => {
    const cells = readCsv(toCsv(PROMPTS.map((prompt) => line({ prompt })))).map((row) =>
      row.at(-1)?.replace(/^'/u, ''),
    );
    expect(cells).toEqual(PROMPTS);
  });

  test('has one row for each request under one row of names, and no byte order mark', () => {
    const [head = [], row = []] = readCsv(CSV_HEAD + toCsv([line({ collections: ['Casa Azul', 'Ships'] })]));
    expect(head[0]).toBe('time');
    expect(Object.fromEntries(head.map((name, index) => [name, row[index]]))).toEqual({
      time: '2026-11-22T11:20:41.000Z',
      profile: 'OpenAI',
      operation: 'create',
      model: 'gpt-image-2',
      size: '1024x1024',
      quality: 'low',
      images: '1',
      input_tokens: '7',
      output_tokens: '272',
      cost_usd: '0.008195',
      at_most_usd: '',
      billing: 'billed',
      request_id: 'req_1',
      generation_id: 'g',
      collections: 'Casa Azul; Ships',
      prompt: 'a lighthouse',
    });
  });

  test('tells what is not certain apart from what is', () => {
    const [, row] = readCsv(CSV_HEAD + toCsv([line({ cost: null, requestId: null })]));
    expect(row?.slice(9, 11)).toEqual(['', '0.009']);
  });

  test('gives back any text, and no cell that a spreadsheet would work out', () => {
    const nasty = fc.oneof(
      fc.string({ unit: fc.constantFrom('"', "'", ',', '\r', '\n', '=', '+', '-', '@', '\t', ' ', 'a', 'é') }),
      fc.string(),
    );
    fc.assert(
      fc.property(nasty, nasty, (prompt, profile) => {
        const rows = readCsv(toCsv([line({ prompt, profile })]));
        expect(rows).toHaveLength(1);
        const cells = [rows[0]?.[1] ?? '', rows[0]?.at(-1) ?? ''];
        expect(cells.map((cell) => cell.replace(/^'/u, ''))).toEqual([profile, prompt]);
        for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@]/u);
      }),
      { numRuns: 500 },
    );
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '=HYPERLINK("http://x")', "'@", "'tis"])(
    'disarms %j',
    (prompt) => {
      expect(readCsv(toCsv([line({ prompt })]))[0]?.at(-1)).toBe(`'${prompt}`);
    },
  );
});
