import type { FileTexts } from '../../contract/entities/imports.ts';

/** What a page shows of a file's metadata: workflows reach megabytes. The file itself keeps everything. */
const MAX_TEXTS = 200;
const MAX_TEXT = 20_000;

/** A file's texts, shortened for the screen. */
export function shownTexts({ texts, cut }: FileTexts): FileTexts {
  const isShort = texts.length <= MAX_TEXTS && texts.every(({ text }) => text.length <= MAX_TEXT);
  const shown = texts.slice(0, MAX_TEXTS).map(({ name, text }) => ({
    name: name.slice(0, MAX_TEXT).toWellFormed(),
    text: text.slice(0, MAX_TEXT).toWellFormed(),
  }));
  return { texts: shown, cut: cut || !isShort };
}
