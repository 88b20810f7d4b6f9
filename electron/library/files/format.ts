import { open } from 'node:fs/promises';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { isSvg } from '../svg/svg-root.ts';

/** Bytes at a file's beginning that tell its format. */
export const SNIFFED_BYTES = 4096;

/** The format by a file's first bytes; `bin` if they aren't known. The server's content type isn't used: servers mislabel files. */
export async function sniffFormat(path: string): Promise<FileFormat> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    return formatOfHead(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/** The format by a file's first {@link SNIFFED_BYTES}. */
export function formatOfHead(head: Buffer): FileFormat {
  return imageFormatOf(head) ?? textFormatOf(head);
}

const SIGNATURES: readonly (readonly [RegExp, FileFormat])[] = [
  [/^\x89PNG\r\n\x1a\n/u, 'png'],
  [/^\xff\xd8\xff/u, 'jpeg'],
  [/^RIFF.{4}WEBP/su, 'webp'],
  [/^GIF8[79]a/u, 'gif'],
  [/^(?:\xff\x0a|\0\0\0\x0cJXL )/u, 'jxl'],
  [/^(?:II[*+]\0|MM\0[*+])/u, 'tiff'],
  // The length of the second header tells a bitmap from a text that begins with these letters.
  [/^BM.{12}[\x0c(\x40\x6c\x7c\x34\x38]\0\0\0/su, 'bmp'],
  [/^\0\0\x01\0[\x01-\xff]\0/u, 'ico'],
  [/^%PDF-/u, 'pdf'],
];

function imageFormatOf(head: Buffer): FileFormat | null {
  const latin = head.toString('latin1');
  return SIGNATURES.find(([signature]) => signature.test(latin))?.[1] ?? heifFormatOf(latin);
}

/** The brands of an ISO base media file (ISO 14496-12, 4.3) that holds a still image. */
function heifFormatOf(latin: string): FileFormat | null {
  if (!latin.startsWith('ftyp', 4)) return null;
  const length = (latin.charCodeAt(2) << 8) + latin.charCodeAt(3);
  const brands = latin.slice(8, Math.min(length, 256));
  if (/avi[fs]/u.test(brands)) return 'avif';
  return /hei[cxms]|hev[cx]|mif1|msf1/u.test(brands) ? 'heic' : null;
}

/** The format of what is no known image: text of some kind, or `bin`. */
function textFormatOf(head: Buffer): FileFormat {
  const text = head.toString('utf8');
  if (isSvg(text)) return 'svg';
  const start = text.slice(0, 1000).trimStart();
  if (start === '' || Array.from(text.slice(0, 1000)).some(isBinary)) return 'bin';
  if (/^(?:<!doctype\s+html|<html|<head|<body)\b/iu.test(start)) return 'html';
  return /^[[{]/u.test(start) ? 'json' : 'text';
}

/** Control characters other than white space, and bytes that aren't UTF-8. */
const isBinary = (character: string): boolean =>
  character === '\uFFFD' || (character < ' ' && !['\n', '\r', '\t', '\f'].includes(character));
