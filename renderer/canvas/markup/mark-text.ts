import type { Rect } from '../../stage/geometry.ts';
import type { MarkOf } from './mark-kinds.ts';

/** Line height and first baseline in font sizes, as browsers lay out Inter. */
export const LINE = 1.24;
export const BASELINE = 0.984;
export const WEIGHT = 600;
const FAMILY = "'Inter', system-ui, sans-serif";

/** A CSS font; `size` in pixels. */
export function fontOf(size: number): string {
  return `${WEIGHT} ${size}px ${FAMILY}`;
}

export function linesOf({ text }: Pick<MarkOf<'text'>, 'text'>): string[] {
  return text.split('\n');
}

let ruler: OffscreenCanvasRenderingContext2D | null = null;

/** The width of a line, image pixels. */
export function lineWidth(line: string, size: number): number {
  ruler ??= new OffscreenCanvas(1, 1).getContext('2d');
  if (!ruler) return line.length * size * 0.6;
  ruler.font = fontOf(size);
  return ruler.measureText(line).width;
}

/** The bounding box of a text, image pixels. */
export function textBounds(mark: Pick<MarkOf<'text'>, 'at' | 'text' | 'size'>): Rect {
  const lines = linesOf(mark);
  const width = Math.max(...lines.map((line) => lineWidth(line, mark.size)));
  return { left: mark.at.x, top: mark.at.y, width, height: lines.length * LINE * mark.size };
}

/** Loads the glyphs of texts, so that none is drawn in a fallback font. */
export async function loadLetters(texts: readonly Pick<MarkOf<'text'>, 'text' | 'size'>[]): Promise<void> {
  await Promise.all(texts.map(({ text, size }) => document.fonts.load(fontOf(size), text)));
}
