import bidiFactory from 'bidi-js';
import type { DrawingFont } from './fonts.ts';
import { graphemesOf } from './text-lines.ts';

const bidi = bidiFactory();
/** Letters that a font's layout itself puts from right to left. */
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

export type Direction = 'ltr' | 'rtl';

/** A piece of a line in one font and direction. */
export interface VisualRun {
  text: string;
  /** Null: no font has it. Then it is one grapheme. */
  font: DrawingFont | null;
}

/** The direction of a paragraph: that of its first letter that has one. */
export function directionOf(text: string): Direction {
  return (bidi.getEmbeddingLevels(text, 'auto').paragraphs[0]?.level ?? 0) % 2 === 1 ? 'rtl' : 'ltr';
}

/** A line's pieces in the order in which they are drawn, from left to right. */
export function visualRuns(
  line: string,
  direction: Direction,
  fontOf: (grapheme: string) => DrawingFont | null,
): VisualRun[] {
  const { levels } = bidi.getEmbeddingLevels(line, direction);
  const mirrored = bidi.getMirroredCharactersMap(line, levels);
  const runs: (VisualRun & { level: number })[] = [];
  let at = 0;
  for (const grapheme of graphemesOf(line)) {
    const level = levels[at] ?? 0;
    const text = mirrored.get(at) ?? grapheme;
    at += grapheme.length;
    const font = fontOf(grapheme);
    const last = runs.at(-1);
    if (last && font && last.font === font && last.level === level) last.text += text;
    else runs.push({ text, font, level });
  }
  return reordered(runs).map(({ text, font, level }) => ({ text: level % 2 === 1 ? turned(text) : text, font }));
}

/** Rule L2 of the Unicode bidirectional algorithm, for runs. */
function reordered<T extends { level: number }>(runs: readonly T[]): T[] {
  const ordered = [...runs];
  const highest = Math.max(0, ...runs.map(({ level }) => level));
  for (let level = highest; level > 0; level -= 1) {
    for (let from = 0; from < ordered.length; from += 1) {
      let to = from;
      while ((ordered[to]?.level ?? -1) >= level) to += 1;
      if (to > from) ordered.splice(from, to - from, ...ordered.slice(from, to).reverse());
      from = to;
    }
  }
  return ordered;
}

/** Signs between right-to-left letters are drawn from left to right, so they are turned here. */
function turned(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? text : graphemesOf(text).reverse().join('');
}
