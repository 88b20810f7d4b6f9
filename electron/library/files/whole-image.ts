import { open, type FileHandle } from 'node:fs/promises';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { FORMATS, type OutputFormat } from '../../contract/catalogue/parameters.ts';
import { sniffFormat } from './format.ts';

/** Bytes at the end of a file in which its format's last part is looked for. */
const TAIL_BYTES = 4096;

/**
 * Whether a file has an image to its last byte, judged by the mark that ends its format.
 * @param complete whether the file was closed when all had arrived: then it is believed where a format has no such mark
 */
export async function isWholeImage(path: string, complete: boolean): Promise<boolean> {
  const format = await sniffFormat(path);
  if (!isMarked(format)) return complete;
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = await readAt(file, 0, 12);
    const tail = await readAt(file, Math.max(0, size - TAIL_BYTES), TAIL_BYTES);
    return isEnded(format, { size, head, tail });
  } finally {
    await file.close();
  }
}

const isMarked = (format: FileFormat): format is OutputFormat => FORMATS.some((marked) => marked === format);

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

/** Bytes of a bitmap's headers that are read. */
const BITMAP_HEAD = 54;

/** Whether a bitmap has all the rows that its header states. No decoder here reads one. */
export async function isWholeBitmap(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = await readAt(file, 0, BITMAP_HEAD);
    // OS/2's short header has no sizes of rows worth checking.
    if (head.length >= 26 && head.readUInt32LE(14) === 12) return true;
    if (head.length < BITMAP_HEAD) return false;
    const [width, height, bits] = [head.readInt32LE(18), Math.abs(head.readInt32LE(22)), head.readUInt16LE(28)];
    const isPacked = ![0, 3, 6].includes(head.readUInt32LE(30));
    const pixels = isPacked ? head.readUInt32LE(34) : Math.ceil((width * bits) / 32) * 4 * height;
    return width > 0 && height > 0 && size >= head.readUInt32LE(10) + pixels;
  } finally {
    await file.close();
  }
}
