import { open } from 'node:fs/promises';
import { readAt } from './metadata/metadata-block.ts';

/** Whether a still WebP is compressed without loss (RFC 9649, 2.6). */
export async function isLosslessWebp(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for (let at = 12, count = 0; at + 8 <= size && count < 1000; count += 1) {
      const chunk = await readAt(file, at, 8);
      const type = chunk.toString('latin1', 0, 4);
      if (type === 'VP8L') return true;
      if (type === 'VP8 ' || type === 'ANMF') return false;
      const length = chunk.readUInt32LE(4);
      at += 8 + length + (length % 2);
    }
    return false;
  } finally {
    await file.close();
  }
}
