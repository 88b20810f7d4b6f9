const IMAGE_FILE = /\.(?:png|jpe?g|webp|gif|avif|svg|bmp|tiff?|heic|jxl)(?:[?#].*)?$/iu;

/** Whether an address or a name is that of an image file. */
export const isImageFile = (name: string): boolean => IMAGE_FILE.test(name);

/** Of a text; no answer has more. */
const MAX_IMAGES = 64;
/** Levels of JSON in JSON. */
const MAX_LEVELS = 4;
const FENCE = /^```[a-z]{0,10}\s+([\s\S]*?)\s*```$/iu;
/** Markdown and HTML images. The counts keep the search linear. */
const IMAGES =
  /!\[[^\][]{0,200}\]\(\s{0,5}<?([^\s()<>"']{1,4000})|<img\s(?:[^<>]{0,300}\s)?src\s?=\s?["']?([^\s<>"']{1,4000})/giu;

/** The object or list that a text is the JSON of, encoded once or several times, in a Markdown fence or not; null for any other text. */
export function jsonInText(text: string): unknown {
  let value: unknown = text;
  for (let level = 0; level < MAX_LEVELS && typeof value === 'string'; level += 1) value = parsed(value.trim());
  return typeof value === 'object' ? value : null;
}

function parsed(text: string): unknown {
  const json = text.startsWith('```') ? (FENCE.exec(text)?.[1] ?? '') : text;
  if (!/^[{["]/u.test(json)) return null;
  try {
    return JSON.parse(json);
  } catch {
    // A sentence that begins like JSON.
    return null;
  }
}

/**
 * What stands in a text for its images: addresses of Markdown and HTML images, or the text itself if it is the address of a file; placeholders of
 * images that the text held. Other addresses, such as links, are none.
 * @param placeholder beginning of every placeholder
 */
export function imagesInText(text: string, placeholder: string): string[] {
  if (/^\s*https?:\/\/\S+\s*$/iu.test(text)) return isImageFile(text.trim()) ? [text.trim()] : [];
  const pieces = text.split(placeholder).slice(1, MAX_IMAGES);
  const held = pieces.map((piece) => placeholder + (/^\d+/u.exec(piece)?.[0] ?? ''));
  const shown: string[] = [];
  for (const [, markdown = '', html = ''] of text.matchAll(IMAGES)) {
    if (shown.push(markdown + html) === MAX_IMAGES) break;
  }
  return [...held, ...shown.filter((address) => /^(?:https?:\/)?\/./iu.test(address))];
}
