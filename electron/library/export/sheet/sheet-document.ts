import PDFDocument from 'pdfkit';
import type { Sheet } from '../../../contract/entities/exports.ts';
import {
  SHEET_TEXT,
  sheetLayout,
  type Box,
  type SheetCell,
  type SheetLayout,
} from '../../../contract/rules/sheet-layout.ts';
import type { Fonts } from './fonts.ts';
import { SheetText } from './sheet-text.ts';

/** What is below an image. */
export interface Caption {
  name: string;
  /** '' for none. */
  prompt: string;
}

const LINE_COLOUR = '#c8c8c8';

/** A contact sheet that is drawn image by image. Its bytes are passed on with each; nothing of earlier pages is kept but where they are. */
export class SheetDocument {
  readonly #sheet: Sheet;
  readonly #layout: SheetLayout;
  readonly #pdf: PDFKit.PDFDocument;
  readonly #text: SheetText;
  readonly #write: (data: Buffer) => Promise<void>;
  #cells = 0;
  /** Images in whose caption something couldn't be drawn: no font has it. */
  undrawn = 0;

  constructor(sheet: Sheet, fonts: Fonts, write: (data: Buffer) => Promise<void>, signal: AbortSignal) {
    this.#sheet = sheet;
    this.#write = write;
    this.#layout = sheetLayout(sheet);
    this.#pdf = new PDFDocument({
      autoFirstPage: false,
      // No standard font: they have Western European letters only.
      font: '',
      fontLayoutCache: false,
      info: { Title: sheet.title.trim() || 'Contact sheet', Creator: 'Emulsion', Producer: 'Emulsion' },
      margin: 0,
      pdfVersion: '1.5',
      size: [this.#layout.width, this.#layout.height],
    });
    this.#text = new SheetText(this.#pdf, fonts, signal);
  }

  get pages(): number {
    return Math.ceil(this.#cells / this.#layout.cells.length);
  }

  /** Where the next image will be: all are of one size. */
  get imageBox(): Box {
    return this.#layout.cells[0]?.image ?? { left: 0, top: 0, width: 0, height: 0 };
  }

  /** @param size of the JPEG, in pixels */
  async addImage(jpeg: Buffer, size: { width: number; height: number }, caption: Caption): Promise<void> {
    const { image, caption: box } = await this.#nextCell();
    const scale = Math.min(image.width / size.width, image.height / size.height);
    const [width, height] = [size.width * scale, size.height * scale];
    const left = image.left + (image.width - width) / 2;
    const top = image.top + (image.height - height) / 2;
    // Where an image is white, its edge is seen too.
    this.#pdf.lineWidth(0.5).strokeColor(LINE_COLOUR).rect(left, top, width, height).stroke();
    this.#pdf.image(jpeg, left, top, { width, height });
    await this.#addCaption(box, caption);
    await this.#pass();
  }

  /** An empty frame where an image can't be shown, with its name and why. */
  async addFrame(reason: string, caption: Caption): Promise<void> {
    const { image, caption: box } = await this.#nextCell();
    this.#pdf.lineWidth(0.5).strokeColor(LINE_COLOUR).dash(3, { space: 2 });
    this.#pdf.rect(image.left, image.top, image.width, image.height).stroke().undash();
    const inside = { left: image.left + 4, top: image.top + 4, width: image.width - 8, height: image.height - 8 };
    const lines = Math.max(1, Math.floor(inside.height / SHEET_TEXT.line));
    const isNamed = box.height > 0;
    await this.#text.draw(isNamed ? reason : `${caption.name}: ${reason}`, inside, { size: SHEET_TEXT.caption, lines });
    await this.#addCaption(box, caption);
    await this.#pass();
  }

  /** Writes the fonts and what a PDF ends with. */
  async end(): Promise<void> {
    this.#pdf.end();
    await this.#pass();
  }

  async #nextCell(): Promise<SheetCell> {
    const { cells } = this.#layout;
    const index = this.#cells % cells.length;
    if (index === 0) await this.#addPage();
    this.#cells += 1;
    const cell = cells[index];
    if (!cell) throw new Error('A page without cells.');
    return cell;
  }

  async #addPage(): Promise<void> {
    const { title, number } = this.#layout;
    this.#pdf.addPage();
    if (title) await this.#text.draw(this.#sheet.title, title, { size: SHEET_TEXT.title, lines: 1 });
    const page = String(Math.floor(this.#cells / this.#layout.cells.length) + 1);
    await this.#text.draw(page, number, { size: SHEET_TEXT.caption, lines: 1, colour: '#666666', atEnd: true });
  }

  async #addCaption(box: Box, { name, prompt }: Caption): Promise<void> {
    const lines = Math.floor(box.height / SHEET_TEXT.line);
    if (lines === 0) return;
    const isNamed = await this.#text.draw(name, box, { size: SHEET_TEXT.caption, lines: 1 });
    const below = { ...box, top: box.top + SHEET_TEXT.line, height: box.height - SHEET_TEXT.line };
    const style = { size: SHEET_TEXT.caption, lines: lines - 1, colour: '#666666' };
    const isPrompted = lines === 1 || (await this.#text.draw(prompt, below, style));
    if (!isNamed || !isPrompted) this.undrawn += 1;
  }

  /** Passes on what was drawn. */
  async #pass(): Promise<void> {
    for (let data = this.#read(); data !== null; data = this.#read()) await this.#write(data);
  }

  #read(): Buffer | null {
    return this.#pdf.read() as Buffer | null;
  }
}
