import { inflateSync } from 'node:zlib';
import { decodeText } from './decode-text.ts';

/** A text of an image file, by the name of the chunk or field that holds it. */
export interface NamedText {
  name: string;
  text: string;
}

/**
 * The text of a PNG's tEXt, zTXt or iTXt chunk (PNG Third Edition, 11.3.3). Null: it is damaged, or longer than `max` bytes when it is
 * decompressed.
 */
export function readPngText(content: Buffer, type: string, max: number): NamedText | null {
  const end = content.indexOf(0);
  if (end < 1) return null;
  const bytes = textBytes(content, type, end, max);
  if (!bytes) return null;
  const text = type === 'iTXt' ? bytes.toString('utf8') : decodeText(bytes);
  return { name: content.toString('latin1', 0, end), text };
}

function textBytes(content: Buffer, type: string, end: number, max: number): Buffer | null {
  if (type === 'tEXt') return content.subarray(end + 1);
  if (type === 'zTXt') return inflate(content.subarray(end + 2), max);
  const afterLanguage = content.indexOf(0, end + 3);
  const afterKeyword = content.indexOf(0, afterLanguage + 1);
  if (afterLanguage === -1 || afterKeyword === -1) return null;
  const text = content.subarray(afterKeyword + 1);
  return content[end + 1] === 1 ? inflate(text, max) : text;
}

function inflate(data: Buffer, max: number): Buffer | null {
  try {
    return inflateSync(data, { maxOutputLength: max });
  } catch {
    return null;
  }
}
