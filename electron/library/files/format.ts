import { open } from 'node:fs/promises';
import type { OutputFormat } from '../../contract/catalogue/parameters.ts';
import { isSvg } from '../svg/svg-root.ts';

export const MEDIA_TYPES: Readonly<Record<OutputFormat, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  svg: 'image/svg+xml',
};

const SNIFFED_BYTES = 4096;

/** The format by a file's first bytes, or null. The server's content type isn't used: servers mislabel files. */
export async function sniffFormat(path: string): Promise<OutputFormat | null> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    return formatOf(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/** The format by a file's first bytes. */
function formatOf(head: Buffer): OutputFormat | null {
  const ascii = head.toString('latin1');
  if (ascii.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (ascii.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (ascii.startsWith('RIFF') && ascii.startsWith('WEBP', 8)) return 'webp';
  if (/^GIF8[79]a/u.test(ascii)) return 'gif';
  return isSvg(head.toString('utf8')) ? 'svg' : null;
}
