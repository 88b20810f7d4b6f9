import { readFile, stat } from 'node:fs/promises';
import { create, type Font, type FontCollection } from 'fontkit';
import { bundledFonts, systemFontFiles } from './font-files.ts';

/** A font that text is drawn with. */
export interface DrawingFont {
  /** Unique among those of one sheet. */
  readonly key: string;
  readonly font: Font;
}

/**
 * A font that was opened. It is looked into by `probe`: reading an outline makes the glyphs that it is composed of known without their characters, and text
 * that is drawn with such glyphs can't be found in the PDF.
 */
interface Opened {
  drawing: DrawingFont;
  probe: Font;
}

/** A font's file and what it has; the font itself is read again where it is needed, since all of them together are large. */
interface Face {
  path: string;
  codePoints: ReadonlySet<number>;
}

/** Larger ones have pictures, not letters. */
const MAX_FONT_BYTES = 100_000_000;

/** Joiners and variation selectors, which need no glyph. */
const INVISIBLE = /\p{Join_Control}|\p{Variation_Selector}/gu;

/** The fonts that a sheet's text is drawn with: those that come with Emulsion, then this computer's. */
export class Fonts {
  readonly #bundled: readonly DrawingFont[];
  /** By what was looked up: null for what no font has. */
  readonly #found = new Map<string, DrawingFont | null>();
  /** By path; null for those that can't be embedded. */
  readonly #opened = new Map<string, Opened | null>();
  readonly #faces: Face[] = [];
  readonly #files: () => Promise<string[]>;
  #waiting: string[] | null = null;

  private constructor(bundled: readonly DrawingFont[], files: () => Promise<string[]>) {
    this.#bundled = bundled;
    this.#files = files;
  }

  /** @param files of this computer's fonts, in the order in which they are tried */
  static async open(files: () => Promise<string[]> = systemFontFiles): Promise<Fonts> {
    const bundled = await Promise.all(
      bundledFonts().map(async (path): Promise<DrawingFont> => {
        const font = firstOf(await readFile(path));
        if (!font) throw new Error(`${path} can’t be read. Install the application again.`);
        return { key: path, font };
      }),
    );
    return new Fonts(bundled, files);
  }

  /**
   * Looks for fonts of these graphemes, once each.
   * @throws the signal's reason
   */
  async prepare(graphemes: Iterable<string>, signal: AbortSignal): Promise<void> {
    for (const grapheme of graphemes)
      if (!this.#found.has(grapheme)) this.#found.set(grapheme, await this.#find(grapheme, signal));
  }

  /** The font of a grapheme that was prepared; null: no font has it. */
  of(grapheme: string): DrawingFont | null {
    return this.#found.get(grapheme) ?? null;
  }

  async #find(grapheme: string, signal: AbortSignal): Promise<DrawingFont | null> {
    const codePoints = Array.from(grapheme.replace(INVISIBLE, ''), (character) => character.codePointAt(0) ?? 0);
    const bundled = this.#bundled.find(({ font }) => codePoints.every((one) => font.hasGlyphForCodePoint(one)));
    if (bundled) return bundled;
    for (let index = 0; ; index += 1) {
      signal.throwIfAborted();
      const face = this.#faces[index] ?? (await this.#nextFace());
      if (!face) return null;
      if (!codePoints.every((codePoint) => face.codePoints.has(codePoint))) continue;
      const opened = await this.#open(face.path);
      if (opened && canDraw(opened.probe, grapheme, codePoints)) return opened.drawing;
    }
  }

  /** Looks into the next file. Null: there are no more. */
  async #nextFace(): Promise<Face | null> {
    this.#waiting ??= (await this.#files()).reverse();
    const path = this.#waiting.pop();
    if (path === undefined) return null;
    const face = { path, codePoints: codePointsOf(await readFont(path)) };
    this.#faces.push(face);
    return face;
  }

  async #open(path: string): Promise<Opened | null> {
    const known = this.#opened.get(path);
    if (known !== undefined) return known;
    const font = await readFont(path);
    const opened = font && isEmbeddable(font.probe) ? font : null;
    this.#opened.set(path, opened);
    return opened;
  }
}

/** Null: it can't be read, or isn't a font. */
async function readFont(path: string): Promise<Opened | null> {
  try {
    if ((await stat(path)).size > MAX_FONT_BYTES) return null;
    const bytes = await readFile(path);
    const [font, probe] = [firstOf(bytes), firstOf(bytes)];
    return font && probe && { drawing: { key: path, font }, probe };
  } catch {
    return null;
  }
}

/** A file's font, or the first of its collection. @throws Error where it isn't a font */
function firstOf(bytes: Buffer): Font | null {
  const opened: Font | FontCollection = create(bytes);
  return 'fonts' in opened ? (opened.fonts[0] ?? null) : opened;
}

function codePointsOf(opened: Opened | null): ReadonlySet<number> {
  try {
    return new Set(opened?.probe.characterSet);
  } catch {
    return new Set();
  }
}

/** Whether it has outlines for a grapheme: of colour pictures and blanks nothing would be seen. */
function canDraw(font: Font, grapheme: string, codePoints: readonly number[]): boolean {
  try {
    const isSeen = (codePoint: number): boolean => font.glyphForCodePoint(codePoint).path.commands.length > 0;
    const isSpace = (codePoint: number): boolean => /\s/u.test(String.fromCodePoint(codePoint));
    return codePoints.every((one) => isSpace(one) || isSeen(one)) && font.layout(grapheme, []).glyphs.length > 0;
  } catch {
    return false;
  }
}

/** Whether its maker allows it and it works: a font that fails only when the PDF is finished would cost all of it. */
function isEmbeddable(font: Font): boolean {
  try {
    const { noEmbedding, noSubsetting, bitmapOnly } = font['OS/2'].fsType;
    if (noEmbedding || noSubsetting || bitmapOnly) return false;
    const subset = font.createSubset();
    subset.includeGlyph(font.glyphForCodePoint(font.characterSet.at(-1) ?? 0));
    return subset.encode().length > 0;
  } catch {
    return false;
  }
}
