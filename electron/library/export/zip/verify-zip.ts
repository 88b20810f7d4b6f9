import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { openPromise, type Entry } from 'yauzl';
import { PART_BYTES, readParts } from '../../../disk/read-parts.ts';
import type { WrittenEntry } from './zip-writer.ts';

/**
 * Reads a whole ZIP and compares it with what was written: names in their order, sizes, and the SHA-256 of every file.
 * @param step called before each file
 * @returns what is wrong, as a sentence for the log; null: nothing
 * @throws the system's error; what `step` throws
 */
export async function verifyZip(
  path: string,
  written: readonly WrittenEntry[],
  step: (name: string, done: number) => Promise<void>,
): Promise<string | null> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  const file = await open(path, 'r');
  const buffer = Buffer.allocUnsafe(PART_BYTES);
  /** Stored content is read into one buffer: it is most of a ZIP. */
  const contentOf = async (entry: Entry): Promise<AsyncIterable<Buffer>> => {
    // It throws where the size is another one.
    if (entry.compressionMethod !== 0) return (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>;
    const start = await contentStart(file, entry.relativeOffsetOfLocalHeader);
    return readParts(file, buffer, start, start + entry.compressedSize);
  };
  try {
    let done = 0;
    for await (const entry of zip.eachEntry()) {
      const expected = written[done];
      if (expected?.name !== entry.fileName) return `${entry.fileName} is in place of ${expected?.name ?? 'nothing'}.`;
      await step(entry.fileName, done);
      const hash = createHash('sha256');
      for await (const part of await contentOf(entry)) hash.update(part);
      if (hash.digest('base64') !== expected.sha256) return `${entry.fileName} was changed.`;
      done += 1;
    }
    return done === written.length ? null : `${written.length - done} files are missing.`;
  } finally {
    zip.close();
    await file.close();
  }
}

const LOCAL_BYTES = 30;

/** Behind a file's own header, its name and its extra fields (APPNOTE 4.3.7). */
async function contentStart(file: FileHandle, header: number): Promise<number> {
  const { buffer } = await file.read(Buffer.alloc(LOCAL_BYTES), 0, LOCAL_BYTES, header);
  if (buffer.readUInt32LE(0) !== 0x04034b50) throw new Error('A file’s header is missing.');
  return header + LOCAL_BYTES + buffer.readUInt16LE(26) + buffer.readUInt16LE(28);
}
