import type { FileHandle } from 'node:fs/promises';

/** The size of a buffer for {@link readParts}. */
export const PART_BYTES = 1024 * 1024;

/**
 * Bytes of a file, as views of one buffer: each is valid until the next is asked for. Large files read so don't leave garbage outside of the
 * heap, which is collected late.
 * @param to where it ends; the file's end, if that comes first
 */
export async function* readParts(
  file: FileHandle,
  buffer: Buffer,
  from = 0,
  to = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Buffer> {
  for (let position = from; position < to;) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, to - position), position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
