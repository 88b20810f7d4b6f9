import { looksLikePixels, PIXELS_HEAD, type FieldKind } from './answer-shapes.ts';

/** Characters after which it is known what a string is. */
export const MAX_HEAD = 256;

/** The end of a data URL's prefix, whose beginning some servers leave out: `image/png;base64,` or `base64,`. */
const LABEL = /^(?:[a-z]{1,12}\/[a-z0-9.+-]{1,30};\s*)?base64,/iu;

/** Whether more characters may make it one. */
function mayBecomeLabel(text: string): boolean {
  const start = text.toLowerCase();
  const rest = start.replace(/^image\/[a-z0-9.+-]{0,30};\s*/u, '');
  return 'image/'.startsWith(start) || /^image\/[a-z0-9.+-]{0,30}$/u.test(start) || 'base64,'.startsWith(rest);
}

/** Number of characters before a string's base64; `text` when it is not an image, `wait` when more characters are needed. */
export function classifyStart(kind: FieldKind, head: string, ended: boolean): number | 'text' | 'wait' {
  const text = head.trimStart();
  const lead = head.length - text.length;
  const mayGrow = !ended && head.length < MAX_HEAD;
  const start = text.slice(0, 5).toLowerCase();
  if (mayGrow && text.length < 5 && ('data:'.startsWith(start) || 'http'.startsWith(start))) return 'wait';
  if (start === 'data:') {
    const comma = text.indexOf(',');
    if (comma === -1 && mayGrow) return 'wait';
    if (comma !== -1 && /;\s*base64\s*$/iu.test(text.slice(0, comma))) return lead + comma + 1;
    return kind === 'base64' ? 0 : 'text';
  }
  if (start === 'https' || start === 'http:') {
    if (mayGrow && text.length < 6) return 'wait';
    return kind === 'base64' && !/^https?:/iu.test(text) ? lead : 'text';
  }
  if (kind === 'base64') {
    if (mayGrow && mayBecomeLabel(text)) return 'wait';
    return lead + (LABEL.exec(text)?.[0].length ?? 0);
  }
  const found = classifyUnknown(kind, text, mayGrow);
  return found === 'image' ? lead : found;
}

/** The same where neither the name nor a prefix says what the text is. */
function classifyUnknown(kind: FieldKind, text: string, mayGrow: boolean): 'image' | 'text' | 'wait' {
  if (!/^[A-Za-z0-9+/_=\s-]*$/u.test(text)) return 'text';
  if (text.length < PIXELS_HEAD && mayGrow) return 'wait';
  if (looksLikePixels(text)) return 'image';
  if (kind === 'url' || kind === 'text') return 'text';
  if (mayGrow) return 'wait';
  // Longer than any name or address without a dot, and no prose: base64 of an unknown format.
  return text.length >= MAX_HEAD && !/[ \t]/u.test(text) ? 'image' : 'text';
}
