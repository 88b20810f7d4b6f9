import { open } from 'node:fs/promises';
import { PART_BYTES, readParts } from '../../disk/read-parts.ts';

/** A file's bytes; each part is valid until the next. @throws the system's error */
export async function* readFileParts(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  const buffer = spare.pop() ?? Buffer.allocUnsafe(PART_BYTES);
  try {
    yield* readParts(file, buffer);
  } finally {
    spare.push(buffer);
    await file.close();
  }
}
/** Buffers that nobody reads into: as many as were needed at the same time. */
const spare: Buffer[] = [];
