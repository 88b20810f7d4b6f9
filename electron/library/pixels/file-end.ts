import { open } from 'node:fs/promises';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { hasGifEnd } from './count-frames.ts';

/** Bytes after an image's end that may be padding. */
const TAIL_BYTES = 4096;

/** Whether an image that can't be decoded is cut off: its format's end isn't there, or it is shorter than it says. */
export async function isCutOff(path: string, format: FileFormat): Promise<boolean> {
  if (format === 'gif') return !(await hasGifEnd(path));
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = await readAt(0, Math.min(size, 16));
    const tail = await readAt(Math.max(0, size - TAIL_BYTES), Math.min(size, TAIL_BYTES));
    return isShort(format, size, head, tail);
  } finally {
    await file.close();
  }

  async function readAt(position: number, bytes: number): Promise<Buffer> {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, position);
    return buffer.subarray(0, bytesRead);
  }
}

function isShort(format: FileFormat, size: number, head: Buffer, tail: Buffer): boolean {
  switch (format) {
    case 'png':
      return !tail.includes('IEND', 0, 'latin1');
    case 'jpeg':
      return !tail.includes(Buffer.from([0xff, 0xd9]));
    case 'webp':
      return head.length < 12 || size < head.readUInt32LE(4) + 8;
    case 'svg':
      return !/<\/(?:[\w-]{1,40}:)?svg\s*>|\/>\s*$/u.test(tail.toString('utf8'));
    default:
      return false;
  }
}
