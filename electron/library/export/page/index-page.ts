import { createHash } from 'node:crypto';
import type { ListedImage } from './images-csv.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';

/** An image as the page of a ZIP has it: a line of JSON. */
export function pageLine({ record, file, thumbnail, sidecar }: ListedImage): string {
  const { prompt, model, width, height, note, tags, collections, marks, createdAt } = record;
  const image = {
    file,
    thumbnail,
    record: sidecar,
    created: createdAt,
    prompt,
    model,
    width,
    height,
    rating: marks.rating,
    favourite: marks.favourite,
    rejected: marks.rejected,
    tags: tags.map(({ path }) => path),
    collections: collections.map(({ name }) => name),
    note,
  };
  // Nothing in it can end the script element that it is in.
  return `${JSON.stringify(image).replaceAll('<', String.raw`\u003c`)}\n`;
}

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Only the ZIP's own files, and the script and style below. `file:` is where the page is after unpacking. */
const POLICY = [
  "default-src 'none'",
  "img-src 'self' file:",
  `script-src ${sourceOf(PAGE_SCRIPT)}`,
  `style-src ${sourceOf(PAGE_STYLE)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const HEAD = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Images</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>Images</h1>
<input id="search" type="search" placeholder="Search prompts, tags, notes, models" aria-label="Search" autocomplete="off" spellcheck="false">
<p id="count" role="status"></p>
</header>
<main id="images"></main>
<dialog id="image" aria-label="Image">
<a id="full"><img id="large" alt=""></a>
<dl id="facts"></dl>
<p><button id="previous" type="button">Previous</button> <button id="next" type="button">Next</button> <button id="close" type="button">Close</button></p>
</dialog>
<noscript><p>This page needs JavaScript. The images are in the folder “images”; images.csv lists them.</p></noscript>
<script id="data" type="application/json">
`;
const TAIL = `</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;

/** Bytes of the page beside its lines. */
export const PAGE_FRAME_BYTES = Buffer.byteLength(HEAD + TAIL);

/** The page that shows a ZIP's images without a program or a network. @param lines those of all images */
export async function* indexPage(lines: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from(HEAD);
  yield* lines;
  yield Buffer.from(TAIL);
}
