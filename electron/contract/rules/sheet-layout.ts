import type { Sheet } from '../entities/exports.ts';

/** A place on a page, in points (1/72 inch) from its upper left corner. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where an image and its caption are. */
export interface SheetCell {
  image: Box;
  caption: Box;
}

/** A contact sheet's page, in points. */
export interface SheetLayout {
  width: number;
  height: number;
  /** Null: it has no title. */
  title: Box | null;
  /** By row, from the upper left. */
  cells: SheetCell[];
  /** Of the page's number. */
  number: Box;
}

/** Sizes of text, in points. */
export const SHEET_TEXT = { title: 14, caption: 7, line: 9 } as const;

const PAPERS: Readonly<Record<Sheet['paper'], [short: number, long: number]>> = {
  a4: [595.28, 841.89],
  letter: [612, 792],
};
/** Printers leave about a quarter of an inch; binders need more. */
const MARGIN = 36;
const TITLE_HEIGHT = 26;
const NUMBER_HEIGHT = 18;
const GAP = 12;
/** Between an image and its caption. */
const CAPTION_GAP = 3;
/** Lines of a caption: the name, and with the prompt two more. */
const CAPTION_LINES: Readonly<Record<Sheet['caption'], number>> = { none: 0, name: 1, prompt: 3 };

/** The page of a contact sheet. A caption gets fewer lines where the image would have less than half of its cell. */
export function sheetLayout(sheet: Sheet): SheetLayout {
  const { columns, rows } = sheet;
  const [short, long] = PAPERS[sheet.paper];
  const [width, height] = sheet.orientation === 'portrait' ? [short, long] : [long, short];
  const inner = width - 2 * MARGIN;
  const hasTitle = sheet.title.trim() !== '';
  const top = MARGIN + (hasTitle ? TITLE_HEIGHT : 0);
  const bottom = height - MARGIN - NUMBER_HEIGHT;
  const cell = { width: (inner - GAP * (columns - 1)) / columns, height: (bottom - top - GAP * (rows - 1)) / rows };
  const fitting = Math.floor((cell.height / 2 - CAPTION_GAP) / SHEET_TEXT.line);
  const caption = Math.max(0, Math.min(CAPTION_LINES[sheet.caption], fitting)) * SHEET_TEXT.line;
  const image = cell.height - (caption === 0 ? 0 : caption + CAPTION_GAP);
  const cells = Array.from({ length: columns * rows }, (_, index): SheetCell => {
    const left = MARGIN + (index % columns) * (cell.width + GAP);
    const y = top + Math.floor(index / columns) * (cell.height + GAP);
    return {
      image: { left, top: y, width: cell.width, height: image },
      caption: { left, top: y + cell.height - caption, width: cell.width, height: caption },
    };
  });
  return {
    width,
    height,
    title: hasTitle ? { left: MARGIN, top: MARGIN, width: inner, height: TITLE_HEIGHT } : null,
    cells,
    number: { left: MARGIN, top: height - MARGIN - SHEET_TEXT.line, width: inner, height: SHEET_TEXT.line },
  };
}

/** Number of pages that a contact sheet of so many images has. */
export function sheetPages(images: number, { columns, rows }: Sheet): number {
  return Math.ceil(images / (columns * rows));
}

/** What fits a printer's 300 dots per inch, and what nobody sees any more. */
const PIXELS_PER_POINT = 300 / 72;
const MAX_PIXELS = 800;

/** The most pixels that an image of the sheet is stored with. */
export function sheetPixels({ width, height }: Box): { width: number; height: number } {
  const pixels = (points: number): number => Math.max(1, Math.min(MAX_PIXELS, Math.round(points * PIXELS_PER_POINT)));
  return { width: pixels(width), height: pixels(height) };
}
