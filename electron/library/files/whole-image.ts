import { open, type FileHandle } from 'node:fs/promises';
import type { OutputFormat } from '../../contract/catalogue/parameters.ts';
import { sniffFormat } from './format.ts';

/** Bytes at the end of a file in which its format's last part is looked for. */
const TAIL_BYTES = 4096;

/**
 * The format of a file that holds an image to its last byte, judged by the mark that ends each format; null for the beginning of an image
 * and for anything else.
 */
export async function wholeImageFormat(path: string): Promise<OutputFormat | null> {
  const format = await sniffFormat(path);
  if (format === null) return null;
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = await readAt(file, 0, 12);
    const tail = await readAt(file, Math.max(0, size - TAIL_BYTES), TAIL_BYTES);
    return isEnded(format, { size, head, tail }) ? format : null;
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function isEnded(format: OutputFormat, { size, head, tail }: { size: number; head: Buffer; tail: Buffer }): boolean {
  switch (format) {
    // Servers append bytes to some of these (a GIF's comment, a camera's second JPEG), so the mark may come before the end.
    case 'png':
      return tail.includes('IEND');
    case 'jpeg':
      return tail.includes(Buffer.from([0xff, 0xd9]));
    case 'gif':
      return tail.includes(0x3b) && tail.lastIndexOf(0x3b) >= tail.length - 2;
    case 'webp':
      return head.readUInt32LE(4) + 8 <= size;
    case 'svg':
      return /<\/(?:[\w.-]+:)?svg\s*>\s*(?:<!--[\s\S]*-->\s*)?$/u.test(tail.toString('utf8')) || isEmptyRoot(tail);
  }
}

/** A drawing that is a single empty element. */
function isEmptyRoot(tail: Buffer): boolean {
  return /<svg[^>]*\/>\s*$/u.test(tail.toString('utf8'));
}
