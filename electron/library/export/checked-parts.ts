import { createHash } from 'node:crypto';
import type { Source } from './exported-image.ts';
import { readFileParts } from './file-parts.ts';

/** A file's bytes aren't those that were received. */
export class DamagedError extends Error {}

/** A source's bytes; a part is valid until the next. @throws DamagedError at the end; the signal's reason; the system's error */
export async function* checkedParts({ path, sha256 }: Source, signal: AbortSignal): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const part of readFileParts(path)) {
    signal.throwIfAborted();
    hash.update(part);
    yield part;
  }
  if (hash.digest('hex') !== sha256) throw new DamagedError();
}

/** Reads a source to its end. @throws like `checkedParts` */
export async function checkSource(source: Source, signal: AbortSignal): Promise<void> {
  const reader = checkedParts(source, signal);
  while ((await reader.next()).done !== true);
}
