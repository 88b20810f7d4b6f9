import { describe, expect, test } from 'vitest';
import { DEFAULT_SHEET, MAX_SHEET, type Sheet } from '../../../electron/contract/entities/exports.ts';
import { sheetLayout, sheetPages, sheetPixels, type Box } from '../../../electron/contract/rules/sheet-layout.ts';
import fc from '../../fast-check.ts';

const sheets = fc.record<Sheet>({
  paper: fc.constantFrom('a4', 'letter'),
  orientation: fc.constantFrom('portrait', 'landscape'),
  columns: fc.integer({ min: 1, max: MAX_SHEET.columns }),
  rows: fc.integer({ min: 1, max: MAX_SHEET.rows }),
  caption: fc.constantFrom('none', 'name', 'prompt'),
  title: fc.constantFrom('', 'Foxes'),
});

const overlap = (one: Box, other: Box): boolean =>
  one.left < other.left + other.width - 0.01 &&
  other.left < one.left + one.width - 0.01 &&
  one.top < other.top + other.height - 0.01 &&
  other.top < one.top + one.height - 0.01;

describe('the page of a contact sheet', () => {
  test('has everything on the paper, apart from each other, and images that can be seen', () => {
    fc.assert(
      fc.property(sheets, (sheet) => {
        const { width, height, cells, title, number } = sheetLayout(sheet);
        expect(cells).toHaveLength(sheet.columns * sheet.rows);
        expect(title === null).toBe(sheet.title === '');
        expect(width < height).toBe(sheet.orientation === 'portrait');
        const boxes = [...cells.flatMap(({ image, caption }) => [image, caption]), number, ...(title ? [title] : [])];
        for (const box of boxes) {
          expect(box.left).toBeGreaterThan(18);
          expect(box.top).toBeGreaterThan(18);
          expect(box.left + box.width).toBeLessThan(width - 18);
          expect(box.top + box.height).toBeLessThan(height - 18);
        }
        const filled = boxes.filter((box) => box.height > 0);
        for (const [index, box] of filled.entries())
          for (const other of filled.slice(index + 1)) expect(overlap(box, other)).toBe(false);
        for (const { image } of cells) expect(Math.min(image.width, image.height)).toBeGreaterThan(15);
      }),
    );
  });

  test('has room for a name and two lines of the prompt, and fewer lines where images are small', () => {
    const linesOf = (sheet: Partial<Sheet>): number =>
      (sheetLayout({ ...DEFAULT_SHEET, ...sheet }).cells[0]?.caption.height ?? 0) / 9;
    expect(linesOf({ caption: 'none' })).toBe(0);
    expect(linesOf({ caption: 'name' })).toBe(1);
    expect(linesOf({ caption: 'prompt' })).toBe(3);
    expect(linesOf({ caption: 'prompt', rows: 10, orientation: 'landscape' })).toBeLessThan(3);
  });

  test('is one of as many as the images need', () => {
    const sheet = { ...DEFAULT_SHEET, columns: 3, rows: 4 };
    expect([0, 1, 12, 13, 48].map((images) => sheetPages(images, sheet))).toEqual([0, 1, 1, 2, 4]);
  });

  test('stores images with 300 dots per inch, at most 800 pixels', () => {
    expect(sheetPixels({ left: 0, top: 0, width: 72, height: 36 })).toEqual({ width: 300, height: 150 });
    expect(sheetPixels({ left: 0, top: 0, width: 500, height: 700 })).toEqual({ width: 800, height: 800 });
  });
});
