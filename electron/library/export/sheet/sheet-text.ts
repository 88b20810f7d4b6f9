import type { Box } from '../../../contract/rules/sheet-layout.ts';
import { SHEET_TEXT } from '../../../contract/rules/sheet-layout.ts';
import type { DrawingFont, Fonts } from './fonts.ts';
import { breakLines, ELLIPSIS, graphemesOf, plainText } from './text-lines.ts';
import { directionOf, visualRuns, type Direction, type VisualRun } from './visual-runs.ts';

interface Style {
  /** In points. */
  size: number;
  /** At most. */
  lines: number;
  colour?: string;
  /** At the line's end, not at its beginning. */
  atEnd?: boolean;
}

/** What is drawn for a grapheme that no font has. Readers that know ActualText find and copy it as what it stands for. */
const BOX = '□';

/** Draws text of any script into a PDF. */
export class SheetText {
  readonly #pdf: PDFKit.PDFDocument;
  readonly #fonts: Fonts;
  readonly #signal: AbortSignal;
  readonly #registered = new Set<string>();

  constructor(pdf: PDFKit.PDFDocument, fonts: Fonts, signal: AbortSignal) {
    this.#pdf = pdf;
    this.#fonts = fonts;
    this.#signal = signal;
  }

  /** Draws the beginning of a text into a box. @returns whether there are fonts for all of it. @throws the signal's reason */
  async draw(text: string, box: Box, { size, lines, colour = '#1a1a1a', atEnd = false }: Style): Promise<boolean> {
    const plain = plainText(text);
    if (plain === '') return true;
    await this.#fonts.prepare([...graphemesOf(plain), ELLIPSIS, BOX], this.#signal);
    const direction = directionOf(plain);
    const runsOf = (line: string): VisualRun[] => visualRuns(line, direction, (one) => this.#fonts.of(one));
    const widthOf = (line: string): number => this.#width(runsOf(line), size);
    const broken = breakLines(plain, box.width, lines, widthOf).map(runsOf);
    this.#pdf.fillColor(colour);
    for (const [index, runs] of broken.entries()) {
      const indent = isAtRight(direction, atEnd) ? box.width - this.#width(runs, size) : 0;
      const baseline = box.top + index * Math.max(SHEET_TEXT.line, size * 1.2) + size;
      this.#drawLine(runs, { left: box.left + indent, baseline, size });
    }
    return broken.every((runs) => runs.every(({ font }) => font));
  }

  #drawLine(runs: readonly VisualRun[], at: { left: number; baseline: number; size: number }): void {
    let { left } = at;
    for (const run of runs) {
      const { font, text } = this.#drawn(run);
      this.#pdf.font(this.#registeredKey(font), at.size);
      if (!run.font) this.#pdf.markContent('Span', { actual: run.text });
      this.#pdf.text(text, left, at.baseline, { lineBreak: false, baseline: 'alphabetic', features: [] });
      if (!run.font) this.#pdf.endMarkedContent();
      left += widthOfRun(font, text, at.size);
    }
  }

  #width(runs: readonly VisualRun[], size: number): number {
    return runs.reduce((sum, run) => {
      const { font, text } = this.#drawn(run);
      return sum + widthOfRun(font, text, size);
    }, 0);
  }

  #drawn({ font, text }: VisualRun): { font: DrawingFont; text: string } {
    if (font) return { font, text };
    const boxes = this.#fonts.of(BOX);
    if (!boxes) throw new Error('The font that comes with Emulsion has no box.');
    return { font: boxes, text: BOX };
  }

  /** pdfkit knows a font by a name once it was told which one it is. */
  #registeredKey({ key, font }: DrawingFont): string {
    // Its types don't say that it takes a font of fontkit, of which it makes its own otherwise.
    if (!this.#registered.has(key)) this.#pdf.registerFont(key, font as unknown as Uint8Array);
    this.#registered.add(key);
    return key;
  }
}

function isAtRight(direction: Direction, atEnd: boolean): boolean {
  return (direction === 'rtl') !== atEnd;
}

/** In points. */
function widthOfRun({ font }: DrawingFont, text: string, size: number): number {
  return (font.layout(text, []).advanceWidth / font.unitsPerEm) * size;
}
