import { createHash } from 'node:crypto';
import { openPromise } from 'yauzl';
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
  try {
    let done = 0;
    for await (const entry of zip.eachEntry()) {
      const expected = written[done];
      if (expected?.name !== entry.fileName) return `${entry.fileName} is in place of ${expected?.name ?? 'nothing'}.`;
      await step(entry.fileName, done);
      const hash = createHash('sha256');
      // It throws where the size is another one.
      for await (const part of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) hash.update(part);
      if (hash.digest('base64') !== expected.sha256) return `${entry.fileName} was changed.`;
      done += 1;
    }
    return done === written.length ? null : `${written.length - done} files are missing.`;
  } finally {
    zip.close();
  }
}
