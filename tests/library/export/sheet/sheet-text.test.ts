import { createRequire } from 'node:module';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SHEET } from '../../../../electron/contract/entities/exports.ts';
import { Fonts } from '../../../../electron/library/export/sheet/fonts.ts';
import { SheetDocument } from '../../../../electron/library/export/sheet/sheet-document.ts';
import { breakLines, plainText } from '../../../../electron/library/export/sheet/text-lines.ts';
import { directionOf, visualRuns } from '../../../../electron/library/export/sheet/visual-runs.ts';
import { emptyFolder } from '../../test-library.ts';
import { pdfStreams, readPdf } from './read-pdf.ts';

const { signal } = new AbortController();

/** A sheet that has nothing but frames with these names, drawn with the fonts that come with Emulsion and those of `files`. */
async function sheetWith(names: readonly string[], files: readonly string[] = []) {
  const parts: Buffer[] = [];
  const fonts = await Fonts.open(() => Promise.resolve([...files]));
  const write = (data: Buffer): Promise<void> => Promise.resolve(void parts.push(Buffer.from(data)));
  const document = new SheetDocument({ ...DEFAULT_SHEET, columns: 1 }, fonts, write, signal);
  for (const name of names) await document.addFrame('', { name, prompt: '' });
  await document.end();
  const path = join(await emptyFolder(), 'sheet.pdf');
  await writeFile(path, Buffer.concat(parts));
  const [page] = (await readPdf(path)).pages;
  return { undrawn: document.undrawn, texts: page?.texts.slice(1) ?? [], path };
}

describe('text of a sheet', () => {
  test.each([
    ['Western', 'Les élèves — “naïve” café, œuvre: 100 %'],
    ['Central European', 'Žluťoučký kůň, źdźbło, őszi'],
    ['Greek', 'Αλεπού στο χιόνι'],
    ['Cyrillic', 'Лиса в снегу'],
    ['emoji', '🦊 in snow ❄️ 👩‍👩‍👧 🇩🇪'],
    ['Vietnamese', 'Con cáo đỏ trong tuyết'],
  ])('is found again: %s', async (_, text) => {
    const { texts, undrawn } = await sheetWith([text]);
    expect(texts.join(' ').normalize('NFC')).toBe(text);
    expect(undrawn).toBe(0);
  });

  test.each([
    ['Arabic', 'ثعلب أحمر في الثلج'],
    ['Hebrew', 'שועל אדום בשלג'],
  ])('from right to left is found again, letter by letter: %s', async (_, text) => {
    const { texts, undrawn } = await sheetWith([text]);
    expect(undrawn).toBe(0);
    const lettersOf = (found: string): string[] => Array.from(found.normalize('NFKC').replaceAll(' ', '')).sort();
    expect(lettersOf(texts.join(''))).toEqual(lettersOf(text));
  });

  test('that no font has is a box, is found as what it stands for, and is counted', async () => {
    const { undrawn, path } = await sheetWith(['a 狐 fox', 'plain']);
    expect(undrawn).toBe(1);
    const { content } = await pdfStreams(path);
    const spans = [...content.matchAll(/\/ActualText \(([\s\S]*?)\)/gu)].map(([, text = '']) =>
      Buffer.from(text, 'latin1'),
    );
    expect(spans.map((span) => span.swap16().toString('utf16le'))).toEqual(['\ufeff狐']);
  });

  test('is drawn with another font of the computer where that has it, and a broken one is passed over', async () => {
    const broken = join(await emptyFolder(), 'broken.ttf');
    const other = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuMathTeXGyre.ttf');
    await writeFile(broken, (await readFile(other)).subarray(0, 5000));
    const { undrawn, texts } = await sheetWith(['𝒜 fox'], [broken, join(broken, 'missing.ttf'), other]);
    expect(undrawn).toBe(0);
    expect(texts.join('')).toContain('𝒜');
  });
});

describe('lines', () => {
  const widthOf = (text: string): number => Array.from(text).length;

  test('break between words and keep punctuation with the word before', () => {
    expect(breakLines('one, two three', 8, 3, widthOf)).toEqual(['one, two', 'three']);
    expect(breakLines('', 8, 3, widthOf)).toEqual([]);
  });

  test('end with an ellipsis where the text goes on', () => {
    expect(breakLines('one two three four', 8, 2, widthOf)).toEqual(['one two', 'three f…']);
  });

  test('break within a word that is wider than a line, never within a letter', () => {
    expect(breakLines('abcdefghij', 4, 3, widthOf)).toEqual(['abcd', 'efgh', 'ij']);
    expect(breakLines('👩‍👩‍👧👩‍👩‍👧', 1, 2, widthOf)).toEqual(['👩‍👩‍👧', '…']);
  });

  test('have no control characters and nothing that turns text', () => {
    expect(plainText('  a\n\tb\u202ec\0 ')).toBe('a b c');
  });
});

describe('runs', () => {
  const drawn = (line: string): string[] => visualRuns(line, directionOf(line), () => null).map(({ text }) => text);

  test('of mixed text are in the order in which they are seen', () => {
    expect(drawn('ab גד 12').join('')).toBe('ab 12 דג');
    expect(directionOf('12 אב')).toBe('rtl');
    expect(drawn('אב (12)').join('')).toBe('(12) בא');
  });
});
